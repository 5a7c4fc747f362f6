import type { RouteHandler } from 'fastify';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { reportTitle } from '../../pipelines/report/labels.ts';
import { renderReportBody } from '../../pipelines/report/render-html.ts';
import { runBefore, runLines } from '../../pipelines/report.ts';
import { runExists } from '../../warehouse/views/report-runs.ts';
import { orWhy, readForm, WRONG } from '../as-of-form.ts';
import type { SiteContext } from '../server.ts';

const NEWEST = 100;
const RUN_ID = /^[1-9]\d{0,14}$/;
const NONE = '該時點以前沒有執行紀錄、時點尚未到，或該時點的紀錄已逾保存期限刪除。';

export const showRuns =
  ({ db, site }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const form = readForm(request);
    if (form?.before) {
      const { asOf, now } = form.moments;
      const found = await orWhy(() => runBefore(db, asOf as string, now));
      if (found !== null) return reply.redirect(`/runs/${found}`);
    }
    const why = form === null ? WRONG : form.before === null ? null : NONE;
    const runs = await runLines(db, NEWEST);
    return reply
      .code(why === null ? 200 : 404)
      .type('text/html; charset=utf-8')
      .send(site.page('runs', '執行紀錄', 'runs', { runs, form, why }));
  };

/** The reconciliation report of one run, in the site's layout. */
export const showRun =
  ({ db, site }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const { id } = request.params as { id: string };
    if (!RUN_ID.test(id) || !(await runExists(db, Number(id)))) return reply.callNotFound();
    const report = await orWhy(() => buildReport(db, Number(id)));
    if (report === null) return reply.callNotFound();
    const page = site.page('run', reportTitle(report), 'runs', { report: renderReportBody(report) });
    return reply.type('text/html; charset=utf-8').send(page);
  };
