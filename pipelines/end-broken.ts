/**
 * The end of a run whose stage broke on its last try, told truly: before apply has committed nothing happened and the run is failed; after it the
 * changes stand, the run is complete, and it owes its report or its snapshots (`warehouse/owed-work.ts`).
 */
import { describeError, type ErrorDescription } from '../schemas/describe-error.ts';
import { FencedError, type RunClaim } from '../warehouse/fence.ts';
import { endOwing } from '../warehouse/owed-work.ts';
import { failRun, getRun } from '../warehouse/runs.ts';
import type { PipelineContext } from './context.ts';
import { takeDueSnapshots } from './snapshot.ts';

/** A report that cannot be made must not keep a closing run from freezing. @returns what is wrong with the snapshots too, if anything is */
async function freezeAllTheSame(ctx: PipelineContext, claim: RunClaim): Promise<string> {
  try {
    await takeDueSnapshots(ctx, claim);
    return '';
  } catch (error) {
    if (error instanceof FencedError) throw error;
    ctx.log.error({ run: claim.runId, err: error }, 'no snapshot either');
    return `; its snapshots failed too: ${describeError(error).message}`;
  }
}

/** @returns what was recorded as the run's error. @throws FencedError when another worker took the run over */
export async function endBroken(ctx: PipelineContext, claim: RunClaim, error: unknown): Promise<ErrorDescription> {
  const { code, message } = describeError(error);
  const { recorded_at: appliedAt, stage, kind, slot } = await getRun(ctx.db, claim.runId);
  if (appliedAt === null) {
    await failRun(ctx.db, claim, { code, message });
    ctx.log.error({ run: claim.runId, kind, slot, stage, code }, 'run failed: nothing of it was applied');
    return { code, message };
  }
  const more = stage === 'report' ? await freezeAllTheSame(ctx, claim) : '';
  const owed = `applied, but its ${stage} stage failed: ${message.replace(/\.$/, '')}${more}. The next night and "mingce sync" try that stage again`;
  if (!(await endOwing(ctx.db, claim, { code, message: owed }))) {
    throw new FencedError(`run ${claim.runId} was taken over (epoch ${claim.epoch} is past)`);
  }
  ctx.log.error({ run: claim.runId, kind, slot, stage, code }, 'run applied, but it owes its report or snapshots');
  return { code, message: owed };
}
