/** Who was handed which file of which snapshot, and what they say became of it (個人資料保護法施行細則 §12). */
import type { Consumer } from '../schemas/consumers.ts';
import type { Database } from './connect.ts';
import { isProof } from './snapshot-keys.ts';

export interface Fetch {
  snapshot: string;
  path: string;
  /** First and last byte of a part; null for the whole file. */
  range: readonly [number, number] | null;
}

const GONE = 'EXISTS (SELECT 1 FROM ops.snapshot_key WHERE snapshot_id = :snapshot AND destroyed_at IS NOT NULL)';

/**
 * Before the first byte leaves: what is not written down is not handed out.
 * @param at ISO moment
 * @returns false where the rows were shredded: then nothing is to be handed out
 */
export async function addFetch(db: Database, consumer: Consumer, fetch: Fetch, at: string): Promise<boolean> {
  const { snapshot, path, range } = fetch;
  const { rowCount } = await db.raw(
    `INSERT INTO ops.consumer_fetch (consumer, token_id, snapshot_id, path, at, first_byte, last_byte)
     SELECT :consumer, :token, :snapshot, :path, CAST(:at AS timestamptz), CAST(:first AS bigint), CAST(:last AS bigint)
     WHERE NOT (CAST(:rows AS boolean) AND ${GONE})`,
    {
      consumer: consumer.name,
      token: consumer.token,
      snapshot,
      path,
      at,
      first: range?.[0] ?? null,
      last: range?.[1] ?? null,
      rows: !isProof(path),
    } as never,
  );
  return (rowCount ?? 0) > 0;
}

/** Whether a file was shredded with the rows of its snapshot. */
export async function isShredded(db: Database, snapshot: string, path: string): Promise<boolean> {
  if (isProof(path)) return false;
  const { rows } = await db.raw(`SELECT ${GONE} AS gone`, { snapshot });
  return rows[0].gone;
}
