/** Rosters: institutions, and who serves at one, of any day and as recorded before any moment. */
import type { RouteHandler } from 'fastify';
import { factsOf, rosterMoment, rosterTitle } from '../../pipelines/report/render-roster.ts';
import { institutionsOf, rosterOf } from '../../pipelines/roster.ts';
import { orWhy, readForm, WRONG } from '../as-of-form.ts';
import type { SiteContext } from '../server.ts';

const HTML = 'text/html; charset=utf-8';
const CODE = /^[0-9A-Za-z-]{6,16}(:[^/]{1,10})?$/;
const NONE = '查無資料：機構代碼不存在、當日或該時點以前沒有紀錄、時點尚未到，或該時點的紀錄已逾保存期限刪除。';

export const showInstitutions =
  ({ db, site }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const form = readForm(request);
    const found = form && (await orWhy(() => institutionsOf(db, form.moments)));
    const why = form === null ? WRONG : found === null ? NONE : null;
    const data = { form, found, why };
    return reply
      .code(why === null ? 200 : 404)
      .type(HTML)
      .send(site.page('institutions', '機構名冊', 'institutions', data));
  };

export const showInstitution =
  ({ db, site }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const { code } = request.params as { code: string };
    if (!CODE.test(code)) return reply.callNotFound();
    const form = readForm(request);
    const found = form && (await orWhy(() => rosterOf(db, code, form.moments)));
    const why = form === null ? WRONG : found === null ? NONE : null;
    const shown = found && { roster: found, facts: factsOf(found), moment: rosterMoment(found) };
    const title = found === null ? `${code} 名冊` : rosterTitle(found);
    return reply
      .code(why === null ? 200 : 404)
      .type(HTML)
      .send(site.page('institution', title, 'institutions', { code, title, form, shown, why }));
  };
