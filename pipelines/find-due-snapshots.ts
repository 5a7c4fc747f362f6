import type { Finding } from '../schemas/plan.ts';
import type { Transaction } from '../warehouse/connect.ts';
import type { PipelineContext } from './context.ts';
import { dueSnapshots } from './snapshot/kept-until.ts';

/** Snapshots whose purpose is over (個資法 §11): told until somebody of the bureau shreds them. @param clock moment of the run */
export async function findDueSnapshots(
  trx: Transaction,
  ctx: Pick<PipelineContext, 'campaigns'>,
  clock: string,
): Promise<Finding[]> {
  return (await dueSnapshots(trx, ctx, clock)).map(({ id, keepUntil }) => ({
    code: 'snapshot-due',
    institutionKey: null,
    subject: id,
    personRef: null,
    params: { snapshot: id, until: keepUntil },
  }));
}
