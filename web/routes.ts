/** Every route of the site in one place. All of them read; none changes anything. */
import type { FastifyInstance } from 'fastify';
import { reportCss } from '../pipelines/report/render-html.ts';
import { publicKeySet } from '../pipelines/signing-keys.ts';
import { showDifferences } from './pages/differences.ts';
import { showHealth } from './pages/health.ts';
import { showHome } from './pages/home.ts';
import { showInstitution, showInstitutions } from './pages/institutions.ts';
import { showRun, showRuns } from './pages/runs.ts';
import { sendSnapshotFile, showSnapshots } from './pages/snapshots.ts';
import type { SiteContext } from './server.ts';

const CSS = 'text/css; charset=utf-8';

export function addRoutes(server: FastifyInstance, ctx: SiteContext): void {
  server.get('/', showHome(ctx));
  server.get('/runs', showRuns(ctx));
  server.get('/runs/:id', showRun(ctx));
  server.get('/institutions', showInstitutions(ctx));
  server.get('/institutions/:code', showInstitution(ctx));
  server.get('/snapshots', showSnapshots(ctx));
  server.get('/snapshots/:id/differences', showDifferences(ctx));
  server.get('/snapshots/:id/:file', sendSnapshotFile(ctx));
  server.get('/.well-known/jwks.json', async (_request, reply) =>
    reply.type('application/jwk-set+json').send(await publicKeySet(ctx.db)),
  );
  server.get('/healthz', showHealth(ctx));
  server.get('/report.css', (_request, reply) => reply.type(CSS).send(reportCss()));
  server.get('/site.css', (_request, reply) => reply.type(CSS).send(ctx.site.asset('site.css')));
  server.get('/favicon.svg', (_request, reply) => reply.type('image/svg+xml').send(ctx.site.asset('favicon.svg')));
}
