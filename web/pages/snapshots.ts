import { Readable } from 'node:stream';
import type { RouteHandler } from 'fastify';
import { listSnapshots } from '../../pipelines/snapshot.ts';
import { SNAPSHOT_ID } from '../../schemas/snapshot.ts';
import { isProof, shreddedSnapshots } from '../../warehouse/snapshot-keys.ts';
import { listSnapshotFiles, readSnapshotFile } from '../../warehouse/snapshots.ts';
import type { SiteContext } from '../server.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  zip: 'application/zip',
  jws: 'application/jose; charset=utf-8',
};

export const showSnapshots =
  ({ db, keyring, log, config, campaigns, site }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const { guards } = config;
    const ctx = { db, keyring, log, campaigns, guards, signal: request.signal, progress: () => undefined };
    const snapshots = await listSnapshots(ctx);
    return reply.type('text/html; charset=utf-8').send(site.page('snapshots', '快照', 'snapshots', { snapshots }));
  };

/** One stored file, a chunk at a time. A file that does not open breaks the transfer off, short of its announced length. */
export const sendSnapshotFile =
  ({ db, keyring }: SiteContext): RouteHandler =>
  async (request, reply) => {
    const { id, file } = request.params as { id: string; file: string };
    if (!SNAPSHOT_ID.test(id)) return reply.callNotFound();
    const stored = (await listSnapshotFiles(db, id)).find((f) => f.path === file);
    if (!stored || (!isProof(file) && (await shreddedSnapshots(db)).has(id))) return reply.callNotFound();
    const name = `${id}-${stored.path.replaceAll(/[^\w.-]/g, '_')}`;
    return reply
      .header('Content-Disposition', `attachment; filename="${name}"`)
      .header('Content-Length', stored.bytes)
      .type(MEDIA_TYPES[stored.path.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
      .send(Readable.from(readSnapshotFile(db, keyring, id, stored.path), { objectMode: false }));
  };
