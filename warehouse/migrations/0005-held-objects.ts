import type { Knex } from 'knex';

/** Objects of a fetch in progress, so that a run that was killed in the middle of a walk does not ask for them again. */
export const heldObjects = {
  name: '0005-held-objects',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      CREATE TABLE landing.held_object (
        source text NOT NULL,
        position integer NOT NULL,
        run_id bigint NOT NULL,
        object_id bigint NOT NULL REFERENCES landing.object,
        name text NOT NULL,
        PRIMARY KEY (source, position)
      );
      COMMENT ON TABLE landing.held_object IS 'what a source handed over in a fetch that has not ended, in the order it came; gone once its delivery is landed or the source failed';
    `);
  },
};
