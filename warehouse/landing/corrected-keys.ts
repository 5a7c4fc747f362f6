/**
 * A file without a stable id of its own names a record by the person's identifier, or by name and birth date where there is none. When a school
 * corrects or adds the identifier, the record would seem to vanish and another to appear. Here the new key is found to be the old record's
 * (domain rule: never one missing plus one new) and remembered as an alias of it. A row that was rejected besides is one of these too (I12).
 */
import type { Transaction } from '../connect.ts';
import type { MergeRound } from './merge.ts';
import { RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';

const { stage, picture } = RECORD_TABLES.staff;

/** In a source that lists many institutions, another one is another post: a transfer, never a corrected key. */
const SAME_UNIT = `r.institution_code = f.institution_code
     AND (r.institution_section = f.institution_section OR r.institution_section IS NULL OR f.institution_section IS NULL)`;

/**
 * Same source and unit, one to one, and the old key not in the delivery. Either the identifier is the same and only the 學制 column came or went; or name
 * and birth date are the same: in a complete list the old row is gone, so any other identifier is a correction; where silence says nothing, two
 * whole identifiers are two people.
 */
const FIND_CORRECTED = `
  WITH fresh AS (
    SELECT * FROM (
      SELECT source, key, name_key, birth_date, institution_code, institution_section, id_hmac, id_strong FROM ${stage}
      UNION ALL
      SELECT source, key, name_key, birth_date, institution_code, section, NULL, id_strong FROM ${REJECTED_STAGE}
      WHERE kind = 'staff' AND key IS NOT NULL AND name_key IS NOT NULL
    ) AS s
    WHERE NOT EXISTS (SELECT 1 FROM ${picture} r WHERE r.source = s.source AND r.key = s.key)),
  likeness AS (
    SELECT f.source, f.key, r.key AS record_key FROM fresh f
    JOIN ${picture} r ON r.source = f.source AND r.id_hmac = f.id_hmac AND ${SAME_UNIT}
    UNION
    SELECT f.source, f.key, r.key FROM fresh f
    JOIN ${picture} r ON r.source = f.source AND r.name_key = f.name_key AND r.birth_date = f.birth_date AND ${SAME_UNIT}
    WHERE r.end_on IS NULL AND (f.source = ANY(:complete) OR NOT (f.id_strong AND r.id_strong))),
  pair AS (
    SELECT l.source, l.key, l.record_key, count(*) OVER (PARTITION BY l.source, l.key) AS of_new,
           count(*) OVER (PARTITION BY l.source, l.record_key) AS of_old
    FROM likeness l
    WHERE NOT EXISTS (SELECT 1 FROM ${stage} s WHERE s.source = l.source AND s.key = l.record_key)
      AND NOT EXISTS (SELECT 1 FROM ${REJECTED_STAGE} x WHERE x.source = l.source AND x.key = l.record_key))
  INSERT INTO landing.key_alias (source, key, record_key, run_id)
  SELECT source, key, record_key, :run FROM pair WHERE of_new = 1 AND of_old = 1
  ON CONFLICT (source, key) DO NOTHING`;

const FOLLOW = (table: string): string =>
  `UPDATE ${table} s SET key = a.record_key FROM landing.key_alias a WHERE a.source = s.source AND a.key = s.key`;

/** To be called only when the picture holds something of these sources. */
export async function followCorrectedKeys(trx: Transaction, round: MergeRound): Promise<void> {
  await trx.raw(FOLLOW(stage));
  await trx.raw(FOLLOW(REJECTED_STAGE));
  const { rowCount } = await trx.raw(FIND_CORRECTED, { complete: round.complete, run: round.runId });
  if ((rowCount ?? 0) === 0) return;
  await trx.raw(FOLLOW(stage));
  await trx.raw(FOLLOW(REJECTED_STAGE));
}
