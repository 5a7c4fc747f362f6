import { PLAN_KINDS, type PlanKind } from '../../schemas/campaign.ts';
import type { Consumer } from '../../schemas/consumers.ts';
import { SNAPSHOT_ID } from '../../schemas/snapshot.ts';
import { ApiProblem } from './api-problem.ts';

/** @throws ApiProblem 403 for a kind that the token does not open */
export function holdToKind({ kinds }: Consumer, kind: PlanKind): void {
  if (!kinds.includes(kind)) throw new ApiProblem('api-not-for-token');
}

/**
 * An id names its kind, so that another kind is refused without looking: the answer is the same whether there is such a snapshot or not.
 * @throws ApiProblem 403 for another kind, 404 for what is no id
 */
export function holdToSnapshot(consumer: Consumer, id: string): void {
  const kind = SNAPSHOT_ID.test(id) ? PLAN_KINDS.find((known) => id.includes(`-${known}-`)) : undefined;
  if (kind === undefined) throw new ApiProblem('api-not-found');
  holdToKind(consumer, kind);
}
