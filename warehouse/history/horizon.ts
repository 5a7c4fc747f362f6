/**
 * The horizon of history: superseded versions from before it may be forgotten, so nothing before it is answered. It moves, and only forward, before the first row goes: whoever
 * asks of an earlier moment is refused from then on, however far the deletion has come.
 */
import { HistoryForgottenError } from '../../schemas/history-error.ts';
import type { Database, Transaction } from '../connect.ts';
import { checkRunFence, type RunClaim } from '../fence.ts';
import { holdClock } from '../views/snapshot-run.ts';

type Handle = Database | Transaction;

export interface Horizon {
  /** ISO; null where nothing was ever forgotten. */
  at: string | null;
  /** The run whose state stood then: of it and later ones is told what they changed. */
  firstRun: number;
}

const SELECT = `SELECT CASE WHEN at > '-infinity' THEN at END AS at, first_run_id AS "firstRun" FROM ops.history_horizon`;

export const historyHorizon = async (db: Handle): Promise<Horizon> => (await db.raw(SELECT)).rows[0];

/** The same, and it stays where it is until the transaction ends. */
export const heldHorizon = async (trx: Transaction): Promise<Horizon> => (await trx.raw(`${SELECT} FOR SHARE`)).rows[0];

const isBefore = async (db: Handle, moment: string): Promise<boolean> =>
  (await db.raw('SELECT CAST(? AS timestamptz) < at AS before FROM ops.history_horizon', [moment])).rows[0].before;

/** @param asked what the error says was asked. @throws HistoryForgottenError for a moment before the horizon */
export async function refuseForgotten(db: Handle, moment: string, asked: string): Promise<void> {
  if (!(await isBefore(db, moment))) return;
  const { at } = await historyHorizon(db);
  throw new HistoryForgottenError('history-forgotten', { asked, horizon: at ?? '' });
}

/** @throws HistoryForgottenError for a run whose changes may be forgotten */
export async function refuseForgottenRun(db: Handle, run: number): Promise<void> {
  const { firstRun } = await historyHorizon(db);
  if (run < firstRun) throw new HistoryForgottenError('run-forgotten', { run, first: firstRun });
}

/** What was forgotten would make it differ, and prove nothing. @throws HistoryForgottenError for a snapshot that stands on what may be forgotten */
export async function refuseForgottenSnapshot(
  db: Handle,
  { id, cutOff, run }: { id: string; cutOff: string; run: number },
): Promise<void> {
  const { at, firstRun } = await historyHorizon(db);
  if (at === null || (run >= firstRun && !(await isBefore(db, cutOff)))) return;
  throw new HistoryForgottenError('snapshot-forgotten', { id, horizon: at });
}

/**
 * For as long as the rows of a snapshot can be read it can be made again: the horizon does not pass the moments that it stands on.
 */
const SNAPSHOTS_KEPT = `
  SELECT min(least(s.cut_off, s.recorded_through)) FROM ops.snapshot s
  WHERE NOT EXISTS (SELECT 1 FROM ops.snapshot_key k WHERE k.snapshot_id = s.id AND k.destroyed_at IS NOT NULL)`;

/** Waits for whoever reads under the old one, and for an apply in flight. @param wanted ISO moment @returns where it is now. @throws FencedError */
export async function moveHorizon(db: Database, claim: RunClaim, wanted: string): Promise<Horizon> {
  return db.transaction(async (trx) => {
    await checkRunFence(trx, claim);
    // First: whoever makes a snapshot holds it for long, and applies must not wait for that.
    await trx.raw('SELECT at FROM ops.history_horizon FOR UPDATE');
    await holdClock(trx);
    await trx.raw(
      `UPDATE ops.history_horizon h SET at = n.at, first_run_id = n.run
       FROM (SELECT w.at, (SELECT r.id FROM ops.run r WHERE r.recorded_at < w.at ORDER BY r.recorded_at DESC LIMIT 1) AS run
             FROM (SELECT least(CAST(? AS timestamptz), (${SNAPSHOTS_KEPT})) AS at) AS w) AS n
       WHERE n.at > h.at AND n.run IS NOT NULL AND n.run >= h.first_run_id`,
      [wanted],
    );
    return historyHorizon(trx);
  });
}
