/**
 * A file of a snapshot as it is written: digested, compressed with zstd, sealed in chunks bound to snapshot, path and place. Several may be open on one
 * transaction; each holds one chunk. Nothing of them stays when the transaction is rolled back.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { Transaction } from './connect.ts';
import { inTurn } from './in-turn.ts';
import type { Keyring, Sealing } from './keyring.ts';
import { newFileSealing } from './snapshot-keys.ts';
import { readSnapshotFile, type StoredFile, snapshotPlace } from './snapshots.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Some blocks of rows may wait to be compressed, while the next ones are written. */
const WAITING_BYTES = 1024 * 1024;
const COMPRESSION = {
  // Rows are alike but for their digests: looking further for what repeats makes them no smaller, and takes three times as long.
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
  writableHighWaterMark: WAITING_BYTES,
};

export interface SnapshotSink {
  /** Resolves when more may be written; the piece must not be changed afterwards. */
  write(piece: Uint8Array): Promise<void>;
  /** Resolves when the file is in the database, uncommitted. */
  end(): Promise<StoredFile>;
  /** Lets go of what is held; the transaction can only be rolled back then. */
  abandon(): void;
}

/** Opens sinks of one snapshot. */
export type OpenSink = (path: string) => SnapshotSink;

export const sinksOf =
  (trx: Transaction, keyring: Keyring, id: string): OpenSink =>
  (path) => {
    const digest = createHash('sha256');
    const compress = createZstdCompress(COMPRESSION);
    let bytes = 0;
    let seq = 0;
    let sealing: Sealing | null = null;
    const store = async (chunk: Buffer): Promise<void> => {
      await inTurn(trx, async () => {
        sealing ??= await newFileSealing(trx, keyring, id, path);
        await trx.raw(
          `INSERT INTO ops.snapshot_file (snapshot_id, path, sha256, bytes, seq, body) VALUES (?, ?, '', 0, ?, ?)`,
          [id, path, seq, sealing.seal(snapshotPlace(id, path, seq), chunk)],
        );
      });
      seq += 1;
    };
    const stored = pipeline(compress, async (source: AsyncIterable<Buffer>) => {
      let held: Buffer[] = [];
      let size = 0;
      for await (const piece of source) {
        held.push(piece);
        size += piece.length;
        if (size < CHUNK_BYTES) continue;
        await store(Buffer.concat(held));
        held = [];
        size = 0;
      }
      if (size > 0) await store(Buffer.concat(held));
    });
    // Whoever writes or ends is told; here it would only be reported as unhandled.
    stored.catch(() => undefined);
    return {
      write: async (piece) => {
        if (compress.destroyed) await stored;
        digest.update(piece);
        bytes += piece.length;
        if (!compress.write(piece)) await Promise.race([once(compress, 'drain'), stored]);
      },
      end: async () => {
        compress.end();
        await stored;
        const sha256 = digest.digest('hex');
        await trx.raw('UPDATE ops.snapshot_file SET sha256 = ?, bytes = ? WHERE snapshot_id = ? AND path = ?', [
          sha256,
          bytes,
          id,
          path,
        ]);
        return { path, bytes, sha256 };
      },
      abandon: () => void compress.destroy(),
    };
  };

/** Bytes that wait for their turn, sealed like a file; nothing of them stays. */
export interface Spill {
  write(piece: Uint8Array): Promise<void>;
  /** All that was written, once. */
  take(): AsyncGenerator<Uint8Array>;
  abandon(): void;
}

export type OpenSpill = (path: string) => Spill;

export function spillsOf(trx: Transaction, keyring: Keyring, id: string): OpenSpill {
  const open = sinksOf(trx, keyring, id);
  return (path) => {
    const sink = open(path);
    return {
      write: sink.write,
      async *take() {
        await sink.end();
        yield* readSnapshotFile(trx, keyring, id, path);
        await trx('ops.snapshot_file').where({ snapshot_id: id, path }).delete();
      },
      abandon: sink.abandon,
    };
  };
}
