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
import type { Portion, PortionAsked } from './portion.ts';

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

const HORIZON = 'CAST(:at AS timestamptz)';

/** In the order of the index on what is superseded: neither what went before nor what is kept is looked at twice. */
const forget = (entity: ForgottenEntity): string => `
  WITH candidate AS MATERIALIZED (
    SELECT ctid AS place, recorded_to, ${entity}_id FROM warehouse.${entity}_version
    WHERE recorded_to < 'infinity' AND recorded_to < ${HORIZON} AND (recorded_to, ${entity}_id) >= (CAST(:first AS timestamptz), CAST(:second AS bigint))
    ORDER BY recorded_to, ${entity}_id LIMIT :limit),
  old AS MATERIALIZED (
    SELECT c.place FROM candidate c JOIN warehouse.${entity}_version v ON v.ctid = c.place
    WHERE EXISTS (SELECT 1 FROM warehouse.${entity}_version n WHERE n.${entity}_id = v.${entity}_id AND n.recorded_from >= v.recorded_to
                  AND n.recorded_from < ${HORIZON} AND n.registered_at < ${HORIZON})
      AND EXISTS (SELECT 1 FROM warehouse.${entity}_version k WHERE k.${entity}_id = v.${entity}_id AND k.recorded_from < ${HORIZON} AND k.recorded_to >= ${HORIZON}
                  AND k.registered_at < ${HORIZON} AND k.valid_from < k.valid_to AND k.valid_from <= (${HORIZON} AT TIME ZONE 'Asia/Taipei')::date)
      AND NOT (${ALSO_KEPT[entity]})),
  gone AS (DELETE FROM warehouse.${entity}_version WHERE ctid = ANY (ARRAY(SELECT place FROM old)))
  SELECT recorded_to AS first, ${entity}_id AS second, count(*) OVER () AS seen, (SELECT count(*) FROM old) AS rows
  FROM candidate ORDER BY recorded_to DESC, ${entity}_id DESC LIMIT 1`;

/** Takes the next portion from where the one before ended. */
export async function forgetVersions(
  trx: Transaction,
  entity: ForgottenEntity,
  { limit, horizon, from }: PortionAsked,
): Promise<Portion> {
  const [first, second] = from ?? ['-infinity', 0];
  // A portion is looked up in the indexes, whatever the statistics say: joined with a table of millions each would read all of it.
  await trx.raw('SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off');
  const { rows } = await trx.raw(forget(entity), { limit, at: horizon, first, second });
  const [last] = rows;
  if (last === undefined) return { rows: 0, more: false, until: null };
  return { rows: last.rows, more: last.seen === limit, until: [last.first, last.second] };
}
