import type { RouteHandler } from 'fastify';
import { CAUSE_LABEL, differenceTables, rowsOf } from '../../pipelines/report/render-difference.ts';
import { diffSnapshots } from '../../pipelines/snapshot/difference/diff-snapshots.ts';
import { SnapshotError } from '../../pipelines/snapshot/snapshot-error.ts';
import { SNAPSHOT_ID } from '../../schemas/snapshot.ts';
import { CAUSES } from '../../schemas/snapshot-delta.ts';
import { ShreddedError } from '../../warehouse/snapshot-keys.ts';
import type { SiteContext } from '../server.ts';

/** More are listed by "mingce snapshot diff --format xlsx". */
const MOST_SHOWN = 500;

const WHY: Readonly<Record<string, string>> = {
  'different-kinds': '兩個快照的種類不同，無法比較。',
  'no-json-lines': '快照沒有可供比較的檔案。',
  'no-entities': '較早版本的程式所產生的快照，無法比較。',
  'too-different': '兩個快照的差異過多，請分別取用檔案。',
};

/** What differs between two snapshots, and why. */
export const showDifferences =
  ({ db, keyring, log, config, campaigns, site }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const { id } = request.params as { id: string };
    const { since } = request.query as { since?: unknown };
    if (!SNAPSHOT_ID.test(id) || typeof since !== 'string' || !SNAPSHOT_ID.test(since)) return reply.callNotFound();
    const { guards } = config;
    const ctx = { db, keyring, log, campaigns, guards, signal: request.signal, progress: () => undefined };
    const page = (data: object): string =>
      site.page('differences', `快照差異 ${since} → ${id}`, 'snapshots', { since, id, ...data });
    const html = reply.type('text/html; charset=utf-8');
    try {
      const difference = await diffSnapshots(ctx, since, id);
      const causes = CAUSES.map((cause) => ({ ...CAUSE_LABEL[cause], rows: rowsOf(difference, cause) }));
      const told = causes.filter(({ rows }) => rows.length > 0);
      const [table] = differenceTables(difference);
      return html.send(page({ difference, told, table, most: MOST_SHOWN, why: null }));
    } catch (error) {
      if (error instanceof SnapshotError && error.code === 'unknown-snapshot') return reply.callNotFound();
      const why =
        error instanceof ShreddedError
          ? '其中一個快照的明細已銷毀，無法比較。'
          : WHY[(error as SnapshotError).code ?? ''];
      if (why === undefined) throw error;
      return html.code(409).send(page({ why }));
    }
  };
