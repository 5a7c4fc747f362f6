import type { Knex } from 'knex';

/** Values that a person of the bureau sets by hand: they win over the sources from when they are set until they end. */
export const manualValues = {
  name: '0015-manual-values',
  up: async (knex: Knex): Promise<void> => {
    const versioned = ['institution', 'person', 'assignment', 'account'].map((entity) => `warehouse.${entity}_version`);
    await knex.raw(`
      CREATE TABLE review.manual_value (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        entity text NOT NULL CHECK (entity IN ('person', 'institution', 'account')),
        entity_id bigint NOT NULL,
        institution_id bigint REFERENCES warehouse.institution,
        field text NOT NULL,
        columns jsonb NOT NULL,
        reason text NOT NULL,
        set_by text NOT NULL REFERENCES ops.app_user,
        set_at timestamptz NOT NULL,
        until date
      );
      CREATE INDEX manual_value_entity ON review.manual_value (entity, entity_id);
      COMMENT ON TABLE review.manual_value IS 'set by hand, never changed: another value of the same field replaces it, and its end stands in review.manual_value_end';
      COMMENT ON COLUMN review.manual_value.institution_id IS 'the unit where a title or subjects hold; null for what belongs to the person';
      COMMENT ON COLUMN review.manual_value.columns IS 'the value, as the columns of the warehouse hold it';
      COMMENT ON COLUMN review.manual_value.until IS 'last day on which it wins; null until somebody ends it';
      CREATE TABLE review.manual_value_end (
        value_id bigint PRIMARY KEY REFERENCES review.manual_value,
        how text NOT NULL CHECK (how IN ('expired', 'replaced')),
        ended_by text NOT NULL REFERENCES ops.app_user,
        reason text NOT NULL,
        ended_at timestamptz NOT NULL
      );
      COMMENT ON TABLE review.manual_value_end IS 'a value that a person ended before its time, or that another one replaced';

      ALTER TABLE ops.plan_change ADD COLUMN manual_value bigint;
      ALTER TABLE ops.held_change ADD COLUMN manual_value bigint;
      COMMENT ON COLUMN ops.plan_change.manual_value IS 'the value set by hand that the change is of, by its beginning or its end';
      ${versioned.map((table) => `ALTER TABLE ${table} ADD COLUMN manual_value bigint;`).join('\n      ')}
    `);
  },
};
