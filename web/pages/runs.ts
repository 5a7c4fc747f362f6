import type { RouteHandler } from 'fastify';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { reportTitle } from '../../pipelines/report/labels.ts';
import { renderReportBody } from '../../pipelines/report/render-html.ts';
import { runLines } from '../../pipelines/report.ts';
import { runExists } from '../../warehouse/views/report-runs.ts';
import type { SiteContext } from '../server.ts';

const NEWEST = 100;
const RUN_ID = /^[1-9]\d{0,14}$/;

export const showRuns =
  ({ db, site }: SiteContext): RouteHandler =>
  async (_request, reply) => {
    const runs = await runLines(db, NEWEST);
    return reply.type('text/html; charset=utf-8').send(site.page('runs', '執行紀錄', 'runs', { runs }));
  };

/** The reconciliation report of one run, in the site's layout. */
export const showRun =
  ({ db, site }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const { id } = request.params as { id: string };
    if (!RUN_ID.test(id) || !(await runExists(db, Number(id)))) return reply.callNotFound();
    const report = await buildReport(db, Number(id));
    const page = site.page('run', reportTitle(report), 'runs', { report: renderReportBody(report) });
    return reply.type('text/html; charset=utf-8').send(page);
  };
