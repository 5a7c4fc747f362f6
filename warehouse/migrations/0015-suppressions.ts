import type { Knex } from 'knex';

/** Matters that somebody put aside for a while: known, and not to be asked about until a day. */
export const suppressions = {
  name: '0015-suppressions',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE review.suppression (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        exception_id bigint NOT NULL REFERENCES review.exception,
        fingerprint bytea NOT NULL,
        reason text NOT NULL,
        until date NOT NULL,
        set_by text NOT NULL REFERENCES ops.app_user,
        set_at timestamptz NOT NULL
      );
      CREATE INDEX suppression_matter ON review.suppression (fingerprint);
      COMMENT ON TABLE review.suppression IS 'insert-only: a later one of the same matter supersedes, an end stands in review.suppression_end';
      COMMENT ON COLUMN review.suppression.fingerprint IS 'the matter, not the one exception: it stays put aside where it closes and opens again in between';
      COMMENT ON COLUMN review.suppression.until IS 'last day on which it is put aside';
      CREATE TABLE review.suppression_end (
        suppression_id bigint PRIMARY KEY REFERENCES review.suppression,
        ended_by text NOT NULL REFERENCES ops.app_user,
        reason text,
        ended_at timestamptz NOT NULL
      );
      COMMENT ON TABLE review.suppression_end IS 'a suppression that was taken back before its day, or superseded by another one';
    `);
  },
};
