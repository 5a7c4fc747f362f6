import type { Knex } from 'knex';

/** Who applied for an account and who enabled it (R20), and what 本市教師研習中心 did about one of a 總負責人 (R18). */
export const accounts = {
  name: '0014-accounts',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE landing.account_record ADD COLUMN applied_by text, ADD COLUMN enabled_by text;
      ALTER TABLE warehouse.account_version ADD COLUMN applied_by text, ADD COLUMN enabled_by text;

      CREATE TABLE review.account_word (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        exception_id bigint NOT NULL REFERENCES review.exception (id),
        source text NOT NULL,
        source_key text NOT NULL,
        asked text NOT NULL CHECK (asked IN ('開通', '異動', '刪除')),
        account_kind text NOT NULL,
        state text NOT NULL,
        id_hmac bytea,
        holder_name text,
        recorded_by text NOT NULL,
        reason text NOT NULL,
        recorded_at timestamptz NOT NULL
      );
      COMMENT ON TABLE review.account_word IS 'what 本市教師研習中心 did about an account of a 總負責人 (R18), as the bureau recorded it: the account as it is from then on. Superseded by a later word, never changed; it counts while the matter that it answers is open';
      CREATE INDEX account_word_account ON review.account_word (source, source_key, id);
    `);
  },
};
