import type { Knex } from 'knex';

/** Courses that business accounts registered, as the files say: an account is deletable only when all of its courses are through (R21). */
export const courses = {
  name: '0009-courses',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE landing.course_record (
        source text NOT NULL,
        key text NOT NULL,
        institution_code text NOT NULL,
        institution_section text,
        course_code text NOT NULL,
        course_name text,
        account_key text NOT NULL,
        account_name text NOT NULL,
        state text NOT NULL,
        ends_on date,
        hash bytea NOT NULL,
        registered_at timestamptz NOT NULL,
        registered_by text NOT NULL CHECK (registered_by IN ('source', 'arrival')),
        object_id bigint NOT NULL REFERENCES landing.object,
        row_no integer NOT NULL,
        run_id bigint NOT NULL,
        missing_since bigint,
        PRIMARY KEY (source, key)
      );
      CREATE INDEX course_record_run ON landing.course_record (run_id);
      CREATE INDEX course_record_account ON landing.course_record (account_key);
      COMMENT ON COLUMN landing.course_record.account_key IS 'key of the account in the account list of the same school';
    `);
  },
};
