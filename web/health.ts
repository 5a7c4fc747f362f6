/** Whether the site can be relied on: the database answers, the last good night is not too long ago, and no run owes anything. */
import type { Database } from '../warehouse/connect.ts';
import { runsOwing } from '../warehouse/owed-work.ts';
import { type LastGoodRun, lastGoodRun } from '../warehouse/views/report-runs.ts';

/** A night is 24 hours; two more for a slow one. */
const STALE_AFTER_HOURS = 26;

export interface Freshness {
  /** `new`: nothing ran yet. `owing`: a run was applied and still owes its report or its snapshots. */
  state: 'fresh' | 'owing' | 'stale' | 'new';
  last: LastGoodRun | null;
}

export async function freshness(db: Database): Promise<Freshness> {
  const last = await lastGoodRun(db);
  if (last === null) return { state: 'new', last };
  if (last.hours_ago > STALE_AFTER_HOURS) return { state: 'stale', last };
  return { state: (await runsOwing(db)).length > 0 ? 'owing' : 'fresh', last };
}
