import type { RouteHandler } from 'fastify';
import type { z } from 'zod';
import type { listQuery } from '../../schemas/api.ts';
import { describeSnapshots } from '../../warehouse/snapshot-reading.ts';
import type { ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { holdToKind } from './hold-to-kinds.ts';
import { sendJson } from './send-json.ts';

/** Those that the token opens, newest version first. */
export const listSnapshots =
  ({ db }: ApiContext): RouteHandler =>
  async (request, reply) => {
    const { campaign, kind } = request.query as z.infer<typeof listQuery>;
    if (kind !== undefined) holdToKind(request.consumer, kind);
    const kinds = kind === undefined ? request.consumer.kinds : [kind];
    const found = await describeSnapshots(db, { kinds, campaign });
    return sendJson(request, reply, { snapshots: found.map(describe) });
  };
