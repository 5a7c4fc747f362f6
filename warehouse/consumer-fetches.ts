/** Who was handed which file of which snapshot, and what they say became of it (個人資料保護法施行細則 §12). */
import type { Consumer } from '../schemas/consumers.ts';
import { counts, isStale } from './api-tokens.ts';
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

/** Of one that is about to be handed out: it may be, its rows were shredded, or the token counts no more. */
export type FetchVerdict = 'written' | 'shredded' | 'refused';

/**
 * Before the first byte leaves: what is not written down is not handed out. All in one statement, which also looks whether the token still counts and the rows are still there.
 * It says when the token was last used, too.
 * @returns of each; where it was not written nothing is to be handed out
 */
export async function addFetches(db: Database, fetches: readonly AskedFetch[]): Promise<FetchVerdict[]> {
  const asked = fetches.map(({ consumer, snapshot, path, range, at }) => ({
    token: consumer.token,
    snapshot,
    path,
    at,
    first: range?.[0] ?? null,
    last: range?.[1] ?? null,
    rows: !isProof(path),
  }));
  const { rows } = await db.raw(
    `WITH asked AS MATERIALIZED (
       SELECT f.*, t.consumer, ${isStale('f.at')} AS stale,
              CASE WHEN NOT ${counts('f.at')} THEN 'refused' WHEN f.rows AND ${gone('f.snapshot')} THEN 'shredded' ELSE 'written' END AS verdict
       FROM ROWS FROM (jsonb_to_recordset(CAST(? AS jsonb)) AS (
           token integer, snapshot text, path text, at timestamptz, first bigint, last bigint, rows boolean)) WITH ORDINALITY AS f
       JOIN ops.api_token t ON t.id = f.token),
     written AS (
       INSERT INTO ops.consumer_fetch (consumer, token_id, snapshot_id, path, at, first_byte, last_byte)
       SELECT consumer, token, snapshot, path, at, first, last FROM asked WHERE verdict = 'written' ORDER BY ordinality),
     used AS (
       UPDATE ops.api_token t SET last_used_at = greatest(t.last_used_at, a.at)
       FROM (SELECT token, max(at) AS at FROM asked WHERE stale AND verdict <> 'refused' GROUP BY token) AS a WHERE t.id = a.token)
     SELECT CAST(ordinality AS integer) AS nth, verdict FROM asked`,
    [JSON.stringify(asked)],
  );
  const told = new Map<number, FetchVerdict>(
    rows.map(({ nth, verdict }: { nth: number; verdict: FetchVerdict }) => [nth, verdict]),
  );
  return fetches.map((_, i) => told.get(i + 1) ?? 'refused');
}

/** Whether a file was shredded with the rows of its snapshot. */
export async function isShredded(db: Database, snapshot: string, path: string): Promise<boolean> {
  if (isProof(path)) return false;
  const { rows } = await db.raw(`SELECT ${gone(':snapshot')} AS gone`, { snapshot });
  return rows[0].gone;
}
