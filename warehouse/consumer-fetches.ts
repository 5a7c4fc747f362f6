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

/** One that is about to be handed out. */
export interface AskedFetch extends Fetch {
  consumer: Consumer;
  /** ISO moment. */
  at: string;
}

const gone = (snapshot: string): string =>
  `EXISTS (SELECT 1 FROM ops.snapshot_key k WHERE k.snapshot_id = ${snapshot} AND k.destroyed_at IS NOT NULL)`;

/**
 * Before the first byte leaves: what is not written down is not handed out. All in one statement, which also looks whether the rows are still there.
 * @returns of each, false where the rows were shredded: then nothing is to be handed out
 */
export async function addFetches(db: Database, fetches: readonly AskedFetch[]): Promise<boolean[]> {
  const asked = fetches.map(({ consumer, snapshot, path, range, at }) => ({
    consumer: consumer.name,
    token: consumer.token,
    snapshot,
    path,
    at,
    first: range?.[0] ?? null,
    last: range?.[1] ?? null,
    rows: !isProof(path),
  }));
  const { rows } = await db.raw(
    `WITH standing AS MATERIALIZED (
       SELECT f.* FROM ROWS FROM (jsonb_to_recordset(CAST(? AS jsonb)) AS (
           consumer text, token integer, snapshot text, path text, at timestamptz, first bigint, last bigint, rows boolean)) WITH ORDINALITY AS f
       WHERE NOT (f.rows AND ${gone('f.snapshot')})),
     written AS (
       INSERT INTO ops.consumer_fetch (consumer, token_id, snapshot_id, path, at, first_byte, last_byte)
       SELECT consumer, token, snapshot, path, at, first, last FROM standing ORDER BY ordinality)
     SELECT CAST(ordinality AS integer) AS nth FROM standing`,
    [JSON.stringify(asked)],
  );
  const standing = new Set(rows.map(({ nth }: { nth: number }) => nth));
  return fetches.map((_, i) => standing.has(i + 1));
}

/** Whether a file was shredded with the rows of its snapshot. */
export async function isShredded(db: Database, snapshot: string, path: string): Promise<boolean> {
  if (isProof(path)) return false;
  const { rows } = await db.raw(`SELECT ${gone(':snapshot')} AS gone`, { snapshot });
  return rows[0].gone;
}
