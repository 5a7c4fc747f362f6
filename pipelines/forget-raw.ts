import type { RunClaim } from '../warehouse/fence.ts';
import { removeOldObjects } from '../warehouse/landing/retention.ts';
import { getRun } from '../warehouse/runs.ts';
import type { PipelineContext } from './context.ts';

const DAY_MS = 86_400_000;

/** At a run's end: originals whose retention is over leave the database. @throws FencedError */
export async function forgetRaw(ctx: PipelineContext, claim: RunClaim): Promise<void> {
  if (ctx.rawDays === null || ctx.rawDays === undefined) return;
  const { clock } = await getRun(ctx.db, claim.runId);
  const before = new Date(Date.parse(clock) - ctx.rawDays * DAY_MS).toISOString();
  const removed = await removeOldObjects(ctx.db, claim, before, clock);
  if (removed > 0) ctx.log.info({ run: claim.runId, removed, before }, 'raw objects past their retention removed');
}
