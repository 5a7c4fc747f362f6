/** Writes a stored snapshot into a folder, which appears whole and checked. Into one that is there already the files move one by one, the manifest last. */
import path from 'node:path';
import { MANIFEST_PATH, type SnapshotExported } from '../../schemas/snapshot.ts';
import { listSnapshotFiles, readSnapshotFile } from '../../warehouse/snapshots.ts';
import type { PipelineContext } from '../context.ts';
import { storedSnapshot } from './list-snapshots.ts';
import { SnapshotError } from './snapshot-error.ts';
import { entriesOf, fillFolder, writeFile } from './staged-folder.ts';
import { verifyFolder } from './verify-folder.ts';

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

/** @returns what was written. @throws SnapshotError, StoredFileError */
export async function exportSnapshot(ctx: PipelineContext, id: string, dir: string): Promise<SnapshotExported> {
  await storedSnapshot(ctx, id);
  const files = await listSnapshotFiles(ctx.db, id);
  const target = path.resolve(dir);
  const entries = await entriesOf(target);
  await refuseForeign(target, id, entries ?? [], new Set(files.map((f) => f.path)));
  await fillFolder(target, entries !== null, async (staging) => {
    for (const file of files) {
      ctx.signal.throwIfAborted();
      await writeFile(path.join(staging, file.path), readSnapshotFile(ctx.db, ctx.keyring, id, file.path));
    }
    const verified = await verifyFolder(staging);
    const [wrong] = verified.problems;
    if (wrong) throw new SnapshotError('check-failed', `${id} was not exported: ${wrong.file} ${wrong.message}`);
    return files.map((f) => f.path).sort((a, b) => Number(a === MANIFEST_PATH) - Number(b === MANIFEST_PATH));
  });
  ctx.log.info({ snapshot: id, dir: target }, 'snapshot exported');
  return { id, dir: target, files: files.map((f) => ({ ...f, sha256: `sha256:${f.sha256}` })) };
}
