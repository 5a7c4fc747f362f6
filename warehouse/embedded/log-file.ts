import { closeSync, fchownSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { unlessAbsent } from './read-if-present.ts';
import type { UnixAccount } from './unix-account.ts';

const LARGEST_LOG_BYTES = 4 * 1024 ** 2;
const LARGEST_TAIL_BYTES = 16 * 1024;

/** Keeps a log that grew large as `….old`, so that two files are all that ever lie there. */
export function rotateLog(path: string): void {
  const size = unlessAbsent(() => statSync(path).size) ?? 0;
  if (size > LARGEST_LOG_BYTES) renameSync(path, `${path}.old`);
}

/** Opens a log to append to, readable by its owner only. */
export function openLog(path: string, owner: UnixAccount): number {
  const file = openSync(path, 'a', 0o600);
  if (fstatSync(file).uid !== owner.uid) fchownSync(file, owner.uid, owner.gid);
  return file;
}

/** What was written to a log since it had a size, but its end only when that is long. */
export function readTail(path: string, since: number): string {
  const file = unlessAbsent(() => openSync(path, 'r'));
  if (file === undefined) return '';
  const { size } = fstatSync(file);
  const from = Math.max(Math.min(since, size), size - LARGEST_TAIL_BYTES);
  const bytes = Buffer.alloc(size - from);
  const read = readSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
  return bytes.subarray(0, read).toString('utf8').trim();
}
