import type { RouteHandler } from 'fastify';
import type { z } from 'zod';
import type { latestQuery } from '../../schemas/api.ts';
import { describeSnapshots } from '../../warehouse/snapshot-reading.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import { describe } from './describe.ts';
import { holdToKind } from './hold-to-kinds.ts';
import { sendJson } from './send-json.ts';

/**
 * What to import (R24): the newest version of the campaign's own cut-off. One that was taken by hand as of another moment has a later number and is not
 * it; it is found in the list.
 */
export const latestSnapshot =
  ({ db, campaigns }: ApiContext): RouteHandler =>
  async (request, reply) => {
    const { campaign, kind } = request.query as z.infer<typeof latestQuery>;
    holdToKind(request.consumer, kind);
    const cutOff = campaigns.find(({ id }) => id === campaign)?.cutOff;
    const [newest] = await describeSnapshots(db, { kinds: [kind], campaign, cutOff });
    if (!newest) throw new ApiProblem('api-not-found');
    return sendJson(request, reply, describe(newest));
  };
