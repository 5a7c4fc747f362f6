/**
 * A folder that appears whole: its files are made in a hidden one beside it, mode 0600 and flushed to the disk, and get their place when all are there. What a killed
 * process left is removed by the next.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SnapshotError } from './snapshot-error.ts';

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

/** @returns null where there is no such folder, else its entries. @throws SnapshotError `not-a-folder` */
export async function entriesOf(dir: string): Promise<string[] | null> {
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

/** Owner only; on the disk when it returns. */
export const writeFile = (file: string, body: AsyncIterable<Uint8Array>): Promise<void> =>
  pipeline(body, createWriteStream(file, { mode: 0o600, flags: 'wx', flush: true }));

/**
 * @param fill writes files into the folder that it is given, and says in which order they come: the last one is there only when all are
 * @param there whether the target is a folder already: then the files move into it one by one, else the whole folder gets its name at once
 */
export async function fillFolder(
  target: string,
  there: boolean,
  fill: (staging: string) => Promise<readonly string[]>,
): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  await sweep(target);
  const staging = await mkdtemp(path.join(path.dirname(target), `${stagingPrefix(target)}${process.pid}-`));
  try {
    const names = await fill(staging);
    await syncFolder(staging);
    if (there) {
      for (const name of names) await rename(path.join(staging, name), path.join(target, name));
      await syncFolder(target);
    } else await rename(staging, target);
    await syncFolder(path.dirname(target));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
