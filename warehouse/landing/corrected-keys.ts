/**
 * A file without a stable id of its own names a record by the person's identifier, or by name and birth date where there is none. When a school
 * corrects or adds the identifier, the record would seem to vanish and another to appear. Here the new key is found to be the old record's
 * (domain rule: never one missing plus one new) and remembered as an alias of it. A row that was rejected besides is one of these too (I12). A school that changes
 * its system changes all keys at once (`key-cut-over.ts`): then a key that was another person's before is a new one as well.
 */
import type { Transaction } from '../connect.ts';
import { findCutOvers, type KeyCutOver, settleCutOvers } from './key-cut-over.ts';
import type { MergeRound } from './merge.ts';
import { RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';

const { stage, picture } = RECORD_TABLES.staff;

/** In a source that lists many institutions, another one is another post: a transfer, never a corrected key. */
const SAME_UNIT = `r.institution_code = f.institution_code
     AND (r.institution_section = f.institution_section OR r.institution_section IS NULL OR f.institution_section IS NULL)`;

/** Rows whose key names nobody known; in a cut-over also those whose key named somebody else. */
const FRESH = `
  SELECT s.* FROM (
    SELECT source, key, name_key, birth_date, institution_code, institution_section, id_hmac, id_strong FROM ${stage}
    UNION ALL
    SELECT source, key, name_key, birth_date, institution_code, section, NULL, id_strong FROM ${REJECTED_STAGE}
    WHERE kind = 'staff' AND key IS NOT NULL AND name_key IS NOT NULL
  ) AS s
  WHERE NOT EXISTS (SELECT 1 FROM ${picture} r WHERE r.source = s.source AND r.key = s.key)
  UNION ALL
  SELECT s.source, s.key, s.name_key, s.birth_date, s.institution_code, s.institution_section, s.id_hmac, s.id_strong
  FROM key_handed h JOIN ${stage} s USING (source, key)`;

/** Pairs whose old record the delivery does not name, or names somebody else by. */
const FREE = `NOT EXISTS (SELECT 1 FROM ${stage} s WHERE s.source = l.source AND s.key = l.record_key
                AND NOT EXISTS (SELECT 1 FROM key_handed h WHERE h.source = s.source AND h.key = s.key))
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

/** Whom nobody was found for, under a key that was another's, gets a record of their own: they are not that other one. */
const OWN_RECORDS = `
  INSERT INTO found_alias (source, key, record_key, institution_code, is_new)
  SELECT h.source, h.key, h.key || '~' || :run, h.institution_code, true FROM key_handed h
  WHERE NOT EXISTS (SELECT 1 FROM found_alias a WHERE a.source = h.source AND a.key = h.key)`;

/** A key that led to a record whose row is another one's by now leads to that other one. */
const LEAD_ON = `
  UPDATE landing.key_alias k SET record_key = a.record_key, run_id = :run FROM found_alias a WHERE a.source = k.source AND a.key = k.record_key`;

const REMEMBER = `
  INSERT INTO landing.key_alias (source, key, record_key, run_id) SELECT source, key, record_key, :run FROM found_alias
  ON CONFLICT (source, key) DO NOTHING`;

const FOLLOW = (table: string, aliases: string): string =>
  `UPDATE ${table} s SET key = a.record_key FROM ${aliases} a WHERE a.source = s.source AND a.key = s.key`;

/** Each row once: a key may by now name the record that another key named before. */
async function follow(trx: Transaction, aliases: string): Promise<void> {
  await trx.raw(FOLLOW(stage, aliases));
  await trx.raw(FOLLOW(REJECTED_STAGE, aliases));
}

/**
 * To be called only when the picture holds something of these sources.
 * @param large whether so many rows are staged that joins are with the whole picture
 * @returns the units whose keys all changed
 */
export async function followCorrectedKeys(trx: Transaction, round: MergeRound, large: boolean): Promise<KeyCutOver[]> {
  await follow(trx, 'landing.key_alias');
  await trx.raw('DROP TABLE IF EXISTS found_alias');
  await trx.raw(
    'CREATE TEMP TABLE found_alias (source text NOT NULL, key text NOT NULL, record_key text NOT NULL, institution_code text NOT NULL, is_new boolean NOT NULL DEFAULT false) ON COMMIT DROP',
  );
  if (!(await findCutOvers(trx, round, large)) && round.rejected === 0) return [];
  const found = await trx.raw(FIND_CORRECTED, { complete: round.complete });
  const own = await trx.raw(OWN_RECORDS, { run: round.runId });
  if ((found.rowCount ?? 0) + (own.rowCount ?? 0) > 0) {
    await trx.raw(LEAD_ON, { run: round.runId });
    await trx.raw(REMEMBER, { run: round.runId });
    await follow(trx, 'found_alias');
  }
  return settleCutOvers(trx);
}
