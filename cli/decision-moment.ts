import { lastCompletedClock } from '../warehouse/runs.ts';
import type { Installation } from './installation.ts';
import { checkRequest } from './sync.ts';

/**
 * When something is decided: now; in a rehearsal, whose clock is not this machine's, the moment given, else that of its newest night.
 * @param clock what `--clock` gave
 * @throws UsageError where one is given outside a rehearsal, or is no moment
 */
export async function decisionMoment(installation: Installation, clock: string | undefined): Promise<string> {
  checkRequest(installation, { sources: null, dryRun: false, clock: clock ?? null });
  if (clock !== undefined) return clock;
  const night = installation.config.simulation ? await lastCompletedClock(installation.db) : null;
  return night ?? new Date().toISOString();
}
