import type { Knex } from 'knex';

/** When files on a server were first seen: their own times are set by whoever uploads them. */
export const sights = {
  name: '0010-sights',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE landing.sight (
        source text NOT NULL,
        file bytea NOT NULL,
        seen_at timestamptz NOT NULL,
        looked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (source, file)
      );
      COMMENT ON TABLE landing.sight IS 'files that lie in an inbox on a server, for as long as they lie there';
      COMMENT ON COLUMN landing.sight.file IS 'stands for path, size and modification time; people write identifiers into names';
      COMMENT ON COLUMN landing.sight.seen_at IS 'arrival: the moment of the run, or of the look between runs, that first saw it so';
      COMMENT ON COLUMN landing.sight.looked_at IS 'when that was by the real clock: for how long it has not changed';
    `);
  },
};
