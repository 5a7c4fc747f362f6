import type { RouteHandler } from 'fastify';
import type { ReceiptQuestion } from '../../schemas/api-receipt.ts';
import { addReceipt } from '../../warehouse/consumer-receipts.ts';
import { describeSnapshots } from '../../warehouse/snapshot-reading.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import { holdToSnapshot } from './hold-to-kinds.ts';

/** A consumer tells what it imported. 201 where it is new, 200 where it said so before. */
export const takeReceipt =
  ({ db, now }: ApiContext): RouteHandler =>
  async (request, reply) => {
    const { id } = request.params as { id: string };
    holdToSnapshot(request.consumer, id);
    const [snapshot] = await describeSnapshots(db, { kinds: request.consumer.kinds, id });
    if (!snapshot) throw new ApiProblem('api-not-found');
    const { fingerprint, ...said } = request.body as ReceiptQuestion;
    if (fingerprint !== snapshot.fingerprint) throw new ApiProblem('api-other-snapshot');
    const { receipt, added } = await addReceipt(db, request.consumer, id, said, now());
    return reply
      .code(added ? 201 : 200)
      .header('Cache-Control', 'no-store')
      .send({ snapshot: id, ...receipt });
  };
