import type { FastifyReply } from 'fastify';
import { ApiProblem } from './api-problem.ts';
import type { AnswerPlan } from './plan-answer.ts';

/** A snapshot never changes; what was fetched may be kept, by whoever asked alone. */
const FOR_EVER = 'private, max-age=31536000, immutable';

const sha256Field = (base64: string): string => `sha-256=:${base64}:`;

export interface AnsweredFile {
  /** Name under which it is kept. */
  name: string;
  mediaType: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}
/** What is sent of it, with its coding; undefined where that is not known before it is sent. */
export interface Encoded {
  bytes: number | undefined;
  /** SHA-256, base64. */
  digest: string | undefined;
}

/** What every answer of a file says. */
const EVERY = { 'Accept-Ranges': 'bytes', Vary: 'Accept-Encoding, Authorization' };

/** @throws ApiProblem 416 for a range beyond the end */
export function holdToRange(reply: FastifyReply, { status }: AnswerPlan, bytes: number): void {
  if (status !== 416) return;
  reply.headers(EVERY).header('Content-Range', `bytes */${bytes}`);
  throw new ApiProblem('api-range', { bytes });
}

/** Status and headers of a file, whole or a part (RFC 9110, RFC 9530). */
export function fileHeaders(
  reply: FastifyReply,
  { status, coding, etag, range }: AnswerPlan,
  file: AnsweredFile,
  encoded: Encoded,
): void {
  reply.code(status).headers(EVERY).header('ETag', etag).header('Cache-Control', FOR_EVER);
  if (status === 304) return;
  const identity = Buffer.from(file.sha256, 'hex').toString('base64');
  const digest = coding === 'identity' ? identity : encoded.digest;
  if (digest !== undefined) reply.header('Repr-Digest', sha256Field(digest));
  if (coding !== 'identity') reply.header('Content-Encoding', coding).header('Unencoded-Digest', sha256Field(identity));
  if (range !== null) reply.header('Content-Range', `bytes ${range[0]}-${range[1]}/${file.bytes}`);
  const whole = coding === 'identity' ? file.bytes : encoded.bytes;
  const length = range === null ? whole : range[1] - range[0] + 1;
  if (length !== undefined) reply.header('Content-Length', length);
  reply
    .type(file.mediaType)
    .header('Content-Disposition', `attachment; filename="${file.name.replaceAll(/[^\w.-]/g, '_')}"`);
}
