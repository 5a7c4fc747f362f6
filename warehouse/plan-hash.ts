/**
 * A plan's hash covers what is proposed and why, not object ids, run ids or times: the same proposal on the next night keeps its hash. One hash
 * per institution; the run's is over those, in the order of their keys.
 */
import { createHash } from 'node:crypto';
import type { Database } from './connect.ts';

/** SQL: one change as it is hashed. @param c alias of `ops.plan_change` */
export const changeLine = (c: string): string =>
  `jsonb_build_array(${['entity', 'action', 'source', 'source_key', 'effective', 'reason', 'rule', 'before', 'after'].map((column) => `${c}.${column}`).join(', ')})::text`;

/** SHA-256 of what a run proposes for each institution. */
export async function planHashes(db: Database, runId: number): Promise<Map<string, string>> {
  const { rows } = await db.raw(
    `SELECT institution_key AS key, encode(sha256(convert_to(string_agg(line, chr(10) ORDER BY line COLLATE "C"), 'UTF8')), 'hex') AS hash
     FROM (SELECT c.institution_key, ${changeLine('c')} AS line FROM ops.plan_change c WHERE c.run_id = ?) AS c
     GROUP BY institution_key ORDER BY institution_key COLLATE "C"`,
    [runId],
  );
  return new Map((rows as { key: string; hash: string }[]).map(({ key, hash }) => [key, hash]));
}

/** @returns `sha256:` and 64 hex digits */
export async function planHash(db: Database, runId: number): Promise<string> {
  const total = createHash('sha256');
  for (const [key, hash] of await planHashes(db, runId)) total.update(`${key} ${hash}\n`);
  return `sha256:${total.digest('hex')}`;
}
