/** Who was handed which file of which snapshot, and what they say became of it (個人資料保護法施行細則 §12). */
import type { Consumer } from '../schemas/consumers.ts';
import type { Database } from './connect.ts';

export interface Fetch {
  snapshot: string;
  path: string;
  /** First and last byte of a part; null for the whole file. */
  range: readonly [number, number] | null;
}

/** Before the first byte leaves: what is not written down is not handed out. @param at ISO moment */
export async function addFetch(db: Database, consumer: Consumer, fetch: Fetch, at: string): Promise<void> {
  const [first, last] = fetch.range ?? [null, null];
  await db('ops.consumer_fetch').insert({
    consumer: consumer.name,
    token_id: consumer.token,
    snapshot_id: fetch.snapshot,
    path: fetch.path,
    at,
    first_byte: first,
    last_byte: last,
  });
}
