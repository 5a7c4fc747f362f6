/**
 * Writes a stored snapshot into a folder. Files are made in a hidden folder beside it, mode 0600, flushed to the disk and checked; then the whole
 * folder gets its name at once. Into a folder that is there already the files move one by one, the manifest last. What a killed export left is removed by the next.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MANIFEST_PATH, type SnapshotExported } from '../../schemas/snapshot.ts';
import { listSnapshotFiles, readSnapshotFile } from '../../warehouse/snapshots.ts';
import type { PipelineContext } from '../context.ts';
import { storedSnapshot } from './list-snapshots.ts';
import { SnapshotError } from './snapshot-error.ts';
import { verifyFolder } from './verify-folder.ts';

const stagingPrefix = (target: string): string => `.${path.basename(target)}.mingce-`;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Staging folders are named after the process that fills them. */
async function sweep(target: string): Promise<void> {
  const parent = path.dirname(target);
  const prefix = stagingPrefix(target);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (!Number.isNaN(pid) && !isAlive(pid)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @returns null where there is no such folder, else its entries */
async function entriesOf(dir: string): Promise<string[] | null> {
  try {
    return await readdir(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR')
      throw new SnapshotError('not-a-folder', `${dir} is a file: expected a folder, or a new name`);
    throw error;
  }
}

/** Only this very snapshot may be written over: its folder holds its files and nothing else. */
async function refuseForeign(
  dir: string,
  id: string,
  entries: readonly string[],
  own: ReadonlySet<string>,
): Promise<void> {
  if (entries.length === 0) return;
  const here = entries.includes(MANIFEST_PATH) ? (await verifyFolder(dir)).id : null;
  if (here === id && entries.every((name) => own.has(name))) return;
  const holds = here === null || here === id ? `${entries.length} entries, such as ${entries[0]}` : `snapshot ${here}`;
  throw new SnapshotError('folder-not-empty', `${dir} holds ${holds}: expected an empty or a new folder for ${id}`);
}

/** Owner only; on the disk when it returns. */
const writeFile = (file: string, body: AsyncIterable<Uint8Array>): Promise<void> =>
  pipeline(body, createWriteStream(file, { mode: 0o600, flags: 'wx', flush: true }));

/** @returns what was written. @throws SnapshotError, StoredFileError */
export async function exportSnapshot(ctx: PipelineContext, id: string, dir: string): Promise<SnapshotExported> {
  await storedSnapshot(ctx, id);
  const files = await listSnapshotFiles(ctx.db, id);
  const target = path.resolve(dir);
  const entries = await entriesOf(target);
  await refuseForeign(target, id, entries ?? [], new Set(files.map((f) => f.path)));
  await mkdir(path.dirname(target), { recursive: true });
  await sweep(target);
  const staging = await mkdtemp(path.join(path.dirname(target), `${stagingPrefix(target)}${process.pid}-`));
  try {
    for (const file of files) {
      ctx.signal.throwIfAborted();
      await writeFile(path.join(staging, file.path), readSnapshotFile(ctx.db, ctx.keyring, id, file.path));
    }
    const verified = await verifyFolder(staging);
    const [wrong] = verified.problems;
    if (wrong) throw new SnapshotError('check-failed', `${id} was not exported: ${wrong.file} ${wrong.message}`);
    await syncFolder(staging);
    if (entries === null) await rename(staging, target);
    else {
      const manifestLast = files
        .map((f) => f.path)
        .sort((a, b) => Number(a === MANIFEST_PATH) - Number(b === MANIFEST_PATH));
      for (const name of manifestLast) await rename(path.join(staging, name), path.join(target, name));
      await syncFolder(target);
    }
    await syncFolder(path.dirname(target));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  ctx.log.info({ snapshot: id, dir: target }, 'snapshot exported');
  return { id, dir: target, files: files.map((f) => ({ ...f, sha256: `sha256:${f.sha256}` })) };
}
