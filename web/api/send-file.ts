/** One file of a snapshot: conditions, part, coding; written down as fetched before the first byte leaves. */
import type { RouteHandler } from 'fastify';
import { isShredded } from '../../warehouse/consumer-fetches.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import { fileHeaders, holdToRange } from './file-headers.ts';
import { holdToSnapshot } from './hold-to-kinds.ts';
import { mediaTypeOf } from './media-type.ts';
import { planAnswer } from './plan-answer.ts';

/** @param fixed the path, where the route names one file */
export const sendFile =
  ({ db, bodies, fileOf, addFetch, now }: ApiContext, fixed?: string): RouteHandler =>
  async (request, reply) => {
    const { id, path = fixed } = request.params as { id: string; path?: string };
    holdToSnapshot(request.consumer, id);
    const file = path === undefined ? undefined : await fileOf(id, path);
    if (!file) throw new ApiProblem('api-not-found');
    const plan = planAnswer(request.headers, file);
    const { status, coding, range } = plan;
    holdToRange(reply, plan, file.bytes);
    const handsOut = status !== 304 && request.method !== 'HEAD';
    const body = status === 304 ? null : await bodies.held(id, file, coding);
    // One statement, of all who ask at the same time, asks whether the rows are still there and writes down that they go out: also what is held in memory goes to nobody after they were shredded.
    const stands = handsOut
      ? await addFetch({ consumer: request.consumer, snapshot: id, path: file.path, range, at: now() })
      : !(await isShredded(db, id, file.path));
    if (!stands) throw new ApiProblem('api-shredded');
    const encoded = { bytes: coding === 'zstd' ? file.stored : body?.bytes.length, digest: body?.digest };
    const { bytes, sha256 } = file;
    const answered = { name: `${id}-${file.path}`, mediaType: mediaTypeOf(file.path, file.mediaType), bytes, sha256 };
    fileHeaders(reply, plan, answered, encoded);
    if (!handsOut) return reply.send();
    if (body === null) return reply.send(bodies.stream(id, file, coding, range));
    return reply.send(range === null ? body.bytes : body.bytes.subarray(range[0], range[1] + 1));
  };
