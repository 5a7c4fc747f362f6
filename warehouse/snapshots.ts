/**
 * Stored snapshots: files compressed with zstd, sealed in chunks bound to snapshot, path and place (`snapshot-file-sink.ts` writes them). A snapshot
 * is written in one transaction and never changes: the database refuses it (I3).
 */
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import type { PlanKind } from '../schemas/campaign.ts';
import { ENTITIES_PATH, type SnapshotManifest } from '../schemas/snapshot.ts';
import type { Database, Transaction } from './connect.ts';
import type { Keyring } from './keyring.ts';
import { addNotice } from './notices.ts';
import { fileSealing } from './snapshot-keys.ts';
import { opened, StoredFileError } from './stored-file-error.ts';

export interface SnapshotKey {
  campaign: string;
  kind: PlanKind;
  cutOff: string;
}
export interface StoredSnapshot {
  id: string;
  campaign: string;
  kind: PlanKind;
  version: number;
  cut_off: string;
  recorded_through: string;
  automatic: boolean;
  created_at: string;
  /** The recorded version of the campaign that it was made by. */
  campaign_version: number;
  /** The version that it corrects, by the word of a user. */
  corrects: string | null;
  approved_by: string | null;
  manifest: SnapshotManifest;
}
export interface StoredFile {
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** What a chunk of a stored file is bound to. */
export const snapshotPlace = (id: string, path: string, seq: number): string =>
  `ops.snapshot_file.body:${id}:${path}:${seq}`;

/** One maker at a time per campaign and kind, until the transaction ends. */
export async function lockSnapshots(trx: Transaction, campaign: string, kind: PlanKind): Promise<void> {
  await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [`ops.snapshot:${campaign}:${kind}`]);
}

export type KnownSnapshot = Pick<StoredSnapshot, 'id' | 'recorded_through' | 'campaign_version' | 'manifest'>;

/** Snapshots of one cut-off, oldest first, and the version that a new one would have. */
export async function snapshotsAt(
  trx: Transaction,
  { campaign, kind, cutOff }: SnapshotKey,
): Promise<{ known: KnownSnapshot[]; nextVersion: number }> {
  const { rows: known } = await trx.raw(
    'SELECT id, recorded_through, campaign_version, manifest FROM ops.snapshot WHERE campaign = ? AND kind = ? AND cut_off = ? ORDER BY version',
    [campaign, kind, cutOff],
  );
  const { rows } = await trx.raw(
    'SELECT coalesce(max(version), 0) + 1 AS next FROM ops.snapshot WHERE campaign = ? AND kind = ?',
    [campaign, kind],
  );
  return { known, nextVersion: rows[0].next };
}

/** @returns the id of the newest version of a kind, of whichever cut-off */
export async function newestOf(trx: Transaction, campaign: string, kind: PlanKind): Promise<string | null> {
  const newest = await trx('ops.snapshot').where({ campaign, kind }).orderBy('version', 'desc').first('id');
  return newest?.id ?? null;
}

/** The last statement of making a snapshot: from here on its files cannot be changed. @param runId the run that took it; null by hand */
export async function addSnapshot(
  trx: Transaction,
  snapshot: Omit<StoredSnapshot, 'created_at'> & { run_id: number | null },
): Promise<void> {
  await trx('ops.snapshot').insert({
    ...snapshot,
    manifest: JSON.stringify(snapshot.manifest),
    created_at: trx.raw('clock_timestamp()'),
  });
  await addNotice(trx, snapshot.id);
}

/** All snapshots, by campaign, kind and version. */
export const listStoredSnapshots = (db: Database): Promise<StoredSnapshot[]> =>
  db('ops.snapshot').select('*').orderBy(['campaign', 'kind', 'version']);

export const findSnapshot = (db: Database, id: string): Promise<StoredSnapshot | undefined> =>
  db('ops.snapshot').where({ id }).first();

/** SQL: whether a file `f` is one of those that are handed out. */
export const HANDED_OUT = `f.path <> '${ENTITIES_PATH}'`;

/** All that is stored of a snapshot, by path. */
export const listStoredFiles = (db: Database, id: string): Promise<StoredFile[]> =>
  db('ops.snapshot_file').where({ snapshot_id: id, seq: 0 }).select('path', 'bytes', 'sha256').orderBy('path');

/** Files of a snapshot that are handed out, by path. */
export const listSnapshotFiles = async (db: Database, id: string): Promise<StoredFile[]> =>
  (await listStoredFiles(db, id)).filter(({ path }) => path !== ENTITIES_PATH);

/** One file as it lies, compressed with zstd, a chunk at a time. @throws StoredFileError, ShreddedError */
export async function* readCompressed(
  db: Database,
  keyring: Keyring,
  id: string,
  path: string,
): AsyncGenerator<Buffer> {
  const sealing = await fileSealing(db, keyring, id, path);
  for (let seq = 0; ; seq += 1) {
    const row = await db('ops.snapshot_file').where({ snapshot_id: id, path, seq }).first('body');
    if (!row) return;
    yield opened(id, path, () => sealing.open(snapshotPlace(id, path, seq), row.body));
  }
}

/** Each piece is a way to a thread and back. */
const PIECE_BYTES = 256 * 1024;

/** The bytes of one file, a chunk at a time. @throws StoredFileError, ShreddedError */
export async function* readSnapshotFile(
  db: Database,
  keyring: Keyring,
  id: string,
  path: string,
): AsyncGenerator<Uint8Array> {
  const inflate = createZstdDecompress({ chunkSize: PIECE_BYTES });
  const done = pipeline(readCompressed(db, keyring, id, path), inflate);
  // The same failure ends the loop below, which throws it; here it would only be reported as unhandled.
  done.catch(() => undefined);
  try {
    for await (const piece of inflate) yield piece as Uint8Array;
    await done;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code.startsWith('ZSTD_') || code === 'Z_BUF_ERROR') throw new StoredFileError(id, path, error);
    throw error;
  } finally {
    inflate.destroy();
  }
}
