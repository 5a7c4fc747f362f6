/** What went wrong, as RFC 9457 tells it: both languages, and whom to ask (R31). Never a value of the request. */
import type { FastifyReply } from 'fastify';
import type { ApiProblemBody } from '../../schemas/api.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { message, statement } from '../../schemas/messages/catalogue.ts';
import type { SNAPSHOT_API_MESSAGES } from '../../schemas/messages/snapshot-api.ts';

export type ProblemCode = keyof typeof SNAPSHOT_API_MESSAGES;

const STATUS: Readonly<Record<ProblemCode, number>> = {
  'api-token-needed': 401,
  'api-token-not-accepted': 401,
  'api-not-for-token': 403,
  'api-not-found': 404,
  'api-request-invalid': 400,
  'api-other-snapshot': 409,
  'api-no-delta': 409,
  'api-shredded': 410,
  'api-too-large': 413,
  'api-media-type': 415,
  'api-range': 416,
  'api-too-many': 429,
  'api-broken': 500,
};

/** Thrown by a handler or a hook; the API's error handler answers it. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;
  readonly params: Record<string, string | number>;
  readonly errors: ApiProblemBody['errors'];
  readonly statusCode: number;

  constructor(code: ProblemCode, params: Record<string, string | number> = {}, errors?: ApiProblemBody['errors']) {
    super(message(code, params, 'en'));
    this.code = code;
    this.params = params;
    this.errors = errors;
    this.statusCode = STATUS[code];
  }
}

/** @param campaigns the contacts are those of the newest */
export function sendApiProblem(
  reply: FastifyReply,
  { code, params, errors, statusCode }: ApiProblem,
  campaigns: readonly Campaign[],
): FastifyReply {
  const body: ApiProblemBody = {
    type: `urn:problem-type:mingce:${code}`,
    status: statusCode,
    title: statement(code, params, 'zh'),
    detail: message(code, params, 'zh'),
    titleEn: statement(code, params, 'en'),
    detailEn: message(code, params, 'en'),
    ...(errors ? { errors } : {}),
    contacts: campaigns.at(-1)?.contacts ?? null,
  };
  return reply
    .code(statusCode)
    .header('Cache-Control', 'no-store')
    .header('Content-Language', 'zh-TW, en')
    .type('application/problem+json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}
