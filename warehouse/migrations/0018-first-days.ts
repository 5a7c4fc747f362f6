import type { Knex } from 'knex';

/** Who had the person for a day until another unit registered them (R08) did have them. */
const MAY_STAND_IN = (v: string): string =>
  `${v}.end_reason IS NOT NULL AND ${v}.valid_to = ${v}.valid_from + 1 AND ${v}.rule <> 'R08'`;

/** Of what was recorded before: a spell whose record came ended told no first day, and one day stands for a spell where a later first day was known before. */
const EARLIER = `
      UPDATE warehouse.assignment_version v SET began = '-infinity'
      WHERE v.end_reason IS NOT NULL AND v.valid_from < v.valid_to AND NOT EXISTS (
        SELECT 1 FROM warehouse.assignment_version w WHERE w.assignment_id = v.assignment_id AND (w.end_reason IS NULL OR w.rule = 'R08'));
      UPDATE warehouse.assignment_version v SET began = f.began
      FROM warehouse.assignment_version o CROSS JOIN LATERAL (
        SELECT w.valid_from AS began FROM warehouse.assignment_version w
        WHERE w.assignment_id = o.assignment_id AND w.recorded_from < o.recorded_from AND w.valid_from < w.valid_to AND NOT (${MAY_STAND_IN('w')})
        ORDER BY w.recorded_from DESC, w.valid_from LIMIT 1) AS f
      WHERE o.assignment_id = v.assignment_id AND o.valid_from = v.valid_from AND o.recorded_from = v.recorded_from
        AND ${MAY_STAND_IN('v')} AND v.began IS NULL AND f.began >= v.valid_to;`;

/** What one day stands for: a spell whose end lies on or before its first day is not a spell of one day. */
export const firstDays = {
  name: '0018-first-days',
  up: async (knex: Knex): Promise<void> => {
    await knex.raw(`
      ALTER TABLE warehouse.assignment_version ADD COLUMN began date;
      ${EARLIER}
      ALTER TABLE warehouse.assignment_version ADD CONSTRAINT began_otherwise
        CHECK (began IS NULL OR (end_reason IS NOT NULL AND (began = '-infinity' OR (began >= valid_to AND valid_to <= valid_from + 1))));
      COMMENT ON COLUMN warehouse.assignment_version.began IS 'first day of an ended spell for which one day stands, since it ended on or before it; -infinity where nobody told it; null where the spell begins with its first version';
    `);
  },
};
