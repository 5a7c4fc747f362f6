import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesAny } from './conditions.ts';

/** An answer that may change: asked for again each time, and not sent again where it is the same. */
export function sendJson(request: FastifyRequest, reply: FastifyReply, value: object): FastifyReply {
  const etag = `"${hash('sha256', JSON.stringify(value), 'base64url')}"`;
  reply.header('ETag', etag).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
  if (matchesAny(request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.send(value);
}
