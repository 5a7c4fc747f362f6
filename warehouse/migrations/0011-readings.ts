import type { Knex } from 'knex';

/** What the bytes of a delivery meant when they were read: the same bytes under another meaning are read again. */
export const readings = {
  name: '0011-readings',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE landing.delivery ADD COLUMN reading bytea;
      COMMENT ON COLUMN landing.delivery.reading IS 'digest of how it was read: complete or not, configuration, accepted shape, rules; null: not known, so it is read again';
      ALTER TABLE landing.delivery ADD COLUMN complete_by_default boolean NOT NULL DEFAULT false;
      COMMENT ON COLUMN landing.delivery.complete_by_default IS 'nothing of it said whether it is complete: the configuration did';
      ALTER TABLE landing.delivery DROP CONSTRAINT delivery_source_digest_key;
      CREATE INDEX delivery_source_digest ON landing.delivery (source, digest);
      COMMENT ON TABLE landing.delivery IS 'pictures that were landed, in this order; the same bytes read with another meaning are another one';

      ALTER TABLE landing.source_shape ADD COLUMN digest bytea;
      COMMENT ON COLUMN landing.source_shape.digest IS 'bytes of the delivery that was last seen: a replay of another one says nothing of the shape';
    `);
  },
};
