import type { Knex } from 'knex';

/** The shape that each source last agreed on, beside the one that it last had. */
export const sourceShapes = {
  name: '0007-source-shapes',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE landing.source_shape (
        source text NOT NULL,
        form text NOT NULL CHECK (form IN ('complete', 'changes')),
        accepted jsonb NOT NULL,
        observed jsonb NOT NULL,
        drift jsonb NOT NULL,
        run_id bigint NOT NULL,
        PRIMARY KEY (source, form)
      );
      COMMENT ON TABLE landing.source_shape IS 'fields, types and values of what a source hands over: as last accepted, as last seen, and what differs';
    `);
  },
};
