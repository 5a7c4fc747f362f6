/** `mingce hash`: of what the warehouse says now, or of what it said at a moment that has passed. */
import type { Database } from '../warehouse/connect.ts';
import { refuseForgotten } from '../warehouse/history/horizon.ts';
import type { Keyring } from '../warehouse/keyring.ts';
import { warehouseHash } from '../warehouse/views/hash.ts';
import { type AsOfMoment, readingMoment } from './as-of.ts';

/**
 * @param asOf the state as recorded before it; null: as recorded now
 * @param now the machine's moment, ISO
 * @throws WrongRequestError for a moment that has not come; HistoryForgottenError
 */
export async function hashAsOf(db: Database, keyring: Keyring, asOf: AsOfMoment, now: string): Promise<string> {
  const moment = await readingMoment(db, asOf, now);
  if (asOf === null) return warehouseHash(db, keyring);
  const hash = await warehouseHash(db, keyring, moment);
  // What was forgotten while it was read may be missing of it.
  await refuseForgotten(db, asOf, `--as-of ${asOf}`);
  return hash;
}
