import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fetch } from '../../warehouse/consumer-fetches.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import { notAccepted } from './authenticate-consumer.ts';

/**
 * Writes down what is about to leave. One statement, of all who ask at the same time, asks whether the token counts and the rows are still there, and writes: also what is held in
 * memory goes to nobody after they were shredded.
 * @throws ApiProblem 401, 410: nothing leaves
 */
export async function writeFetch(
  { addFetch, now }: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  fetch: Fetch,
): Promise<void> {
  const verdict = await addFetch({ consumer: request.consumer, ...fetch, at: now() });
  request.unproven = null;
  if (verdict === 'refused') throw notAccepted(reply);
  if (verdict === 'shredded') throw new ApiProblem('api-shredded');
}
