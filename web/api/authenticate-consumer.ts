import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Consumer } from '../../schemas/consumers.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler of the API. */
    consumer: Consumer;
  }
}

/** The token in the Authorization header (RFC 6750), and nowhere else: addresses end in logs. @throws ApiProblem 401, one answer for whatever is wrong with it */
export const authenticateConsumer =
  ({ consumerOf, now }: ApiContext) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      reply.header('WWW-Authenticate', 'Bearer realm="mingce"');
      throw new ApiProblem('api-token-needed');
    }
    const [, token = ''] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    const consumer = await consumerOf({ token, now: now() });
    if (consumer === null) {
      reply.header('WWW-Authenticate', 'Bearer realm="mingce", error="invalid_token"');
      throw new ApiProblem('api-token-not-accepted');
    }
    request.consumer = consumer;
  };
