/**
 * Until when a run hears the files of schools. While the closing run of a passed cut-off has not been applied (it failed, or this is a dry run or a
 * run of some sources before it), files that arrived at the cut-off or after it wait in the inbox: landed in one night with an earlier file of the
 * same school they would take its place before it was recorded, and the freeze would miss what was registered in time (R24). Kindergartens
 * go on: what their feed registered at the cut-off or later stays out of the snapshot by its own registration time.
 */
import { PLAN_KINDS } from '../schemas/campaign.ts';
import { closingDue, isFrozen } from '../warehouse/closings.ts';
import type { Run } from '../warehouse/runs.ts';
import type { PipelineContext } from './context.ts';

/** @returns a moment, ISO: the run's own, or the oldest cut-off that still waits for its closing run */
export async function hearsUntil({ db, campaigns, log }: PipelineContext, run: Run): Promise<string> {
  if (run.kind === 'closing') return run.clock;
  let until = run.clock;
  for (const { id, cutOff } of campaigns) {
    if (Date.parse(cutOff) >= Date.parse(until) || !(await closingDue(db, id, cutOff, run.clock))) continue;
    if (await isFrozen(db, id, cutOff, PLAN_KINDS)) continue;
    until = cutOff;
    log.warn(
      { run: run.id, campaign: id, cutOff },
      'school files from the cut-off on wait until its closing run is applied',
    );
  }
  return until;
}
