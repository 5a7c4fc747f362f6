/**
 * What the findings of accounts ask, made once a run and joined set-based. A quiet night must look neither at one account after the other nor, again for each finding, at every
 * version that there ever was: each sign-in is one. Fresh statistics, for a plan made on none joins thousands one by one.
 */
import { LEAD_KIND } from '../schemas/records.ts';
import type { Transaction } from './connect.ts';
import { inForce } from './views/in-force.ts';

export const DAY = `(SELECT clock::date FROM ops.run WHERE id = :run)`;

/** Of two holders: both are known by an identifier, and are two. */
export const others = (x: string, y: string): string =>
  `(${x}.id_hmac IS NOT NULL AND ${y}.id_hmac IS NOT NULL AND NOT (${x}.id_hmac = ${y}.id_hmac OR EXISTS (
     SELECT 1 FROM warehouse.person_identifier p JOIN warehouse.person_identifier q ON q.person_id = p.person_id WHERE p.hmac = ${x}.id_hmac AND q.hmac = ${y}.id_hmac)))`;
/** Another name, and no identifier by which it could be told whose it is. */
export const untold = (x: string, y: string): string =>
  `((${x}.id_hmac IS NULL OR ${y}.id_hmac IS NULL) AND ${x}.holder_name <> ${y}.holder_name)`;

/**
 * The day from which on `w` stands without a break, as recorded now. Asked of what is told alone, for it goes through the history of the account.
 * @param same whether a version `v` says the same of the account as `w`
 */
export const unbrokenSince = (same: string): string => `(
  SELECT min(r.valid_from) FROM (
    SELECT v.valid_from, max(v.valid_from) FILTER (WHERE (${same}) IS NOT TRUE) OVER () AS broken FROM warehouse.account_version v
    WHERE v.account_id = w.account_id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to AND v.valid_from <= w.valid_from) AS r
  WHERE r.valid_from > coalesce(r.broken, '-infinity'))`;

/** Accounts in force on the day. */
const STANDING = `
  SELECT a.source, a.source_key, a.account_name, a.institution_id, i.source || ':' || i.source_key AS institution_key, a.source || ' ' || a.source_key AS subject, w.account_id,
         w.account_kind, w.id_hmac, w.holder_name, w.state, w.enabled_on, w.last_login_at, w.applied_by, w.enabled_by, w.valid_from, w.recorded_from,
         r.missing_since IS NOT NULL AS missing
  FROM warehouse.account a JOIN warehouse.institution i ON i.id = a.institution_id JOIN warehouse.account_version w ON w.account_id = a.id AND ${inForce('w', DAY)}
  LEFT JOIN landing.account_record r ON r.source = a.source AND r.key = a.source_key`;

/** How each of them was first told: one look into the index for each. */
const FIRST = `
  SELECT s.account_id, s.source, f.state, f.run_id FROM (SELECT id AS account_id, source FROM warehouse.account) AS s
  CROSS JOIN LATERAL (SELECT state, run_id FROM warehouse.account_version v WHERE v.account_id = s.account_id ORDER BY recorded_from, valid_from LIMIT 1) AS f`;

/** Enabled accounts whose holder served at the school and is on its roster no more: the last day. Who was never on it is not judged: a row may be quarantined (I12). */
const HOLDER_LEFT = `
  SELECT w.account_id, max(v.valid_to) AS left_on
  FROM account_standing w
  JOIN warehouse.person_identifier p ON p.hmac = w.id_hmac
  JOIN warehouse.assignment s ON s.person_id = p.person_id
  JOIN warehouse.institution_code here ON here.institution_id = w.institution_id AND here.system = 'school'
  JOIN warehouse.institution_code there ON there.institution_id = s.institution_id AND there.system = 'school' AND there.code = here.code
  JOIN warehouse.assignment_version v ON v.assignment_id = s.id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to AND v.valid_from <= ${DAY}
  WHERE w.state = '啟用'
  GROUP BY w.account_id HAVING bool_and(v.valid_to <= ${DAY})`;

/** What an account is called beside its school: its name, or the pseudonym of one that is an identifier. */
const called = (alias: string): string => `substr(${alias}.source_key, strpos(${alias}.source_key, ':') + 1)`;

/** Accounts that took the name of a deleted one of another school, or of their own under another source, afterwards, with another holder or one who cannot be told: the newest deletion of each. */
const REUSED = `
  WITH taken AS MATERIALIZED (
    SELECT w.account_id, w.id_hmac, w.holder_name, w.institution_id, o.id AS former, o.institution_id AS former_institution
    FROM warehouse.account o JOIN account_standing w ON ${called('w')} = ${called('o')} AND w.account_id <> o.id
    WHERE o.id NOT IN (SELECT account_id FROM warehouse.account_version WHERE recorded_to = 'infinity' AND valid_to = 'infinity'))
  SELECT DISTINCT ON (w.account_id) w.account_id, s.since, old.code AS school, o.valid_to AS freed_on, (w.id_hmac IS NULL OR o.id_hmac IS NULL) AS untold
  FROM taken w
  JOIN LATERAL (SELECT id_hmac, holder_name, valid_to FROM warehouse.account_version v WHERE v.account_id = w.former AND v.recorded_to = 'infinity'
                ORDER BY valid_to DESC, valid_from DESC LIMIT 1) AS o ON o.valid_to < 'infinity'
  CROSS JOIN LATERAL (SELECT min(f.valid_from) AS since FROM warehouse.account_version f WHERE f.account_id = w.account_id) AS s
  JOIN warehouse.institution_code old ON old.institution_id = w.former_institution AND old.system = 'school'
  WHERE s.since >= o.valid_to AND (${others('o', 'w')} OR ${untold('o', 'w')})
  ORDER BY w.account_id, untold, o.valid_to DESC`;

/**
 * Kinds that an exception may name: those of the table, and what several holders have. Of any other it may be that a file has kinds and names the wrong way round, and a person's
 * name never stands in an exception (I8); whose "name" is a kind is no holder.
 */
const KIND_NAMED = `
  WITH configured AS (SELECT '${LEAD_KIND}' AS kind UNION SELECT kind FROM jsonb_to_recordset(CAST(:kinds AS jsonb)) AS k (kind text))
  SELECT kind FROM configured
  UNION SELECT account_kind FROM account_standing
  WHERE coalesce(holder_name, '') NOT IN (SELECT kind FROM configured UNION SELECT account_kind FROM account_standing)
  GROUP BY account_kind HAVING count(DISTINCT coalesce(encode(id_hmac, 'hex'), holder_name)) > 1`;

/** In the order in which they are made. */
export const ACCOUNT_TABLES = [
  ['account_standing', STANDING],
  ['account_kind_named', KIND_NAMED],
  ['account_first', FIRST],
  ['account_left', HOLDER_LEFT],
  ['account_reused', REUSED],
] as const;

/**
 * Makes the temporary tables that `ACCOUNT_FINDINGS` join.
 * @param asked the run, and the table of kinds as JSON
 */
export async function prepareAccountFindings(trx: Transaction, asked: { run: number; kinds: string }): Promise<void> {
  await trx.raw(`DROP TABLE IF EXISTS ${ACCOUNT_TABLES.map(([table]) => table).join(', ')}`);
  for (const [table, sql] of ACCOUNT_TABLES) {
    await trx.raw(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${sql}`, asked);
    await trx.raw(`ANALYZE ${table}`);
  }
}
