/**
 * Whose a folder is that lies outside the home and that only a link of the home names: a copy of the home has the same link, and would write into
 * the original's database. The folder therefore names its owner, by path and by inode. A home that was moved keeps its inode, one that
 * was restored from a backup its path; a copy beside the original has neither.
 */
import { statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readIfPresent } from './read-if-present.ts';

const FILE = 'owner';

const inodeOf = (owner: string): string => {
  const { dev, ino } = statSync(owner, { bigint: true });
  return `${dev}:${ino}`;
};

export const ownerFile = (folder: string): string => join(folder, FILE);

/** The path of another owner that the folder names; undefined when it is this one's, or nobody's yet. */
export function otherOwner(folder: string, owner: string): string | undefined {
  const [path, inode] = (readIfPresent(ownerFile(folder)) ?? '').split('\n');
  if (!path || path === resolve(owner) || inode === inodeOf(owner)) return undefined;
  return path;
}

/** The folder belongs to this owner from now on. */
export function markOwner(folder: string, owner: string): void {
  writeFileSync(ownerFile(folder), `${resolve(owner)}\n${inodeOf(owner)}\n`, { mode: 0o644 });
}
