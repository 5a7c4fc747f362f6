import type { Knex } from 'knex';

/** History by policy: up to which moment superseded versions were forgotten, so that whoever asks of an earlier one is told so. */
export const forgottenHistory = {
  name: '0028-forgotten-history',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE ops.history_horizon (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        at timestamptz NOT NULL,
        first_run_id bigint NOT NULL,
        plans_through bigint NOT NULL DEFAULT 0,
        CHECK (plans_through < first_run_id)
      );
      COMMENT ON TABLE ops.history_horizon IS 'what was recorded before it may be forgotten already: it moves first, and only forward';
      COMMENT ON COLUMN ops.history_horizon.at IS 'the earliest moment that is answered; -infinity where nothing was ever forgotten';
      COMMENT ON COLUMN ops.history_horizon.first_run_id IS 'the run whose state stood at that moment: plans of earlier ones are forgotten';
      COMMENT ON COLUMN ops.history_horizon.plans_through IS 'plans of runs up to this one hold no values of people any more';
      INSERT INTO ops.history_horizon (at, first_run_id) VALUES ('-infinity', 1);

      CREATE FUNCTION ops.refuse_horizon_change() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          IF TG_OP = 'UPDATE' AND NEW.at >= OLD.at AND NEW.first_run_id >= OLD.first_run_id AND NEW.plans_through >= OLD.plans_through THEN
            RETURN NEW;
          END IF;
          RAISE EXCEPTION 'what was forgotten does not come back: the horizon only moves forward' USING ERRCODE = 'integrity_constraint_violation';
        END
      $body$;
      CREATE TRIGGER horizon_moves_forward BEFORE UPDATE OR DELETE ON ops.history_horizon FOR EACH ROW EXECUTE FUNCTION ops.refuse_horizon_change();

      ALTER TABLE ops.receipt ALTER COLUMN body DROP NOT NULL;
      COMMENT ON COLUMN ops.receipt.body IS 'null once its time was over and the sender was told something newer; that it was told stays';

      CREATE INDEX institution_version_superseded ON warehouse.institution_version (recorded_to, institution_id) WHERE recorded_to < 'infinity';
      CREATE INDEX person_version_superseded ON warehouse.person_version (recorded_to, person_id) WHERE recorded_to < 'infinity';
      CREATE INDEX assignment_version_superseded ON warehouse.assignment_version (recorded_to, assignment_id) WHERE recorded_to < 'infinity';
    `);
  },
};
