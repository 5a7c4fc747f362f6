/**
 * What lies in an inbox. Only regular files count, and a symbolic link is not followed (a link could point at any file of the
 * machine); hidden and half-transferred names wait for their final one. Names are relative to the inbox, with `/`.
 */
import { type BigIntStats, constants } from 'node:fs';
import { appendFile, lstat, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SourceError } from '../../schemas/source-error.ts';
import { type Folder, type InboxFile, type InboxList, NOTE } from './inbox-store.ts';
import { shownName } from './shown-name.ts';
import { arrivedOf, sameFile, stampOf } from './stamp.ts';

export const MAX_DEPTH = 4;
export const MAX_FILES = 100_000;
const PIECE_BYTES = 128 * 1024;
export const WAITING =
  /^[.~]|~$|\.(tmp|temp|part|partial|filepart|crdownload|download|swp|lock)$|^(thumbs\.db|desktop\.ini)$/i;

/** What opening says of a file that was removed, or replaced by a link or a pipe, since it was found. */
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ELOOP', 'ENXIO']);

/**
 * The clock of this machine, milliseconds since 1970. With one a file arrived when it came to be there (ctime): neither its sender nor a tool that keeps
 * times can set that. null in a rehearsal, which sets modification times to its own nights.
 */
type Clock = (() => number) | null;

/** A folder of this machine, or one mounted here. */
export const openLocalFolder = (root: string, clock: Clock): Folder => ({
  list: () => listFolder(root, clock),
  stat: (path) => statFile(root, path, clock),
  read: (path, stamp) => readFileOnce(root, path, stamp),
  remove: (path, stamp) => removeUnchanged(root, path, stamp),
  readNote: (path) => readFile(join(root, path), 'utf8').catch((error) => absent(error) ?? ''),
  addNote: (path, line) => appendFile(join(root, path), line, { mode: 0o600 }),
  removeNote: (path) => rm(join(root, path), { force: true }),
});

/** @throws SourceError `inbox-missing`, `inbox-unreadable`, `inbox-too-many` */
async function listFolder(root: string, clock: Clock): Promise<InboxList> {
  const files: InboxFile[] = [];
  const notes: string[] = [];
  const irregular: string[] = [];
  const visit = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'ENOENT' && folder === '' ? 'inbox-missing' : 'inbox-unreadable';
      throw new SourceError(code, { inbox: root, reason: String(cause.code) }, { cause });
    });
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (NOTE.test(entry.name) && entry.isFile()) notes.push(path);
      if (WAITING.test(entry.name)) continue;
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) await visit(path, depth + 1);
      } else if (!entry.isFile()) irregular.push(path);
      else {
        const file = await statFile(root, path, clock);
        if (file) files.push(file);
        if (files.length + irregular.length > MAX_FILES)
          throw new SourceError('inbox-too-many', { inbox: root, limit: MAX_FILES });
      }
    }
  };
  await visit('', 0);
  return { files, notes, irregular };
}

/** null where there is no such regular file any more. */
export async function statFile(root: string, path: string, clock: Clock = null): Promise<InboxFile | null> {
  const stat = await lstat(join(root, path), { bigint: true }).catch(absent);
  if (!stat?.isFile()) return null;
  const stamp = localStamp(stat, clock ? stat.ctimeNs : stat.mtimeNs);
  const arrived = arrivedOf(stamp);
  return { path, bytes: Number(stat.size), arrived, stamp, ...(clock && { unchangedFor: clock() - arrived }) };
}

/** With the change time and the inode: a file that was only replaced by one of the same size and time is another. */
const localStamp = ({ size, mtimeNs, ctimeNs, ino }: BigIntStats, arrivedNs: bigint): string =>
  stampOf(size, mtimeNs, arrivedNs, `${ctimeNs}-${ino}`);

/**
 * The bytes of a file as it was when discovered. A file that changed since, or changes while it is read, is still being written:
 * it is left for the next run. @throws SourceError `file-changed` (retryable), `file-unreadable`
 */
export async function* readFileOnce(root: string, path: string, stamp: string | undefined): AsyncGenerator<Uint8Array> {
  const changed = (cause?: unknown): SourceError =>
    new SourceError('file-changed', { file: shownName(path) }, { cause, retryable: true });
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(join(root, path), flags).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code && GONE.has(cause.code)) throw changed(cause);
    throw new SourceError('file-unreadable', { file: shownName(path), reason: String(cause.code) }, { cause });
  });
  try {
    const before = await handle.stat({ bigint: true });
    const seen = localStamp(before, before.mtimeNs);
    if (!before.isFile() || (stamp !== undefined && !sameFile(seen, stamp))) throw changed();
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES);
      if (bytesRead === 0) break;
      yield buffer.subarray(0, bytesRead);
    }
    const after = await handle.stat({ bigint: true });
    if (localStamp(after, after.mtimeNs) !== seen) throw changed();
  } finally {
    await handle.close();
  }
}

/** Removes a file unless it is another one than was discovered, or somebody touched it since: then it is what the next run takes. */
export async function removeUnchanged(root: string, path: string, stamp: string): Promise<void> {
  const file = await statFile(root, path);
  if (file && sameFile(file.stamp, stamp)) await rm(join(root, path), { force: true });
}

const absent = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOENT') return null;
  throw error;
};
