/**
 * Superseded versions from before the horizon leave the database. A version goes only where no answer from the horizon on can rest on it:
 *
 * - it was superseded before the horizon, by what was registered before it: no read as of a later moment, and no snapshot of a later cut-off, sees it (`views/snapshot-visible.ts`);
 * - something of the same entity stands at the horizon and on its day: that it served, or was known, is told without it;
 * - no value set by hand looks back to it (`manual-values.ts`), and it is not the first name of somebody whose name changed, by which they are called on days before.
 *
 * Versions of business accounts stay: who held an account first, and who ever did, is what R19 is judged by.
 */
import type { Transaction } from '../connect.ts';

export const FORGOTTEN_VERSIONS = ['institution', 'person', 'assignment'] as const;
export type ForgottenEntity = (typeof FORGOTTEN_VERSIONS)[number];

/** SQL of version `v` that also keeps it. */
const ALSO_KEPT: Readonly<Record<ForgottenEntity, string>> = {
  institution: `EXISTS (SELECT 1 FROM review.manual_value m WHERE m.entity = 'institution' AND m.entity_id = v.institution_id)`,
  person: `EXISTS (SELECT 1 FROM review.manual_value m WHERE m.entity = 'person' AND m.entity_id = v.person_id)
    OR (EXISTS (SELECT 1 FROM warehouse.person_version o WHERE o.person_id = v.person_id AND o.name <> v.name)
        AND NOT EXISTS (SELECT 1 FROM warehouse.person_version o WHERE o.person_id = v.person_id AND (o.recorded_from, o.valid_from) < (v.recorded_from, v.valid_from)))`,
  assignment: `EXISTS (SELECT 1 FROM warehouse.assignment a JOIN review.manual_value m ON m.entity = 'person' AND m.entity_id IN (a.person_id, a.home_id) WHERE a.id = v.assignment_id)`,
};

const forgettable = (entity: ForgottenEntity): string => `
  SELECT v.ctid FROM warehouse.${entity}_version v CROSS JOIN (SELECT at FROM ops.history_horizon) AS h
  WHERE v.recorded_to < 'infinity' AND v.recorded_to < h.at
    AND EXISTS (SELECT 1 FROM warehouse.${entity}_version n WHERE n.${entity}_id = v.${entity}_id AND n.recorded_from >= v.recorded_to
                AND n.recorded_from < h.at AND n.registered_at < h.at)
    AND EXISTS (SELECT 1 FROM warehouse.${entity}_version k WHERE k.${entity}_id = v.${entity}_id AND k.recorded_from < h.at AND k.recorded_to >= h.at
                AND k.registered_at < h.at AND k.valid_from < k.valid_to AND k.valid_from <= (h.at AT TIME ZONE 'Asia/Taipei')::date)
    AND NOT (${ALSO_KEPT[entity]})
  LIMIT :limit`;

/** @returns how many went, at most `limit` */
export async function forgetVersions(trx: Transaction, entity: ForgottenEntity, limit: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `DELETE FROM warehouse.${entity}_version WHERE ctid = ANY (ARRAY(${forgettable(entity)}))`,
    { limit },
  );
  return rowCount ?? 0;
}
