/**
 * The small read-only site: last night, its report, the snapshots. It has no login yet, so it answers on loopback only by default, and there only
 * to requests that name this machine (a page elsewhere cannot reach it through a name of its own, DNS rebinding).
 */
import helmet from '@fastify/helmet';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Campaign } from '../schemas/campaign.ts';
import type { Config } from '../schemas/config.ts';
import { describeError } from '../schemas/describe-error.ts';
import type { Database } from '../warehouse/connect.ts';
import type { InstallationKeyring } from '../warehouse/keyring.ts';
import { addApi } from './api/api.ts';
import { addRoutes } from './routes.ts';
import { makeSite, type Site } from './site.ts';

export interface ServerDependencies {
  db: Database;
  keyring: InstallationKeyring;
  log: Logger;
  config: Config;
  campaigns: readonly Campaign[];
  /** The moment, ISO; the machine's where it is left out. */
  now?: () => string;
}
/** What every page is handed. */
export interface SiteContext extends ServerDependencies {
  site: Site;
}

/** No script at all; styles from here only. */
const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/** No page, and worth nothing to one that names this machine as its own: the API takes a token, and public keys are public. */
const ANY_HOST = /^\/(?:api\/v1|\.well-known)\//;

const wantsPage = (request: FastifyRequest): boolean => request.url !== '/healthz';

function sendProblem(site: Site, request: FastifyRequest, reply: FastifyReply, status: 403 | 404 | 500): FastifyReply {
  reply.code(status);
  if (!wantsPage(request)) return reply.send({ status: status === 500 ? 'down' : 'refused' });
  const title = { 403: '不接受此網址', 404: '找不到這一頁', 500: '系統發生錯誤' }[status];
  return reply.type('text/html; charset=utf-8').send(site.page('problem', title, null, { status, heading: title }));
}

export function makeServer(dependencies: ServerDependencies): FastifyInstance {
  const { db, keyring, log, config, campaigns } = dependencies;
  const site = makeSite(config, campaigns);
  const server = Fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    // An address that is not even one is answered before any hook or header of ours.
    frameworkErrors: (_error, request, reply) => {
      reply
        .header('Cache-Control', 'no-store')
        .header('Content-Security-Policy', "default-src 'none';style-src 'self'");
      sendProblem(site, request as FastifyRequest, reply as FastifyReply, 404);
    },
    forceCloseConnections: true,
    bodyLimit: 1024,
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.header('Cache-Control', 'no-store');
    if (ANY_HOST.test(request.url)) return;
    if (LOOPBACK.has(config.web.host) && !LOOPBACK.has(request.hostname)) return sendProblem(site, request, reply, 403);
  });
  server.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    if (status >= 400 && status < 500) return sendProblem(site, request, reply, 404);
    log.error({ url: request.url, error: describeError(error) }, 'page failed');
    return sendProblem(site, request, reply, 500);
  });
  const now = dependencies.now ?? (() => new Date().toISOString());
  server.register(async (scope) => addApi(scope, { db, keyring, log, config, campaigns, now }), { prefix: '/api/v1' });
  server.register(async (scope) => {
    await scope.register(helmet, { contentSecurityPolicy: POLICY, strictTransportSecurity: false });
    scope.setNotFoundHandler((request, reply) => sendProblem(site, request, reply, 404));
    addRoutes(scope, { db, keyring, log, config, campaigns, site });
  });
  return server;
}
