/**
 * Raw objects as received: compressed, then encrypted in chunks, addressed by content. The same bytes from the same source are kept once.
 * A reader takes one chunk at a time, so a large file never sits in memory.
 */
import { createHash } from 'node:crypto';
import { type Duplex, pipeline, Readable } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { Database, Transaction } from '../connect.ts';
import type { Keyring } from '../keyring.ts';

const CHUNK_BYTES = 1024 * 1024;
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

export interface ObjectMeta {
  id: number;
  name: string;
  mediaType: string;
  sha256: Buffer;
  bytes: number;
}
export interface ReceivedObject {
  source: string;
  runId: number;
  name: string;
  mediaType: string;
  receivedAt: string;
  body: AsyncIterable<Uint8Array>;
}

const place = (id: number, seq: number): string => `landing.object_chunk.body:${id}:${seq}`;

/** Sends bytes through a transform; an error on the way comes out where the result is read. */
function through(source: AsyncIterable<Uint8Array>, transform: Duplex): AsyncIterable<Buffer> {
  return pipeline(Readable.from(source), transform, () => undefined);
}

async function* inChunks(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    held.push(piece);
    size += piece.length;
    if (size >= CHUNK_BYTES) {
      yield Buffer.concat(held);
      held = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(held);
}

/**
 * Keeps an object and @returns where; bytes that this source sent before are recognised and not kept twice.
 * @param also done in the same transaction
 */
export async function storeObject(
  db: Database,
  keyring: Keyring,
  received: ReceivedObject,
  also: (trx: Transaction, meta: ObjectMeta) => Promise<void> = async () => undefined,
): Promise<ObjectMeta> {
  return db.transaction(async (trx) => {
    const meta = await write(trx, keyring, received);
    await also(trx, meta);
    return meta;
  });
}

async function write(trx: Transaction, keyring: Keyring, received: ReceivedObject): Promise<ObjectMeta> {
  const digest = createHash('sha256');
  let bytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const piece of received.body) {
      digest.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  // Nothing is told of an object before its delivery is landed; that commit waits for the disk, and this one comes before it there. Lost with the
  // power before, it is asked for again.
  const { rows } = await trx.raw(
    `SELECT nextval(pg_get_serial_sequence('landing.object', 'id')) AS id, set_config('synchronous_commit', 'off', true)`,
  );
  const id: number = rows[0].id;
  let first: Buffer | null = null;
  let seq = 0;
  const compressed = through(measured(), createZstdCompress(COMPRESSION));
  for await (const chunk of inChunks(compressed)) {
    const sealed = keyring.seal(place(id, seq), chunk);
    if (seq === 0) first = sealed;
    else {
      // They come before the object that they belong to.
      if (seq === 1) await trx.raw('SET CONSTRAINTS ALL DEFERRED');
      await trx.raw('INSERT INTO landing.object_chunk (object_id, seq, body) VALUES (?, ?, ?)', [id, seq, sealed]);
    }
    seq += 1;
  }
  const meta = { name: received.name, mediaType: received.mediaType, sha256: digest.digest(), bytes };
  const known = await writeFirst(trx, id, received, meta, first);
  if (known !== null && seq > 1) await trx.raw('DELETE FROM landing.object_chunk WHERE object_id = ?', [id]);
  return { id: known ?? id, ...meta };
}

/** The object with its first chunk, in one statement: most are small. @returns the number under which the same bytes are kept, then nothing is written */
async function writeFirst(
  trx: Transaction,
  id: number,
  { source, receivedAt, runId }: ReceivedObject,
  { name, mediaType, sha256, bytes }: Omit<ObjectMeta, 'id'>,
  first: Buffer | null,
): Promise<number | null> {
  const { rows } = await trx.raw(
    `WITH known AS (SELECT id FROM landing.object WHERE source = :source AND sha256 = :sha256 AND removed_at IS NULL),
          added AS (INSERT INTO landing.object (id, source, name, media_type, sha256, bytes, received_at, run_id) OVERRIDING SYSTEM VALUE
                    SELECT :id::bigint, :source::text, :name::text, :mediaType::text, :sha256::bytea, :bytes::bigint, :receivedAt::timestamptz, :runId::bigint
                    WHERE NOT EXISTS (SELECT FROM known) RETURNING id),
          begun AS (INSERT INTO landing.object_chunk (object_id, seq, body)
                    SELECT added.id, 0, f.body FROM added, (SELECT :first::bytea AS body) AS f WHERE f.body IS NOT NULL)
     SELECT id FROM known`,
    { id, source, name, mediaType, sha256, bytes, receivedAt, runId, first } as never,
  );
  return rows[0]?.id ?? null;
}

/** Objects by number, with whether their bytes were removed when their time was over. */
export async function objectsById(
  db: Database,
  ids: readonly number[],
): Promise<(ObjectMeta & { removed: boolean })[]> {
  const { rows } = await db.raw(
    `SELECT id, name, media_type AS "mediaType", sha256, bytes, removed_at IS NOT NULL AS removed
     FROM landing.object WHERE id = ANY(?::bigint[]) ORDER BY id`,
    [[...ids]],
  );
  return rows;
}

async function* chunksOf(db: Database, keyring: Keyring, id: number): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq += 1) {
    const { rows } = await db.raw('SELECT body FROM landing.object_chunk WHERE object_id = ? AND seq = ?', [id, seq]);
    if (rows.length === 0) return;
    yield keyring.open(place(id, seq), rows[0].body);
  }
}

/** The bytes of an object exactly as received. */
export function readObject(db: Database, keyring: Keyring, id: number): AsyncIterable<Uint8Array> {
  return through(chunksOf(db, keyring, id), createZstdDecompress());
}
