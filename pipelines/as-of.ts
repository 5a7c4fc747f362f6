/** What a reader asks of: as recorded before a moment that has passed, and true on a day. */
import { WrongRequestError } from '../schemas/wrong-request.ts';
import type { Database, Transaction } from '../warehouse/connect.ts';
import { refuseForgotten } from '../warehouse/history/horizon.ts';
import { inOneState } from '../warehouse/one-state.ts';
import { appliedRunAt, awaitAppliesInFlight } from '../warehouse/views/snapshot-run.ts';

/** ISO moment with its offset; null: as recorded now. */
export type AsOfMoment = string | null;

/**
 * The moment as the views take it. An explicit one waits for an apply in flight, which may still take an earlier moment: what is answered never changes.
 * @param now the machine's moment, ISO
 * @returns `infinity` for now
 * @throws WrongRequestError for a moment that has not come: its answer could still change; HistoryForgottenError for one of which history was forgotten
 */
export async function readingMoment(db: Database, asOf: AsOfMoment, now: string): Promise<string> {
  if (asOf === null) return 'infinity';
  const newest = await appliedRunAt(db, null);
  // The clock of a rehearsal may be ahead of this machine's.
  const reached = Math.max(Date.parse(now), newest?.simulated ? Date.parse(newest.recordedAt) : 0);
  if (Date.parse(asOf) > reached)
    throw new WrongRequestError(`--as-of ${asOf} has not come: expected a moment not after now`);
  await awaitAppliesInFlight(db);
  await refuseForgotten(db, asOf, `--as-of ${asOf}`);
  return asOf;
}

/**
 * An answer that takes several reads: all of the moment, and of one state, whatever is committed meanwhile. The horizon of history moves before what lies behind it goes, so a state
 * that does not know of the move has all of it.
 * @throws WrongRequestError, HistoryForgottenError as `readingMoment`
 */
export async function readAsOf<T>(
  db: Database,
  { asOf, now }: { asOf: AsOfMoment; now: string },
  read: (state: Transaction, moment: string) => Promise<T>,
): Promise<T> {
  const moment = await readingMoment(db, asOf, now);
  return inOneState(db, async (state) => {
    if (asOf !== null) await refuseForgotten(state, asOf, `--as-of ${asOf}`);
    return read(state, moment);
  });
}
