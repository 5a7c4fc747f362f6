/**
 * The bytes of files that are asked for, as they go out. Many consumers fetch a new snapshot at the same time: what fits is opened once and held in memory for
 * some minutes, no more than MOST_HELD of it; what does not fit is opened for each, a chunk at a time.
 */
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import type { Database } from '../../warehouse/connect.ts';
import type { InstallationKeyring } from '../../warehouse/keyring.ts';
import type { FileToSend } from '../../warehouse/snapshot-reading.ts';
import { readCompressed, readSnapshotFile } from '../../warehouse/snapshots.ts';
import { partOf } from './part-of.ts';
import type { Coding } from './plan-answer.ts';

const MiB = 1024 * 1024;
export const MOST_HELD = 256 * MiB;
export const MOST_OF_ONE = 128 * MiB;
const HELD_FOR_MS = 5 * 60_000;

export interface Body {
  bytes: Buffer;
  /** SHA-256, base64. */
  digest: string;
}
export interface Bodies {
  /** @returns null where it is too large to be held. @throws StoredFileError */
  held(id: string, file: FileToSend, coding: Coding): Promise<Body | null>;
  /** @param range of the identity bytes */
  stream(id: string, file: FileToSend, coding: Coding, range: readonly [number, number] | null): Readable;
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

export function makeBodies({ db, keyring }: { db: Database; keyring: InstallationKeyring }): Bodies {
  const held = new Map<string, { size: number; body: Promise<Body> }>();
  let total = 0;

  const drop = (key: string): void => {
    total -= held.get(key)?.size ?? 0;
    held.delete(key);
  };
  async function open(id: string, file: FileToSend, coding: Coding): Promise<Buffer> {
    if (coding === 'zstd') return gather(readCompressed(db, keyring, id, file.path));
    const plain = readSnapshotFile(db, keyring, id, file.path);
    if (coding === 'identity') return gather(plain);
    return promisify(gzip)(await gather(plain));
  }
  function keep(key: string, size: number, load: () => Promise<Buffer>): Promise<Body> {
    for (const [oldest] of held) {
      if (total + size <= MOST_HELD) break;
      drop(oldest);
    }
    const body = load().then((bytes) => ({ bytes, digest: hash('sha256', bytes, 'base64') }));
    const entry = { size, body };
    held.set(key, entry);
    total += size;
    const forget = (): void => {
      if (held.get(key) === entry) drop(key);
    };
    body.catch(forget);
    setTimeout(forget, HELD_FOR_MS).unref();
    return body;
  }
  return {
    held: async (id, file, coding) => {
      const size = coding === 'zstd' ? file.stored : file.bytes;
      if (size > MOST_OF_ONE) return null;
      const key = `${coding}:${id}:${file.path}`;
      return held.get(key)?.body ?? keep(key, size, () => open(id, file, coding));
    },
    stream: (id, file, coding, range) => {
      if (coding === 'zstd') return Readable.from(readCompressed(db, keyring, id, file.path), { objectMode: false });
      const plain = partOf(readSnapshotFile(db, keyring, id, file.path), range);
      const readable = Readable.from(plain, { objectMode: false });
      return coding === 'gzip' ? readable.compose(createGzip()) : readable;
    },
  };
}
