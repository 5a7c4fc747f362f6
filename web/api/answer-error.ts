import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../../schemas/describe-error.ts';
import { ShreddedError } from '../../warehouse/snapshot-keys.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem, type ProblemCode, sendApiProblem } from './api-problem.ts';
import { proveConsumer } from './authenticate-consumer.ts';

interface Thrown {
  statusCode?: number;
  validation?: readonly { instancePath: string; message?: string }[];
  validationContext?: string;
}

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'api-request-invalid',
  404: 'api-not-found',
  413: 'api-too-large',
  415: 'api-media-type',
};

function problemOf(error: unknown): ApiProblem | null {
  if (error instanceof ApiProblem) return error;
  if (error instanceof ShreddedError) return new ApiProblem('api-shredded');
  const { statusCode, validation, validationContext } = error as Thrown;
  if (validation) {
    const errors = validation.map(({ instancePath, message = '' }) => ({
      at: `${validationContext ?? ''}${instancePath}`.replace(/\/$/, ''),
      expected: message,
    }));
    return new ApiProblem('api-request-invalid', {}, errors);
  }
  const code = statusCode === undefined ? undefined : BY_STATUS[statusCode];
  return code ? new ApiProblem(code) : null;
}

/** The API's error handler. What is not foreseen is logged by its route, not by its address, and answered without a word of it. */
export const answerError =
  ({ log, campaigns, consumerOf }: Pick<ApiContext, 'log' | 'campaigns' | 'consumerOf'>) =>
  async (thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // Whoever's token counts no more is told that, and not what else went wrong.
    const error = await proveConsumer({ consumerOf }, request, reply).then(
      () => thrown,
      (unproven: unknown) => unproven,
    );
    const problem = problemOf(error);
    if (problem) return sendApiProblem(reply, problem, campaigns);
    log.error({ route: request.routeOptions.url, error: describeError(error) }, 'API request failed');
    return sendApiProblem(reply, new ApiProblem('api-broken'), campaigns);
  };
