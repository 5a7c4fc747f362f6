import type { Database } from '../connect.ts';
import type { RunClaim } from '../fence.ts';
import { checkRunFence } from '../fence.ts';
import { CURRENT_DELIVERIES } from './deliveries.ts';

/** Objects of one transaction: a night's first deletion may be of years. */
const BLOCK = 500;

/**
 * Deletes the bytes of raw objects received before a moment, but not of what makes up a source's current picture (a replay reads it) nor of
 * what open quarantine needs for a correction file. Names and lineage stay. @returns how many. @throws FencedError
 */
export async function removeOldObjects(db: Database, claim: RunClaim, before: string, now: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const block = await db.transaction(async (trx) => {
      await checkRunFence(trx, claim);
      const { rows } = await trx.raw(
        `WITH current AS MATERIALIZED (SELECT DISTINCT unnest(objects) AS id FROM (${CURRENT_DELIVERIES}) AS d),
         old AS (
           SELECT o.id FROM landing.object o
           WHERE o.removed_at IS NULL AND o.received_at < :before::timestamptz
             AND NOT EXISTS (SELECT 1 FROM current c WHERE c.id = o.id)
             AND NOT EXISTS (SELECT 1 FROM landing.quarantine q WHERE q.object_id = o.id AND q.resolved_run_id IS NULL)
           ORDER BY o.id LIMIT ${BLOCK}),
         gone AS (DELETE FROM landing.object_chunk c USING old WHERE c.object_id = old.id)
         UPDATE landing.object o SET removed_at = :now::timestamptz FROM old WHERE o.id = old.id RETURNING o.id`,
        { before, now },
      );
      return rows.length;
    });
    removed += block;
    if (block < BLOCK) return removed;
  }
}
