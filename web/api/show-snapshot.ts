import type { RouteHandler } from 'fastify';
import type { z } from 'zod';
import type { snapshotParams } from '../../schemas/api.ts';
import { describeSnapshots } from '../../warehouse/snapshot-reading.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import { describe } from './describe.ts';
import { holdToSnapshot } from './hold-to-kinds.ts';
import { sendJson } from './send-json.ts';

export const showSnapshot =
  ({ db }: ApiContext): RouteHandler =>
  async (request, reply) => {
    const { id } = request.params as z.infer<typeof snapshotParams>;
    holdToSnapshot(request.consumer, id);
    const [found] = await describeSnapshots(db, { kinds: request.consumer.kinds, id });
    if (!found) throw new ApiProblem('api-not-found');
    return sendJson(request, reply, describe(found));
  };
