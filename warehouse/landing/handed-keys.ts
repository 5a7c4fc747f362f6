/**
 * A source's own key (人員編號) that names somebody else than it did: a number given anew, two numbers mixed up, or another system that numbers its staff from 1
 * as well. Whoever had it before is not that person, and nothing of theirs is told of: the row goes on under a key of its own, which may yet turn out to be a known
 * record's (`corrected-keys.ts`). Of two rows with one key in one delivery nothing is guessed: both are quarantined as ever.
 */
import type { Transaction } from '../connect.ts';
import { ANOTHER, HANDED } from './key-cut-over.ts';
import { RECORD_TABLES, REJECTED_STAGE } from './record-tables.ts';

const { stage, picture } = RECORD_TABLES.staff;

/** `o` and `s` are one person. */
const ONE = 'o.name_key = s.name_key AND (o.id_hmac = s.id_hmac OR o.birth_date = s.birth_date)';

/** The key leads to somebody else than the row names; to whom it was first, where a school goes back to its old system. */
const ASTRAY = `EXISTS (
  SELECT 1 FROM ${picture} r WHERE r.source = k.source AND r.key = k.record_key AND r.hash <> s.hash
    AND ((${ANOTHER}) OR ((${HANDED}) AND EXISTS (SELECT 1 FROM ${picture} o WHERE o.source = s.source AND o.key = s.key AND ${ONE}))))`;

/** Rows under keys that are known to be another record's by now. Makes `key_followed (source, was, key)`. */
export async function followAliases(trx: Transaction): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS key_followed, key_handed');
  await trx.raw(
    'CREATE TEMP TABLE key_followed (source text NOT NULL, was text NOT NULL, key text NOT NULL) ON COMMIT DROP',
  );
  await trx.raw(
    `WITH followed AS (
       UPDATE ${stage} s SET key = k.record_key FROM landing.key_alias k WHERE k.source = s.source AND k.key = s.key AND NOT ${ASTRAY}
       RETURNING s.source, k.key AS was, s.key)
     INSERT INTO key_followed SELECT * FROM followed`,
  );
  await trx.raw(
    `UPDATE ${REJECTED_STAGE} s SET key = k.record_key FROM landing.key_alias k WHERE k.source = s.source AND k.key = s.key
       AND NOT EXISTS (SELECT 1 FROM ${picture} r WHERE r.source = k.source AND r.key = k.record_key AND r.name_key <> s.name_key AND r.birth_date <> s.birth_date)`,
  );
  await trx.raw(
    'CREATE TEMP TABLE key_handed (source text NOT NULL, was text NOT NULL, key text NOT NULL) ON COMMIT DROP',
  );
}

/** Keys that a delivery gives to several rows. */
const TWICE = `
  SELECT d.source, d.key FROM candidate c JOIN ${stage} d ON d.source = c.source AND d.key = c.key
  LEFT JOIN key_followed f ON f.source = d.source AND f.key = d.key
  GROUP BY d.source, d.key HAVING count(DISTINCT d.ctid) - count(DISTINCT f.was) > 1`;

/** Needs `key_cut_over`. Makes `key_handed (source, was, key)`: the key as the school wrote it, and the row's own. */
export async function renameHanded(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `WITH candidate AS MATERIALIZED (
       SELECT s.ctid AS place, s.source, s.key, (${ANOTHER}) IS TRUE AS another FROM ${stage} s JOIN ${picture} r ON r.source = s.source AND r.key = s.key
       WHERE r.hash <> s.hash AND ((${ANOTHER}) OR ((${HANDED}) AND (s.source, s.institution_code) IN (SELECT source, institution_code FROM key_cut_over)))),
     twice AS MATERIALIZED (${TWICE}),
     renamed AS (
       UPDATE ${stage} s SET key = s.key || '~' || :run FROM candidate c LEFT JOIN twice t ON t.source = c.source AND t.key = c.key
       WHERE s.ctid = c.place AND t.key IS NULL RETURNING c.source, c.key AS known, c.another, s.key)
     INSERT INTO key_handed (source, was, key)
     SELECT n.source, coalesce(f.was, n.known), n.key FROM renamed n
     LEFT JOIN key_followed f ON NOT n.another AND f.source = n.source AND f.key = n.known`,
    { run: runId },
  );
}
