/** Whether the site can be relied on: the database answers, the last good night is not too long ago, and nothing is owed. */
import { failedClosings } from '../warehouse/closings.ts';
import type { Database } from '../warehouse/connect.ts';
import { runsOwing } from '../warehouse/owed-work.ts';
import { type LastGoodRun, lastGoodRun } from '../warehouse/views/report-runs.ts';

/** A night is 24 hours; two more for a slow one. */
const STALE_AFTER_HOURS = 26;

export interface Freshness {
  /** `new`: nothing ran yet. `owing`: a run was applied and still owes its report or its snapshots. `unclosed`: a closing run failed. */
  state: 'fresh' | 'owing' | 'unclosed' | 'stale' | 'new';
  last: LastGoodRun | null;
  /** Closing runs that failed and were not made up for. */
  unclosed: number[];
}

async function stateOf(db: Database, last: LastGoodRun | null, unclosed: number[]): Promise<Freshness['state']> {
  if (last === null) return 'new';
  if (last.hours_ago > STALE_AFTER_HOURS) return 'stale';
  if (unclosed.length > 0) return 'unclosed';
  return (await runsOwing(db)).length > 0 ? 'owing' : 'fresh';
}

export async function freshness(db: Database): Promise<Freshness> {
  const last = await lastGoodRun(db);
  const unclosed = await failedClosings(db);
  return { state: await stateOf(db, last, unclosed), last, unclosed };
}
