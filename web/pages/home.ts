import type { RouteHandler } from 'fastify';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { latestFinishedRun, unfinishedRun } from '../../warehouse/runs.ts';
import { listSchedules } from '../../warehouse/schedules.ts';
import { freshness } from '../health.ts';
import { nextNight } from '../next-night.ts';
import type { SiteContext } from '../server.ts';

/** Last night at a glance. */
export const showHome =
  ({ db, config, site }: SiteContext): RouteHandler =>
  async (_request, reply) => {
    const last = await latestFinishedRun(db);
    const report = last ? await buildReport(db, last.id) : null;
    const [schedule] = (await listSchedules(db)).filter((s) => s.name === 'nightly');
    const data = {
      report,
      running: (await unfinishedRun(db)) ?? null,
      freshness: await freshness(db),
      scheduled: schedule?.enabled ?? false,
      next: nextNight(schedule?.at_time ?? config.schedule.nightly, Date.now()),
    };
    return reply.type('text/html; charset=utf-8').send(site.page('home', '昨夜概況', 'home', data));
  };
