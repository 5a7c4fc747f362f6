import type { Knex } from 'knex';

/** What is wrong with rows and values until it is corrected, replays, receipts, and raw objects whose time is over. */
export const quarantine = {
  name: '0008-quarantine',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE landing.quarantine ADD COLUMN severity text NOT NULL DEFAULT 'row' CHECK (severity IN ('row', 'value'));
      COMMENT ON COLUMN landing.quarantine.severity IS 'row: nothing of it was taken; value: the row was, without the values named';
      CREATE INDEX quarantine_open ON landing.quarantine (source) WHERE resolved_run_id IS NULL;

      ALTER TABLE ops.run DROP CONSTRAINT run_kind_check;
      ALTER TABLE ops.run ADD CONSTRAINT run_kind_check CHECK (kind IN ('nightly', 'manual', 'closing', 'replay'));

      ALTER TABLE landing.delivery ADD COLUMN resent_at timestamptz;
      COMMENT ON COLUMN landing.delivery.resent_at IS 'the same bytes came again although a newer picture was landed: told to the sender, nothing changed (I4)';

      CREATE INDEX run_source_source ON ops.run_source (source);
      CREATE TABLE ops.receipt (
        run_id bigint NOT NULL,
        source text NOT NULL,
        fingerprint bytea NOT NULL,
        body jsonb NOT NULL,
        file text,
        PRIMARY KEY (run_id, source),
        FOREIGN KEY (run_id, source) REFERENCES ops.run_source
      );
      CREATE UNIQUE INDEX receipt_once ON ops.receipt (source, fingerprint);
      COMMENT ON TABLE ops.receipt IS 'what a sender was told of its files, once per delivery; values are masked';
      COMMENT ON COLUMN ops.receipt.fingerprint IS 'of the stamps of files and how it went: a broken file that lies on is told of once';

      ALTER TABLE landing.object ADD COLUMN removed_at timestamptz;
      COMMENT ON COLUMN landing.object.removed_at IS 'its bytes were deleted when their retention was over; name and lineage stay';
      ALTER TABLE landing.object DROP CONSTRAINT object_source_sha256_key;
      CREATE UNIQUE INDEX object_content ON landing.object (source, sha256) WHERE removed_at IS NULL;
    `);
  },
};
