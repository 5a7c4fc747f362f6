/** Whether the site can be relied on: the database answers, and the last good night is not too long ago. */
import type { Database } from '../warehouse/connect.ts';
import { type LastGoodRun, lastGoodRun } from '../warehouse/views/report-runs.ts';

/** A night is 24 hours; two more for a slow one. */
const STALE_AFTER_HOURS = 26;

export interface Freshness {
  /** `new`: nothing ran yet. */
  state: 'fresh' | 'stale' | 'new';
  last: LastGoodRun | null;
}

export async function freshness(db: Database): Promise<Freshness> {
  const last = await lastGoodRun(db);
  if (last === null) return { state: 'new', last };
  return { state: last.hours_ago > STALE_AFTER_HOURS ? 'stale' : 'fresh', last };
}
