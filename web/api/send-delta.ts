/** What makes a snapshot of an older one; written down as fetched before the first byte leaves, as a file is. */
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { RouteHandler } from 'fastify';
import type { z } from 'zod';
import { SnapshotError } from '../../pipelines/snapshot/snapshot-error.ts';
import type { deltaQuery, snapshotParams } from '../../schemas/api.ts';
import { isShredded } from '../../warehouse/consumer-fetches.ts';
import type { ApiContext } from './api-context.ts';
import { ApiProblem } from './api-problem.ts';
import type { DeltaBody } from './deltas.ts';
import { fileHeaders, holdToRange } from './file-headers.ts';
import { holdToSnapshot } from './hold-to-kinds.ts';
import { mediaTypeOf } from './media-type.ts';
import { planAnswer } from './plan-answer.ts';
import { writeFetch } from './write-fetch.ts';

const ENCODE = {
  zstd: promisify(zstdCompress),
  gzip: promisify(gzip),
  identity: async (bytes: Buffer): Promise<Buffer> => bytes,
} as const;

/** Two that cannot be compared are not wrong: whoever follows takes the newer one whole. */
function problemOf(error: unknown): unknown {
  if (!(error instanceof SnapshotError)) return error;
  return new ApiProblem(error.code === 'unknown-snapshot' ? 'api-not-found' : 'api-no-delta');
}

export const sendDelta =
  (ctx: ApiContext): RouteHandler =>
  async (request, reply) => {
    const { db, deltas } = ctx;
    const { id } = request.params as z.infer<typeof snapshotParams>;
    const { since } = request.query as z.infer<typeof deltaQuery>;
    holdToSnapshot(request.consumer, id);
    holdToSnapshot(request.consumer, since);
    const path = `since-${since}.delta.jsonl`;
    if (await isShredded(db, since, path)) throw new ApiProblem('api-shredded');
    const body: DeltaBody = await deltas(since, id).catch((error: unknown) => {
      throw problemOf(error);
    });
    const file = { bytes: body.bytes.length, sha256: body.sha256 };
    const plan = planAnswer(request.headers, file);
    const { status, coding, range } = plan;
    holdToRange(reply, plan, file.bytes);
    const handsOut = status !== 304 && request.method !== 'HEAD';
    if (handsOut) await writeFetch(ctx, request, reply, { snapshot: id, path, range });
    else if (await isShredded(db, id, path)) throw new ApiProblem('api-shredded');
    const sent = await ENCODE[coding](range === null ? body.bytes : body.bytes.subarray(range[0], range[1] + 1));
    const encoded = { bytes: sent.length, digest: hash('sha256', sent, 'base64') };
    fileHeaders(reply, plan, { name: `${id}-${path}`, mediaType: mediaTypeOf(path, null), ...file }, encoded);
    return handsOut ? reply.send(sent) : reply.send();
  };
