/**
 * A school that changes its system gives every record another key. It is told apart from a list of other people by what it looks like: of a complete list (nearly) all
 * known keys of a unit are gone, or name somebody else by now (two systems that both number their staff from 1), and about as many others have come.
 */
import type { Transaction } from '../connect.ts';
import type { MergeRound } from './merge.ts';
import { RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';
import { SEEN_STAGE } from './stage.ts';

const { stage, picture } = RECORD_TABLES.staff;

/** A unit of fewer people has no "nearly all". */
const LEAST = 3;
/** Share of the known keys that are gone, and of these as many as must have come. */
const NEARLY = 0.8;

export interface KeyCutOver {
  source: string;
  institution: string;
  /** People on the roster before, found under their new keys, not found; rows that were found to be nobody's. */
  known: number;
  matched: number;
  lost: number;
  added: number;
}

/** The key is known, and whom it names is somebody else: another name, and another identifier or birth date. So it is where all keys of a unit change. */
export const HANDED = `r.name_key <> s.name_key AND ((r.id_hmac <> s.id_hmac AND r.id_strong AND s.id_strong)
    OR ((r.id_hmac IS NULL OR s.id_hmac IS NULL) AND r.birth_date <> s.birth_date))`;

/** The same of one key by itself: nothing of what tells one person from another is as it was. A name and an identifier that are corrected at once leave the birth date. */
export const ANOTHER = `r.name_key <> s.name_key AND (r.id_hmac = s.id_hmac) IS NOT TRUE
    AND (r.birth_date <> s.birth_date OR ((r.birth_date = s.birth_date) IS NOT TRUE AND r.id_hmac <> s.id_hmac AND r.id_strong AND s.id_strong))`;

const CAME = `
  CREATE TEMP TABLE key_came ON COMMIT DROP AS
  SELECT s.source, s.institution_code, count(*) AS came, count(r.key) AS handed FROM ${stage} s
  LEFT JOIN ${picture} r ON r.source = s.source AND r.key = s.key
  WHERE r.key IS NULL OR (r.hash <> s.hash AND ((${HANDED}) OR (${ANOTHER}))) GROUP BY 1, 2`;

/** Of each unit of which enough came: who was on the roster, and whom the delivery still names by the same key. */
const CUT_OVERS = `
  CREATE TEMP TABLE key_cut_over ON COMMIT DROP AS
  WITH roster AS MATERIALIZED (
    SELECT c.source, c.institution_code, c.came, r.key, r.name_key, r.id_hmac, r.id_strong, r.birth_date
    FROM key_came c JOIN ${picture} r ON r.source = c.source AND r.institution_code = c.institution_code
    WHERE c.source = ANY(:complete) AND c.came >= ${LEAST} AND r.missing_since IS NULL AND r.end_on IS NULL),
  kept AS (
    SELECT r.source, r.key FROM roster r JOIN ${stage} s ON s.source = r.source AND s.key = r.key WHERE NOT coalesce((${HANDED}) OR (${ANOTHER}), false)
    UNION SELECT r.source, r.key FROM roster r JOIN ${REJECTED_STAGE} x ON x.source = r.source AND x.key = r.key
    UNION SELECT r.source, r.key FROM roster r JOIN ${SEEN_STAGE} e ON e.source = r.source AND e.key = r.key)
  SELECT r.source, r.institution_code, r.came FROM roster r LEFT JOIN kept k ON k.source = r.source AND k.key = r.key
  GROUP BY 1, 2, 3
  HAVING count(*) >= ${LEAST} AND count(*) FILTER (WHERE k.key IS NULL) >= count(*) * ${NEARLY}
     AND r.came >= count(*) FILTER (WHERE k.key IS NULL) * ${NEARLY}`;

/**
 * Makes `key_cut_over (source, institution_code, came)`.
 * @returns whether any row comes under another key than any known one, or names somebody else by a known one
 */
export async function findCutOvers(
  trx: Transaction,
  { complete }: MergeRound,
): Promise<{ came: boolean; handed: boolean }> {
  await trx.raw('DROP TABLE IF EXISTS key_came, key_cut_over');
  await trx.raw(CAME);
  const { rows } = await trx.raw(
    'SELECT EXISTS (SELECT 1 FROM key_came) AS came, EXISTS (SELECT 1 FROM key_came WHERE handed > 0) AS handed',
  );
  await trx.raw(CUT_OVERS, { complete } as never);
  return rows[0];
}

/** After the new keys were followed: what became of each unit. */
export async function settleCutOvers(trx: Transaction): Promise<KeyCutOver[]> {
  const { rows } = await trx.raw(
    `SELECT c.source, c.institution_code AS institution, count(r.key) AS known,
            count(r.key) FILTER (WHERE EXISTS (SELECT 1 FROM found_alias a WHERE a.source = r.source AND a.record_key = r.key)) AS matched,
            c.came - (SELECT count(*) FROM found_alias a WHERE a.source = c.source AND a.institution_code = c.institution_code) AS added
     FROM key_cut_over c JOIN ${picture} r ON r.source = c.source AND r.institution_code = c.institution_code AND r.missing_since IS NULL AND r.end_on IS NULL
     GROUP BY c.source, c.institution_code, c.came ORDER BY c.source, c.institution_code`,
  );
  const units = (rows as Omit<KeyCutOver, 'lost'>[]).map((unit) => ({
    ...unit,
    lost: unit.known - unit.matched,
    added: Math.max(0, unit.added),
  }));
  // Where most are not found it is another school's list, not another system: the guards have the word.
  return units.filter(({ known, matched }) => matched * 2 >= known);
}
