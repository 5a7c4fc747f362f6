/** Match: every record that changed, and every other record of the same people, gets its person. */
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { matchPeople } from '../warehouse/matching/people.ts';
import { analyzePictures, lastAppliedRun } from '../warehouse/plans.ts';
import { setStage } from '../warehouse/runs.ts';
import type { PipelineContext } from './context.ts';

export async function match(ctx: PipelineContext, claim: RunClaim): Promise<void> {
  await ctx.db.transaction(async (trx) => {
    await checkRunFence(trx, claim);
    const lastApplied = await lastAppliedRun(trx);
    await trx('ops.finding').where({ run_id: claim.runId }).delete();
    await analyzePictures(trx, claim.runId);
    const records = await matchPeople(trx, claim.runId, lastApplied);
    ctx.log.info({ run: claim.runId, records }, 'matched');
    await setStage(trx, claim, 'reconcile');
  });
}
