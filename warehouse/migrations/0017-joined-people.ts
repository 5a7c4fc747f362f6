import type { Knex } from 'knex';
import { reference } from './reference.ts';

/** Two people who were taken for two and are one, as a person of the bureau decided; and parted again where the decision is taken back. */
export const joinedPeople = {
  name: '0017-joined-people',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE review.judgement DROP CONSTRAINT judgement_kind_check, DROP CONSTRAINT whole_judgement,
        ADD COLUMN other_id bigint REFERENCES warehouse.person,
        ADD CONSTRAINT judgement_kind_check CHECK (kind IN ('institution', 'unit', 'identity', 'absence', 'person')),
        ADD CONSTRAINT whole_judgement CHECK (CASE kind
          WHEN 'institution' THEN verdict IN ('same', 'different') AND (verdict = 'same') = (institution_id IS NOT NULL)
          WHEN 'unit' THEN verdict = 'keep' AND institution_id = ANY (parties) AND person_id IS NOT NULL AND about IS NOT NULL
          WHEN 'identity' THEN verdict = 'different' AND person_id IS NOT NULL AND hmac IS NOT NULL
          WHEN 'person' THEN verdict IN ('same', 'different') AND person_id < other_id
          ELSE verdict = 'ended' AND person_id IS NOT NULL AND about IS NOT NULL AND end_reason IN ('離職', '轉校', '退休') END);
      CREATE INDEX judgement_other ON review.judgement (other_id) WHERE other_id IS NOT NULL;
      COMMENT ON COLUMN review.judgement.other_id IS 'of two people the one with the higher number: where they are one, the lower number stays';

      ALTER TABLE warehouse.assignment ADD COLUMN home_id bigint;
      CREATE INDEX assignment_home ON warehouse.assignment (home_id) WHERE home_id IS NOT NULL;
      COMMENT ON COLUMN warehouse.assignment.home_id IS 'whose it was before two people were joined; null where that is whose it is';
      ALTER TABLE warehouse.person_identifier ADD COLUMN home_id bigint;
      CREATE INDEX person_identifier_home ON warehouse.person_identifier (home_id) WHERE home_id IS NOT NULL;
      COMMENT ON COLUMN warehouse.person_identifier.home_id IS 'whom it stood for before two people were joined; null where that is whom it stands for';

      ${reference('warehouse.assignment', 'home_id', 'warehouse.person', 'id')}
      ${reference('warehouse.person_identifier', 'home_id', 'warehouse.person', 'id')}

      CREATE INDEX staff_record_unidentified ON landing.staff_record (source, key) WHERE id_hmac IS NULL OR NOT id_strong;
      CREATE INDEX person_version_born ON warehouse.person_version (birth_date) WHERE recorded_to = 'infinity' AND valid_to = 'infinity' AND birth_date IS NOT NULL;

      CREATE TABLE warehouse.past_assignment (
        assignment_id bigint NOT NULL REFERENCES warehouse.assignment,
        person_id bigint NOT NULL REFERENCES warehouse.person,
        recorded_to timestamptz NOT NULL,
        PRIMARY KEY (assignment_id, recorded_to)
      );
      CREATE INDEX past_assignment_person ON warehouse.past_assignment (person_id);
      COMMENT ON TABLE warehouse.past_assignment IS 'whose a spell was known to be until then';
    `);
  },
};
