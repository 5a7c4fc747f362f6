/** The applied run that a snapshot stands on. */
import type { Database, Transaction } from '../connect.ts';
import type { SnapshotMoments } from './snapshot-visible.ts';

export interface SnapshotRun {
  id: number;
  kind: string;
  clock: string;
  simulated: boolean;
  recordedAt: string;
  /** Latest moment that a whole run (not one of some sources) spoke for, up to this run; null where there was none. */
  heardThrough: string | null;
}

/** The newest run applied at a moment or before; null means now. */
export async function appliedRunAt(db: Database, moment: string | null): Promise<SnapshotRun | null> {
  const { rows } = await db.raw(
    `SELECT r.id, r.kind, r.clock, r.simulated, r.recorded_at AS "recordedAt",
            (SELECT max(h.clock) FROM ops.run h WHERE h.recorded_at <= r.recorded_at AND h.only_sources IS NULL) AS "heardThrough"
     FROM ops.run r WHERE r.recorded_at <= coalesce(CAST(? AS timestamptz), 'infinity') ORDER BY r.recorded_at DESC LIMIT 1`,
    [moment],
  );
  return rows[0] ?? null;
}

/** Returns when no apply that may still take an earlier recorded moment is running. */
export const awaitAppliesInFlight = (db: Database): Promise<unknown> =>
  db.transaction((trx) => trx.raw('SELECT at FROM ops.recorded_clock FOR SHARE'));

/** No apply takes a recorded moment until the transaction ends. */
export const holdClock = (trx: Transaction): Promise<unknown> =>
  trx.raw('SELECT at FROM ops.recorded_clock FOR UPDATE');

/** A moment as every answer writes it (Asia/Taipei), and its day there. */
export async function taipeiMoments(
  trx: Transaction,
  given: { cutOff: string; through: string },
): Promise<SnapshotMoments> {
  const { rows } = await trx.raw(
    `SELECT CAST(? AS timestamptz) AS "cutOff", CAST(? AS timestamptz) AS through,
            (CAST(? AS timestamptz) AT TIME ZONE 'Asia/Taipei')::date AS day`,
    [given.cutOff, given.through, given.cutOff],
  );
  return rows[0];
}

/** The newest run that was recorded before a moment. @param asOf ISO */
export async function appliedRunBefore(db: Database, asOf: string): Promise<number | null> {
  const { rows } = await db.raw(
    `SELECT id FROM ops.run WHERE recorded_at < CAST(? AS timestamptz) ORDER BY recorded_at DESC LIMIT 1`,
    [asOf],
  );
  return rows[0]?.id ?? null;
}
