import type { Knex } from 'knex';

/** What a run did can be undone by another run: a new plan, nothing recorded is taken away. */
export const reverts = {
  name: '0016-reverts',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE ops.run DROP CONSTRAINT run_kind_check;
      ALTER TABLE ops.run ADD CONSTRAINT run_kind_check CHECK (kind IN ('nightly', 'manual', 'closing', 'replay', 'decision', 'revert'));
      ALTER TABLE ops.run ADD COLUMN reverts bigint REFERENCES ops.run, ADD COLUMN asked_by text, ADD COLUMN asked_why text;
      ALTER TABLE ops.run ADD CONSTRAINT revert_names_a_run CHECK ((kind = 'revert') = (reverts IS NOT NULL));
      COMMENT ON COLUMN ops.run.reverts IS 'the run whose changes this one undoes';
      COMMENT ON COLUMN ops.run.asked_by IS 'user who decided to undo them; null for a dry run';

      CREATE TABLE ops.revert_conflict (
        run_id bigint NOT NULL REFERENCES ops.run,
        reverts bigint NOT NULL REFERENCES ops.run,
        entity text NOT NULL CHECK (entity IN ('institution', 'person', 'account')),
        entity_id bigint NOT NULL,
        institution_key text NOT NULL,
        field text NOT NULL,
        changed_run_id bigint NOT NULL,
        PRIMARY KEY (run_id, reverts, entity, entity_id, institution_key, field, changed_run_id)
      );
      COMMENT ON TABLE ops.revert_conflict IS 'what a later run built on: nothing of that person, institution or account was undone';

      CREATE TABLE warehouse.withdrawal (
        entity text NOT NULL CHECK (entity IN ('institution', 'person', 'assignment', 'account')),
        entity_id bigint NOT NULL,
        recorded_at timestamptz NOT NULL,
        run_id bigint NOT NULL REFERENCES ops.run,
        PRIMARY KEY (entity, entity_id, recorded_at)
      );
      COMMENT ON TABLE warehouse.withdrawal IS 'what an undone run had brought about: no version stands for it from that moment on, until a source tells of it anew';

      CREATE TABLE warehouse.past_identifier (
        hmac bytea NOT NULL REFERENCES landing.identifier,
        person_id bigint NOT NULL REFERENCES warehouse.person,
        run_id bigint NOT NULL,
        until_run_id bigint NOT NULL REFERENCES ops.run,
        PRIMARY KEY (hmac, run_id)
      );
      CREATE INDEX past_identifier_person ON warehouse.past_identifier (person_id);
      COMMENT ON TABLE warehouse.past_identifier IS 'stood for a person from one run until another that undid it';

      CREATE TABLE landing.reverted_word (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('institution', 'staff', 'account')),
        source text NOT NULL,
        key text NOT NULL,
        hash bytea NOT NULL,
        run_id bigint NOT NULL REFERENCES ops.run,
        lifted_run_id bigint REFERENCES ops.run
      );
      CREATE UNIQUE INDEX reverted_word_standing ON landing.reverted_word (kind, source, key) WHERE lifted_run_id IS NULL;
      COMMENT ON TABLE landing.reverted_word IS 'what a record says and an undone run had taken over: set aside until the record says something else';
    `);
  },
};
