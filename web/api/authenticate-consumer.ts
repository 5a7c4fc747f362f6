/**
 * Who asks: the token in the Authorization header (RFC 6750), and nowhere else: addresses end in logs. Whether a token counts is asked of the database for every request. Where a file
 * is fetched by somebody who was here before, the statement that writes the fetch asks it; where that ends otherwise (a problem, 304), `proveConsumer` does, before anything is answered.
 */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Consumer } from '../../schemas/consumers.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of the API. */
    consumer: Consumer;
    /** The token, as long as the database was not asked whether it counts. */
    unproven: string | null;
  }
  interface FastifyContextConfig {
    /** A GET of it that hands something out writes down a fetch first, which proves the token. */
    provenByFetch?: boolean;
  }
}

/** More tokens than there are consumers. */
const MOST_KNOWN = 1000;

/** What whoever showed a token that does not count is told: one answer for whatever is wrong with it. */
export function notAccepted(reply: FastifyReply): ApiProblem {
  // What is left of its minute would tell that it once counted.
  for (const header of ['limit', 'remaining', 'reset']) reply.removeHeader(`x-ratelimit-${header}`);
  reply.removeHeader('retry-after').header('WWW-Authenticate', 'Bearer realm="mingce", error="invalid_token"');
  return new ApiProblem('api-token-not-accepted');
}

/** A hook. @throws ApiProblem 401 */
export function authenticateConsumer({
  consumerOf,
}: ApiContext): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  // By digest. Whose a token is never changes, so it may be kept; that it counts may not.
  const known = new Map<string, Consumer>();
  return async (request, reply) => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      reply.header('WWW-Authenticate', 'Bearer realm="mingce"');
      throw new ApiProblem('api-token-needed');
    }
    const [, token = ''] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    const digest = hash('sha256', token, 'base64');
    const before =
      request.method === 'GET' && request.routeOptions.config.provenByFetch ? known.get(digest) : undefined;
    if (before) {
      request.unproven = token;
      request.consumer = before;
      return;
    }
    const consumer = await consumerOf(token);
    if (consumer === null) throw notAccepted(reply);
    if (known.size < MOST_KNOWN) known.set(digest, consumer);
    request.consumer = consumer;
  };
}

/** Before an answer of which no fetch is written. @throws ApiProblem 401 */
export async function proveConsumer(
  { consumerOf }: Pick<ApiContext, 'consumerOf'>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const token = request.unproven;
  if (token === null) return;
  request.unproven = null;
  if ((await consumerOf(token)) === null) throw notAccepted(reply);
}
