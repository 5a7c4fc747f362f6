import type { RouteHandler } from 'fastify';
import { freshness } from '../health.ts';
import type { SiteContext } from '../server.ts';

/** 200 while the database answers, the last good run is not stale none owes its report or snapshots and no closing run failed; else 503. */
export const showHealth =
  ({ db }: SiteContext): RouteHandler =>
  async (_request, reply) => {
    const { state, last } = await freshness(db);
    reply.code(state === 'fresh' || state === 'new' ? 200 : 503);
    return { status: state, lastRun: last === null ? null : String(last.id), finishedAt: last?.finished_at ?? null };
  };
