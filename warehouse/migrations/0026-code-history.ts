import type { Knex } from 'knex';

/** Since when a code is known to stand for an institution, and what it stood for before: a snapshot that is made again sees the crosswalk as it was. */
export const codeHistory = {
  name: '0026-code-history',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE FUNCTION warehouse.recorded_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM ops.recorded_clock';
      COMMENT ON FUNCTION warehouse.recorded_now IS 'recorded moment of the apply that goes on, and else of the last one';

      ALTER TABLE warehouse.institution_code ADD COLUMN recorded_from timestamptz NOT NULL DEFAULT '-infinity';
      ALTER TABLE warehouse.institution_code ALTER COLUMN recorded_from SET DEFAULT warehouse.recorded_now();
      COMMENT ON COLUMN warehouse.institution_code.recorded_from IS 'recorded moment from which it is known; -infinity where that was not kept';

      CREATE TABLE warehouse.past_institution_code (
        system text NOT NULL,
        code text NOT NULL,
        section text NOT NULL,
        institution_id bigint NOT NULL REFERENCES warehouse.institution,
        recorded_from timestamptz NOT NULL,
        recorded_to timestamptz NOT NULL,
        PRIMARY KEY (system, code, section, recorded_to),
        CHECK (recorded_from < recorded_to)
      );
      CREATE INDEX past_institution_code_institution ON warehouse.past_institution_code (institution_id);
      COMMENT ON TABLE warehouse.past_institution_code IS 'which institution a code was known to stand for until then';

      CREATE FUNCTION warehouse.keep_past_code() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
          IF OLD.recorded_from < warehouse.recorded_now() AND (TG_OP = 'DELETE' OR NEW.institution_id <> OLD.institution_id) THEN
            INSERT INTO warehouse.past_institution_code (system, code, section, institution_id, recorded_from, recorded_to)
              VALUES (OLD.system, OLD.code, OLD.section, OLD.institution_id, OLD.recorded_from, warehouse.recorded_now());
          END IF;
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          IF NEW.institution_id <> OLD.institution_id THEN NEW.recorded_from = warehouse.recorded_now(); END IF;
          RETURN NEW;
        END
      $body$;
      CREATE TRIGGER past_code_is_kept BEFORE UPDATE OR DELETE ON warehouse.institution_code FOR EACH ROW EXECUTE FUNCTION warehouse.keep_past_code();
    `);
  },
};
