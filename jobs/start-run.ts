/** How a run comes to be: due closing runs first, then the run asked for; each is set down in the database before the queue hears of it. */

import { refuseCampaignChanges } from '../pipelines/campaigns/record-campaign.ts';
import type { PipelineContext } from '../pipelines/context.ts';
import { beginRun, type Sources } from '../pipelines/nightly-run.ts';
import { closingDue, closingSlot } from '../warehouse/closings.ts';
import { runsOwing, takeUpOwing } from '../warehouse/owed-work.ts';
import { createRevertRun, type RevertRequest } from '../warehouse/reverts/requests.ts';
import { createRun, type NewRun, type Run } from '../warehouse/runs.ts';
import type { JobQueue } from './queue.ts';

/** A run that is asked for; of one that undoes another also which, and who decided so. */
export interface AskedRun extends NewRun {
  revert?: RevertRequest;
}

export interface RunStarter {
  ctx: PipelineContext;
  queue: JobQueue;
  sourcesFor(run: Pick<Run, 'clock'>): Promise<Sources>;
}

/** Hands a run to the queue; also one that was begun and lost (its process died, the queue was emptied). */
export async function enqueueRun({ ctx, queue, sourcesFor }: RunStarter, run: Run): Promise<void> {
  const waiting = await beginRun(ctx, run, await sourcesFor(run));
  await queue.addRun(run.id, waiting);
}

/** Takes up the oldest run that owes its report or its snapshots, once a night. @param night the slot that asks. @returns the run, if there was one */
export async function resumeOwing(starter: RunStarter, night: string): Promise<Run | null> {
  const [owing] = await runsOwing(starter.ctx.db, night);
  const run = owing ? await takeUpOwing(starter.ctx.db, owing.id, night) : null;
  if (run) await enqueueRun(starter, run);
  return run;
}

/**
 * The runs that a moment asks for, in order: for each campaign whose cut-off has passed since the last run, a closing run that speaks for the
 * cut-off itself (R24); then the run asked for, unless the closing run spoke for that very moment.
 * @throws CampaignError where a planning year was changed in a way that needs a word of somebody
 */
export async function runsFor(ctx: PipelineContext, asked: AskedRun): Promise<AskedRun[]> {
  await refuseCampaignChanges(ctx.db, ctx.campaigns);
  const { revert: _, ...plain } = asked;
  const closings: AskedRun[] = [];
  for (const campaign of ctx.campaigns) {
    if (asked.dryRun || asked.onlySources !== null) break;
    if (!(await closingDue(ctx.db, campaign.id, campaign.cutOff, asked.clock))) continue;
    const slot = await closingSlot(ctx.db, campaign.id, campaign.cutOff);
    closings.push({ ...plain, kind: 'closing', clock: campaign.cutOff, slot });
  }
  const covered = asked.revert === undefined && closings.some((c) => Date.parse(c.clock) === Date.parse(asked.clock));
  return covered ? closings : [...closings, asked];
}

/** @returns the run, or null when another scheduler took the slot or another run goes on */
export async function startRun(starter: RunStarter, asked: AskedRun): Promise<Run | null> {
  const { revert, ...wanted } = asked;
  const { db } = starter.ctx;
  const run = revert === undefined ? await createRun(db, wanted) : await createRevertRun(db, wanted, revert);
  if (run) await enqueueRun(starter, run);
  return run;
}
