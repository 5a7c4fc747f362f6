/**
 * A file without a stable id of its own names a record by the person's identifier, or by name and birth date where there is none. When a school
 * corrects or adds the identifier, the record would seem to vanish and another to appear. Here the new key is found to be the old record's
 * (domain rule: never one missing plus one new) and remembered as an alias of it. A row that was rejected besides is one of these too (I12). A school that changes
 * its system changes all keys at once (`key-cut-over.ts`). A key that names somebody else by now (`handed-keys.ts`) is a new one as well.
 */
import type { Transaction } from '../connect.ts';
import { keepWordsUnderNewKeys } from '../reverts/reverted-words.ts';
import { followAliases, renameHanded } from './handed-keys.ts';
import { findCutOvers, type KeyCutOver, settleCutOvers } from './key-cut-over.ts';
import type { MergeRound } from './merge.ts';
import { RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';

const { stage, picture } = RECORD_TABLES.staff;

/** In a source that lists many institutions, another one is another post: a transfer, never a corrected key. */
const SAME_UNIT = `r.institution_code = f.institution_code
     AND (r.institution_section = f.institution_section OR r.institution_section IS NULL OR f.institution_section IS NULL)`;

/** Rows whose key names nobody known. */
const FRESH = `
  SELECT s.* FROM (
    SELECT source, key, name_key, birth_date, institution_code, institution_section, id_hmac, id_strong FROM ${stage}
    UNION ALL
    SELECT source, key, name_key, birth_date, institution_code, section, NULL, id_strong FROM ${REJECTED_STAGE}
    WHERE kind = 'staff' AND key IS NOT NULL AND name_key IS NOT NULL
  ) AS s
  WHERE NOT EXISTS (SELECT 1 FROM ${picture} r WHERE r.source = s.source AND r.key = s.key)`;

/** Pairs whose old record the delivery does not name. */
const FREE = `NOT EXISTS (SELECT 1 FROM ${stage} s WHERE s.source = l.source AND s.key = l.record_key)
      AND NOT EXISTS (SELECT 1 FROM ${REJECTED_STAGE} x WHERE x.source = l.source AND x.key = l.record_key)`;

/**
 * Same source and unit, one to one, and the old key not in the delivery. Either the identifier is the same (and only the 學制 column came or went, or the
 * system is another one); or, of whom no identifier says so, name and birth date are the same: in a complete list the old row is gone, so any other identifier is a correction; where
 * silence says nothing, two whole identifiers are two people.
 */
const FIND_CORRECTED = `
  INSERT INTO found_alias (source, key, record_key, institution_code)
  WITH fresh AS MATERIALIZED (${FRESH}),
  by_identifier AS MATERIALIZED (
    SELECT l.* FROM (
      SELECT f.source, f.key, r.key AS record_key, f.institution_code FROM fresh f
      JOIN ${picture} r ON r.source = f.source AND r.id_hmac = f.id_hmac AND ${SAME_UNIT}) AS l
    WHERE ${FREE}),
  by_name AS (
    SELECT l.* FROM (
      SELECT f.source, f.key, r.key AS record_key, f.institution_code FROM fresh f
      JOIN ${picture} r ON r.source = f.source AND r.name_key = f.name_key AND r.birth_date = f.birth_date AND ${SAME_UNIT}
      WHERE r.end_on IS NULL AND (f.source = ANY(:complete) OR NOT (f.id_strong AND r.id_strong))) AS l
    WHERE ${FREE} AND NOT EXISTS (SELECT 1 FROM by_identifier i WHERE i.source = l.source AND (i.key = l.key OR i.record_key = l.record_key))),
  pair AS (
    SELECT l.*, count(*) OVER (PARTITION BY l.source, l.key) AS of_new, count(*) OVER (PARTITION BY l.source, l.record_key) AS of_old
    FROM (SELECT * FROM by_identifier UNION SELECT * FROM by_name) AS l)
  SELECT source, key, record_key, institution_code FROM pair WHERE of_new = 1 AND of_old = 1 AND key <> record_key`;

/** A key that led to a record that turns out to be another one leads to that other one. */
const LEAD_ON = `
  UPDATE landing.key_alias k SET record_key = a.record_key, run_id = :run FROM found_alias a WHERE a.source = k.source AND a.key = k.record_key`;

/** By the key that the school wrote. Whom nobody was found for, under a key that was another's, has a record of their own: they are not that other one. */
const REMEMBER = `
  INSERT INTO landing.key_alias (source, key, record_key, run_id)
  SELECT DISTINCT ON (source, key) source, key, record_key, :run FROM (
    SELECT a.source, coalesce(h.was, a.key) AS key, a.record_key FROM found_alias a LEFT JOIN key_handed h ON h.source = a.source AND h.key = a.key
    UNION ALL
    SELECT h.source, h.was, h.key FROM key_handed h
    WHERE NOT EXISTS (SELECT 1 FROM found_alias a WHERE a.source = h.source AND a.key = h.key)) AS told
  ORDER BY source, key
  ON CONFLICT (source, key) DO UPDATE SET record_key = excluded.record_key, run_id = excluded.run_id`;

const FOLLOW = (table: string): string =>
  `UPDATE ${table} s SET key = a.record_key FROM found_alias a WHERE a.source = s.source AND a.key = s.key`;

/**
 * To be called only when the picture holds something of these sources.
 * @param large whether so many rows are staged that joins are with the whole picture
 * @returns the units whose keys all changed
 */
export async function followCorrectedKeys(trx: Transaction, round: MergeRound, large: boolean): Promise<KeyCutOver[]> {
  const bindings = { run: round.runId };
  // Chosen on statistics from before the load, a nested loop over the whole picture would take hours.
  if (large) await trx.raw('SET LOCAL enable_nestloop = off');
  await followAliases(trx);
  const { came, handed } = await findCutOvers(trx, round);
  if (handed) await renameHanded(trx, round.runId);
  if (large) await trx.raw('SET LOCAL enable_nestloop = on');
  if (!came && round.rejected === 0) return [];
  await trx.raw('DROP TABLE IF EXISTS found_alias');
  await trx.raw(
    'CREATE TEMP TABLE found_alias (source text NOT NULL, key text NOT NULL, record_key text NOT NULL, institution_code text NOT NULL) ON COMMIT DROP',
  );
  await trx.raw(FIND_CORRECTED, { complete: round.complete });
  await trx.raw(LEAD_ON, bindings);
  await trx.raw(REMEMBER, bindings);
  await trx.raw(FOLLOW(stage));
  await trx.raw(FOLLOW(REJECTED_STAGE));
  await keepWordsUnderNewKeys(trx);
  return settleCutOvers(trx);
}
