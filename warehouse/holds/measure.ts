/**
 * What the plan of a run would do to each institution, counted for the guards (I6). Temporary tables that `hold-back.ts` goes on with:
 * `guard_record (institution_key, person_id, source, key, what, detail)`, who is missing for the first time, and who comes under another identifier.
 */
import type { CitySize, GuardLimits, Measure } from '../../schemas/guards.ts';
import type { Transaction } from '../connect.ts';
import { isSetAside } from '../reverts/reverted-words.ts';
import { inForce } from '../views/in-force.ts';

/** An institution is called as the plan calls it, also on the night on which another source takes it over. */
const KEYS = `
  CREATE TEMP TABLE guard_key ON COMMIT DROP AS
  SELECT i.id, coalesce(c.institution_key, i.source || ':' || i.source_key) AS institution_key
  FROM warehouse.institution i
  LEFT JOIN ops.plan_change c ON c.run_id = :run AND c.entity = 'institution' AND c.entity_id = i.id`;

/**
 * A known person under another identifier than any that the ledger has of them. It is no change of the plan, and yet one of the person: whoever has that
 * identifier elsewhere would be taken for them. A first identifier of somebody is none.
 */
const IDENTIFIERS = `
  INSERT INTO guard_record (institution_key, person_id, source, key, what, detail)
  SELECT DISTINCT k.institution_key, m.person_id, r.source, r.key, 'identifier', encode(r.id_hmac, 'hex')
  FROM ops.run_match m
  JOIN landing.staff_record r ON r.source = m.source AND r.key = m.key AND r.id_hmac IS NOT NULL AND r.id_strong AND NOT ${isSetAside('staff', 'r')}
  JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
  JOIN guard_key k ON k.id = a.institution_id
  WHERE m.run_id = :run AND m.person_id IS NOT NULL
    AND EXISTS (SELECT 1 FROM warehouse.person_identifier p WHERE p.person_id = m.person_id)
    AND NOT EXISTS (SELECT 1 FROM warehouse.person_identifier p WHERE p.hmac = r.id_hmac)`;

/**
 * Missing from a complete list since the last run whose changes of the institution were applied: a hold keeps the run before it as its baseline, so
 * that the next night counts the same again.
 */
const MISSING = `
  CREATE TEMP TABLE guard_record ON COMMIT DROP AS
  WITH standing AS (
    SELECT unnest(institutions) AS institution_key, min(baseline_run_id) AS baseline FROM review.hold WHERE closed_at IS NULL GROUP BY 1)
  SELECT DISTINCT k.institution_key, a.person_id, r.source, r.key, 'missing' AS what, NULL::text AS detail
  FROM landing.staff_record r
  JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
  JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${inForce('v', 'CAST(:day AS date)')}
  JOIN guard_key k ON k.id = a.institution_id
  LEFT JOIN standing s ON s.institution_key = k.institution_key
  WHERE r.missing_since IS NOT NULL AND r.end_on IS NULL AND r.missing_since > coalesce(s.baseline, :last)
    AND NOT EXISTS (SELECT 1 FROM ops.plan_change c WHERE c.run_id = :run AND c.entity = 'assignment' AND c.action = 'end'
                    AND c.source = r.source AND c.source_key = r.key)`;

/** SQL: a spell that has no end so far, begun or still to come. */
const OPEN_SPELL = `EXISTS (SELECT 1 FROM warehouse.assignment_version v WHERE v.assignment_id = c.entity_id AND v.recorded_to = 'infinity'
  AND v.valid_to = 'infinity' AND v.valid_from < v.valid_to)`;
const SERVES_TODAY = `EXISTS (SELECT 1 FROM warehouse.assignment_version v WHERE v.assignment_id = c.entity_id AND ${inForce('v', 'CAST(:day AS date)')})`;

/**
 * Whom the unit would lose: a spell that ends, one that would begin later than today though the person serves today, a service unit that would become a
 * secondary post.
 */
const LOSES = `CASE c.action WHEN 'end' THEN ${OPEN_SPELL}
    WHEN 'change' THEN (c.before->>'isPrimary' = 'true' AND c.after->>'isPrimary' = 'false')
      OR (CAST(c.after->'stretches'->0->>'from' AS date) > CAST(:day AS date) AND ${SERVES_TODAY})
    ELSE false END`;

/**
 * The rest of a first load, which waits for another institution's hold: nobody was there when that hold began, and who was let in since is no roster to measure the others by. Not so
 * where the institution is held for itself.
 */
const STILL_FIRST = `
  SELECT b.institution_key, b.source, b.source_key
  FROM review.hold h JOIN ops.held_change b ON b.run_id = h.last_run_id AND h.hold_key = ANY(b.held_by)
  WHERE h.closed_at IS NULL AND b.entity = 'assignment' AND b.action = 'add'
    AND NOT EXISTS (SELECT 1 FROM review.hold o WHERE o.closed_at IS NULL AND b.institution_key = ANY(o.institutions))
    AND NOT EXISTS (SELECT 1 FROM guard_key k JOIN warehouse.assignment a ON a.institution_id = k.id JOIN warehouse.assignment_version v ON v.assignment_id = a.id
                    WHERE k.institution_key = b.institution_key AND v.run_id <= h.baseline_run_id)`;

/**
 * A person counts once for an institution. What a source brings with its first load, and history that arrives ended, is no change of anybody known. A
 * leaving is explicit by R09 only: one that follows from another unit's registration (R08) is not this unit's word.
 */
const PEOPLE = `
  SELECT c.institution_key, coalesce(c.person_ref, c.source || ' ' || c.source_key) AS who,
         bool_or(lost.yes) AS ends,
         bool_or(c.action = 'end' AND c.rule = 'R09' AND c.after->>'endReason' = ANY(CAST(:reasons AS text[]))) AS leaves,
         bool_or(c.action = 'add') AS comes,
         bool_or(c.action = 'change') AS changes,
         bool_or(c.entity = 'assignment' AND c.action = 'add' AND (c.institution_key, c.source, c.source_key) IN (SELECT * FROM still_first)) AS waits
  FROM ops.plan_change c
  CROSS JOIN LATERAL (SELECT c.entity = 'assignment' AND coalesce(${LOSES}, false) AS yes) AS lost
  WHERE c.run_id = :run AND c.reason <> '首次登錄'
    AND ((c.entity = 'assignment' AND NOT (c.action = 'add' AND coalesce(CAST(c.after->>'validTo' AS date) <= CAST(:day AS date), false)))
      OR (c.entity = 'person' AND c.action <> 'add' AND c.source IN (SELECT DISTINCT source FROM warehouse.assignment)))
  GROUP BY 1, 2`;

/**
 * Rows that were kept out and are put right since: whoever comes in with them is no surprise, least of all after a first load that was mostly broken; nor is
 * whose value is there now that could not be read before.
 */
const CORRECTED = `
  SELECT a.institution_key, sum(r.rows)::bigint AS rows, sum(r.vals)::bigint AS vals
  FROM (SELECT DISTINCT institution_key, source FROM ops.plan_change WHERE run_id = :run AND entity IN ('assignment', 'person')) AS a
  JOIN (SELECT source, count(*) FILTER (WHERE severity = 'row') AS rows, count(*) FILTER (WHERE severity = 'value') AS vals
        FROM landing.quarantine WHERE resolved_run_id > :last GROUP BY source) AS r USING (source)
  GROUP BY 1`;

/** The first load of a list, and the night on which another list gets the word, change no institution of which anybody knew. */
const INSTITUTIONS = `
  SELECT c.institution_key,
         CASE WHEN c.action = 'add' THEN 'added' WHEN c.action = 'end' THEN 'ended'
              WHEN c.after->>'status' = '停辦' AND c.before->>'status' <> '停辦' THEN 'ended' ELSE 'changed' END AS what
  FROM ops.plan_change c
  WHERE c.run_id = :run AND c.entity = 'institution' AND c.reason <> '改由上位來源認定'
    AND (c.action <> 'add' OR c.source IN (SELECT DISTINCT source FROM warehouse.institution))`;

const ACCOUNTS = `
  SELECT k.institution_key, count(*) AS n
  FROM warehouse.account_version v JOIN warehouse.account a ON a.id = v.account_id JOIN guard_key k ON k.id = a.institution_id
  WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' GROUP BY 1`;

/** People, however many sources tell of them, with those who are still to begin. */
const SERVING = `
  SELECT institution_key, count(*) AS n FROM (
    SELECT DISTINCT k.institution_key, a.person_id
    FROM warehouse.assignment_version v JOIN warehouse.assignment a ON a.id = v.assignment_id JOIN guard_key k ON k.id = a.institution_id
    WHERE v.recorded_to = 'infinity' AND v.valid_to > CAST(:day AS date) AND v.valid_from < v.valid_to) AS people
  GROUP BY 1`;

const MEASURES = `
  WITH still_first AS MATERIALIZED (${STILL_FIRST}),
  told AS MATERIALIZED (${PEOPLE}),
  person AS (
    SELECT * FROM told
    UNION ALL
    SELECT DISTINCT g.institution_key, 'p' || g.person_id, false, false, false, true, false FROM guard_record g
    WHERE g.what = 'identifier' AND NOT EXISTS (SELECT 1 FROM told t WHERE t.institution_key = g.institution_key AND t.who = 'p' || g.person_id)),
  people AS (
    SELECT institution_key,
           count(*) FILTER (WHERE ends AND NOT (leaves AND :season)) AS lost,
           count(*) FILTER (WHERE ends AND leaves AND :season) AS leaving,
           count(*) FILTER (WHERE NOT ends AND comes AND NOT waits) AS added,
           count(*) FILTER (WHERE NOT ends AND NOT comes AND changes) AS changed
    FROM person GROUP BY 1),
  corrected AS (${CORRECTED}),
  missing AS (SELECT institution_key, count(DISTINCT person_id) AS n FROM guard_record WHERE what = 'missing' GROUP BY 1),
  institution AS (${INSTITUTIONS}),
  account AS (
    SELECT c.institution_key, count(*) AS n FROM ops.plan_change c WHERE c.run_id = :run AND c.entity = 'account' AND c.action = 'end' GROUP BY 1)
  SELECT k.institution_key AS "institutionKey", coalesce(s.n, 0) AS serving, coalesce(p.lost, 0) + coalesce(m.n, 0) AS lost,
         coalesce(p.leaving, 0) AS leaving, greatest(0, coalesce(p.changed, 0) - coalesce(q.vals, 0)) AS changed, greatest(0, coalesce(p.added, 0) - coalesce(q.rows, 0)) AS added, i.what AS institution,
         coalesce(x.n, 0) AS "accountsLost", coalesce(s.accounts, 0) AS accounts
  FROM (SELECT institution_key FROM people UNION SELECT institution_key FROM missing UNION SELECT institution_key FROM institution
        UNION SELECT institution_key FROM account) AS k
  LEFT JOIN guard_serving s USING (institution_key)
  LEFT JOIN people p USING (institution_key)
  LEFT JOIN missing m USING (institution_key)
  LEFT JOIN institution i USING (institution_key)
  LEFT JOIN account x USING (institution_key)
  LEFT JOIN corrected q USING (institution_key)
  ORDER BY k.institution_key COLLATE "C"`;

/**
 * @param day of the run, Asia/Taipei. @param season whether explicit leavings have their own limit. @param lastApplied run before which everything was applied
 * @returns nothing where nothing would change
 */
export async function measurePlan(
  trx: Transaction,
  runId: number,
  { day, season, lastApplied, limits }: { day: string; season: boolean; lastApplied: number; limits: GuardLimits },
): Promise<{ measures: Measure[]; city: CitySize }> {
  const bindings = { run: runId, day, season, last: lastApplied, reasons: limits.leaving.reasons };
  await trx.raw('DROP TABLE IF EXISTS guard_key, guard_record, guard_serving');
  await trx.raw(KEYS, bindings);
  await trx.raw(MISSING, bindings);
  await trx.raw(IDENTIFIERS, bindings);
  const { rows: found } = await trx.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.plan_change WHERE run_id = :run) OR EXISTS (SELECT 1 FROM guard_record) AS thing`,
    bindings,
  );
  if (!found[0].thing) return { measures: [], city: { serving: 0, accounts: 0, institutions: 0 } };
  await trx.raw(
    `CREATE TEMP TABLE guard_serving ON COMMIT DROP AS
     SELECT institution_key, coalesce(p.n, 0) AS n, coalesce(c.n, 0) AS accounts
     FROM (${SERVING}) AS p FULL JOIN (${ACCOUNTS}) AS c USING (institution_key)`,
    bindings,
  );
  await trx.raw('ANALYZE guard_serving');
  const { rows: measures } = await trx.raw(MEASURES, bindings);
  const { rows } = await trx.raw(
    `SELECT coalesce((SELECT sum(n) FROM guard_serving), 0)::bigint AS serving, coalesce((SELECT sum(accounts) FROM guard_serving), 0)::bigint AS accounts,
            (SELECT count(*) FROM guard_key) AS institutions`,
  );
  return { measures, city: rows[0] };
}
