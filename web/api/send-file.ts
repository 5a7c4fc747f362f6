/** One file of a snapshot: conditions, part, coding; written down as fetched before the first byte leaves. */
import type { RouteHandler } from 'fastify';
import { isShredded } from '../../warehouse/consumer-fetches.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import { proveConsumer } from './authenticate-consumer.ts';
import { fileHeaders, holdToRange } from './file-headers.ts';
import { holdToSnapshot } from './hold-to-kinds.ts';
import { mediaTypeOf } from './media-type.ts';
import { planAnswer } from './plan-answer.ts';
import { writeFetch } from './write-fetch.ts';

/** @param fixed the path, where the route names one file */
export const sendFile =
  (ctx: ApiContext, fixed?: string): RouteHandler =>
  async (request, reply) => {
    const { db, bodies, fileOf } = ctx;
    const { id, path = fixed } = request.params as { id: string; path?: string };
    holdToSnapshot(request.consumer, id);
    const file = path === undefined ? undefined : await fileOf(id, path);
    if (!file) throw new ApiProblem('api-not-found');
    const plan = planAnswer(request.headers, file);
    const { status, coding, range } = plan;
    const handsOut = (status === 200 || status === 206) && request.method !== 'HEAD';
    if (!handsOut) await proveConsumer(ctx, request, reply);
    holdToRange(reply, plan, file.bytes);
    const body = status === 304 ? null : await bodies.held(id, file, coding);
    if (handsOut) await writeFetch(ctx, request, reply, { snapshot: id, path: file.path, range });
    else if (await isShredded(db, id, file.path)) throw new ApiProblem('api-shredded');
    const encoded = { bytes: coding === 'zstd' ? file.stored : body?.bytes.length, digest: body?.digest };
    const { bytes, sha256 } = file;
    const answered = { name: `${id}-${file.path}`, mediaType: mediaTypeOf(file.path, file.mediaType), bytes, sha256 };
    fileHeaders(reply, plan, answered, encoded);
    if (!handsOut) return reply.send();
    if (body === null) return reply.send(bodies.stream(id, file, coding, range));
    return reply.send(range === null ? body.bytes : body.bytes.subarray(range[0], range[1] + 1));
  };
