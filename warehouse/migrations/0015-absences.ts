import type { Knex } from 'knex';

/** Who is missing from a complete list for long, and whom a person of the bureau then says to have left. */
export const absences = {
  name: '0015-absences',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE review.judgement DROP CONSTRAINT judgement_kind_check, DROP CONSTRAINT judgement_verdict_check, DROP CONSTRAINT whole_judgement,
        ADD COLUMN end_reason text,
        ADD CONSTRAINT judgement_kind_check CHECK (kind IN ('institution', 'unit', 'identity', 'absence')),
        ADD CONSTRAINT judgement_verdict_check CHECK (verdict IN ('same', 'different', 'keep', 'ended')),
        ADD CONSTRAINT whole_judgement CHECK (CASE kind
          WHEN 'institution' THEN verdict IN ('same', 'different') AND (verdict = 'same') = (institution_id IS NOT NULL)
          WHEN 'unit' THEN verdict = 'keep' AND institution_id = ANY (parties) AND person_id IS NOT NULL AND about IS NOT NULL
          WHEN 'identity' THEN verdict = 'different' AND person_id IS NOT NULL AND hmac IS NOT NULL
          ELSE verdict = 'ended' AND person_id IS NOT NULL AND about IS NOT NULL AND end_reason IN ('離職', '轉校', '退休') END);
      COMMENT ON COLUMN review.judgement.about IS 'of a unit the day of the claims that were decided about, since a later registration is another matter (R08); of an absence the day from which the person is out';
    `);
  },
};
