/**
 * What the plan of a run would do to each institution, counted for the guards (I6). Temporary tables that `hold-back.ts` goes on with:
 * `guard_missing (institution_key, source, key)`, who is missing for the first time.
 */
import type { CitySize, GuardLimits, Measure } from '../../schemas/guards.ts';
import type { Transaction } from '../connect.ts';
import { inForce } from '../views/in-force.ts';

/** An institution is called as the plan calls it, also on the night on which another source takes it over. */
const KEYS = `
  CREATE TEMP TABLE guard_key ON COMMIT DROP AS
  SELECT i.id, coalesce(c.institution_key, i.source || ':' || i.source_key) AS institution_key
  FROM warehouse.institution i
  LEFT JOIN ops.plan_change c ON c.run_id = :run AND c.entity = 'institution' AND c.entity_id = i.id`;

/**
 * Missing from a complete list since the last run whose changes of the institution were applied: a hold keeps the run before it as its baseline, so
 * that the next night counts the same again.
 */
const MISSING = `
  CREATE TEMP TABLE guard_missing ON COMMIT DROP AS
  WITH standing AS (
    SELECT unnest(institutions) AS institution_key, min(baseline_run_id) AS baseline FROM review.hold WHERE closed_at IS NULL GROUP BY 1)
  SELECT DISTINCT k.institution_key, r.source, r.key
  FROM landing.staff_record r
  JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
  JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${inForce('v', 'CAST(:day AS date)')}
  JOIN guard_key k ON k.id = a.institution_id
  LEFT JOIN standing s ON s.institution_key = k.institution_key
  WHERE r.missing_since IS NOT NULL AND r.end_on IS NULL AND r.missing_since > coalesce(s.baseline, :last)
    AND NOT EXISTS (SELECT 1 FROM ops.plan_change c WHERE c.run_id = :run AND c.entity = 'assignment' AND c.action = 'end'
                    AND c.source = r.source AND c.source_key = r.key)`;

/** A person counts once for an institution. What a source brings with its first load, and history that arrives ended, is no change of anybody known. */
const PEOPLE = `
  SELECT c.institution_key, coalesce(c.person_ref, c.source || ' ' || c.source_key) AS who,
         bool_or(c.action = 'end' AND now_served.yes) AS ends,
         bool_or(c.action = 'end' AND c.after->>'endReason' = ANY(CAST(:reasons AS text[]))) AS leaves,
         bool_or(c.action = 'add') AS comes,
         bool_or(c.action = 'change') AS changes
  FROM ops.plan_change c
  CROSS JOIN LATERAL (SELECT c.action = 'end' AND EXISTS (
      SELECT 1 FROM warehouse.assignment_version v WHERE v.assignment_id = c.entity_id AND ${inForce('v', 'CAST(:day AS date)')}) AS yes) AS now_served
  WHERE c.run_id = :run AND c.reason <> '首次登錄'
    AND ((c.entity = 'assignment' AND NOT (c.action = 'add' AND c.after->>'validTo' IS NOT NULL)) OR (c.entity = 'person' AND c.action <> 'add'))
  GROUP BY 1, 2`;

/** The first load of a list, and the night on which another list gets the word, change no institution of which anybody knew. */
const INSTITUTIONS = `
  SELECT c.institution_key,
         CASE WHEN c.action = 'add' THEN 'added'
              WHEN c.after->>'status' = '停辦' AND c.before->>'status' <> '停辦' THEN 'ended' ELSE 'changed' END AS what
  FROM ops.plan_change c
  WHERE c.run_id = :run AND c.entity = 'institution' AND c.reason <> '改由上位來源認定'
    AND (c.action <> 'add' OR c.source IN (SELECT DISTINCT source FROM warehouse.institution))`;

const SERVING = `
  SELECT k.institution_key, count(*) AS n
  FROM warehouse.assignment_version v JOIN warehouse.assignment a ON a.id = v.assignment_id JOIN guard_key k ON k.id = a.institution_id
  WHERE ${inForce('v', 'CAST(:day AS date)')} GROUP BY 1`;

const MEASURES = `
  WITH person AS MATERIALIZED (${PEOPLE}),
  people AS (
    SELECT institution_key,
           count(*) FILTER (WHERE ends AND NOT (leaves AND :season)) AS lost,
           count(*) FILTER (WHERE ends AND leaves AND :season) AS leaving,
           count(*) FILTER (WHERE NOT ends AND comes) AS added,
           count(*) FILTER (WHERE NOT ends AND NOT comes AND changes) AS changed
    FROM person GROUP BY 1),
  missing AS (SELECT institution_key, count(*) AS n FROM guard_missing GROUP BY 1),
  institution AS (${INSTITUTIONS})
  SELECT k.institution_key AS "institutionKey", coalesce(s.n, 0) AS serving, coalesce(p.lost, 0) + coalesce(m.n, 0) AS lost,
         coalesce(p.leaving, 0) AS leaving, coalesce(p.changed, 0) AS changed, coalesce(p.added, 0) AS added, i.what AS institution
  FROM (SELECT institution_key FROM people UNION SELECT institution_key FROM missing UNION SELECT institution_key FROM institution) AS k
  LEFT JOIN guard_serving s USING (institution_key)
  LEFT JOIN people p USING (institution_key)
  LEFT JOIN missing m USING (institution_key)
  LEFT JOIN institution i USING (institution_key)
  ORDER BY k.institution_key COLLATE "C"`;

/**
 * @param day of the run, Asia/Taipei. @param season whether explicit leavings have their own limit. @param lastApplied run before which everything was applied
 * @returns nothing where the warehouse is empty: a first load is not held
 */
export async function measurePlan(
  trx: Transaction,
  runId: number,
  { day, season, lastApplied, limits }: { day: string; season: boolean; lastApplied: number; limits: GuardLimits },
): Promise<{ measures: Measure[]; city: CitySize }> {
  const bindings = { run: runId, day, season, last: lastApplied, reasons: limits.leaving.reasons };
  await trx.raw('DROP TABLE IF EXISTS guard_key, guard_missing, guard_serving');
  await trx.raw(KEYS, bindings);
  await trx.raw(MISSING, bindings);
  await trx.raw(`CREATE TEMP TABLE guard_serving ON COMMIT DROP AS ${SERVING}`, bindings);
  await trx.raw('ANALYZE guard_serving');
  const { rows: measures } = await trx.raw(MEASURES, bindings);
  const { rows } = await trx.raw(
    `SELECT coalesce((SELECT sum(n) FROM guard_serving), 0)::bigint AS serving, (SELECT count(*) FROM guard_key) AS institutions`,
  );
  return { measures, city: rows[0] };
}
