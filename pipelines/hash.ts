/** `mingce hash`: of what the warehouse says now, or of what it said at a moment that has passed. */
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database } from '../warehouse/connect.ts';
import type { Keyring } from '../warehouse/keyring.ts';
import { warehouseHash } from '../warehouse/views/hash.ts';
import { appliedRunAt, awaitAppliesInFlight } from '../warehouse/views/snapshot-run.ts';

/**
 * @param asOf ISO moment with its offset: the state as recorded before it; null: as recorded now.
 * @param now the machine's moment, ISO
 * @throws WrongRequestError for a moment that has not come: its answer could still change
 */
export async function hashAsOf(db: Database, keyring: Keyring, asOf: string | null, now: string): Promise<string> {
  if (asOf === null) return warehouseHash(db, keyring);
  const newest = await appliedRunAt(db, null);
  // The clock of a rehearsal may be ahead of this machine's.
  const reached = Math.max(Date.parse(now), newest?.simulated ? Date.parse(newest.recordedAt) : 0);
  if (Date.parse(asOf) > reached)
    throw new WrongRequestError(`--as-of ${asOf} has not come: expected a moment not after now`);
  await awaitAppliesInFlight(db);
  return warehouseHash(db, keyring, asOf);
}
