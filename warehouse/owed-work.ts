/**
 * Runs that were applied and then broke: their changes stand, their report or their snapshots are owed. Such a run is `complete`, its stage says
 * what is owed and its error why. It keeps nobody waiting; the next night takes it up once, before its own run, and so does every sync by hand.
 */
import { storableJson } from '../schemas/storable.ts';
import type { Database } from './connect.ts';
import type { RunClaim } from './fence.ts';
import type { Run, RunError } from './runs.ts';

const UNIQUE_VIOLATION = '23505';
/** Condition on `ops.run`. */
export const OWES = `status = 'complete' AND stage IN ('report', 'snapshot')`;

/** Ends a run that was applied, its stage where it broke. @returns whether it was applied, and still was the claim's */
export async function endOwing(db: Database, claim: RunClaim, error: RunError): Promise<boolean> {
  const ended = await db('ops.run')
    .where({ id: claim.runId, epoch: claim.epoch, status: 'running' })
    .whereNotNull('recorded_at')
    .update({ status: 'complete', finished_at: db.raw('clock_timestamp()'), error: storableJson(error) });
  return ended > 0;
}

/** Runs that owe something, oldest first. @param untriedIn only those that this night did not take up yet; null means all */
export const runsOwing = (db: Database, untriedIn: string | null = null): Promise<Run[]> =>
  db('ops.run')
    .whereRaw(OWES)
    .whereRaw('(?::text IS NULL OR asked_in IS DISTINCT FROM ?)', [untriedIn, untriedIn])
    .orderBy('id');

/** Lets a run that owes go on. @param night the slot that takes it up. @returns null when it owes nothing any more, or another run goes on */
export async function takeUpOwing(db: Database, id: number, night: string | null): Promise<Run | null> {
  try {
    const rows: Run[] = await db('ops.run')
      .where({ id })
      .whereRaw(OWES)
      .update({ status: 'running', finished_at: null, asked_in: db.raw('coalesce(?, asked_in)', [night]) })
      .returning('*');
    return rows[0] ?? null;
  } catch (error) {
    if ((error as { code?: string }).code === UNIQUE_VIOLATION) return null;
    throw error;
  }
}

/** Another run was applied since: what held on this run's night cannot be read any more. */
export async function wasOvertaken(db: Database, runId: number): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT EXISTS (SELECT 1 FROM ops.run later JOIN ops.run r ON r.id = ? WHERE later.recorded_at > r.recorded_at) AS yes`,
    [runId],
  );
  return rows[0].yes;
}
