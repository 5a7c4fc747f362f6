/**
 * The snapshot API, version 1. Every answer but its own description takes a token. Reached under any host name: a page elsewhere that names this machine as its
 * own (DNS rebinding) has no token.
 */
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { consumersOf } from '../../warehouse/api-tokens.ts';
import { addFetches } from '../../warehouse/consumer-fetches.ts';
import type { ServerDependencies } from '../server.ts';
import { answerError } from './answer-error.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem, sendApiProblem } from './api-problem.ts';
import { authenticateConsumer } from './authenticate-consumer.ts';
import { batched } from './batched.ts';
import { makeBodies } from './bodies.ts';
import { makeDeltas } from './deltas.ts';
import { DOCUMENT } from './document.ts';
import { makeKnownFiles } from './known-files.ts';
import { addApiRoutes } from './routes.ts';

/** Of every answer: none is a page, whatever a browser makes of it. The pages have more, of helmet, which makes them anew for each answer. */
const HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function addApi(server: FastifyInstance, deps: ServerDependencies & { now(): string }): void {
  const { db } = deps;
  const ctx: ApiContext = {
    ...deps,
    bodies: makeBodies(deps),
    deltas: makeDeltas(deps),
    fileOf: makeKnownFiles(db),
    consumerOf: batched((tokens) => consumersOf(db, tokens, deps.now())),
    addFetch: batched((fetches) => addFetches(db, fetches)),
  };
  // Also of what needs no token: the error handler asks for it.
  server.decorateRequest('unproven', null);
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(answerError(ctx));
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(HEADERS);
    done();
  });
  server.register(swagger, { openapi: DOCUMENT, transform: jsonSchemaTransform });
  server.register(async (open) => {
    open.get('/openapi.json', { schema: { hide: true } }, (_request, reply) =>
      reply.header('Cache-Control', 'public, max-age=300').send(open.swagger()),
    );
  });
  server.register(async (closed) => {
    closed.decorateRequest('consumer', null as never);
    closed.addHook('onRequest', authenticateConsumer(ctx));
    await closed.register(rateLimit, {
      hook: 'preParsing',
      max: deps.config.web.api.requestsPerMinute,
      timeWindow: 60_000,
      keyGenerator: (request) => String(request.consumer.token),
      errorResponseBuilder: (_request, { ttl }) => new ApiProblem('api-too-many', { seconds: Math.ceil(ttl / 1000) }),
    });
    closed.setNotFoundHandler((_request, reply) =>
      sendApiProblem(reply, new ApiProblem('api-not-found'), deps.campaigns),
    );
    addApiRoutes(closed, ctx);
  });
}
