/** What is known of stored files, so that it is asked for once: they never change, and the manifest that says of what kind a file is grows with the city. */
import type { Database } from '../../warehouse/connect.ts';
import { type FileToSend, findFile } from '../../warehouse/snapshot-reading.ts';

/** More files than the snapshots of many years have. */
const MOST = 2000;

export type KnownFiles = (id: string, path: string) => Promise<FileToSend | undefined>;

export function makeKnownFiles(db: Database): KnownFiles {
  const known = new Map<string, FileToSend>();
  return async (id, path) => {
    const key = `${id}:${path}`;
    const found = known.get(key) ?? (await findFile(db, id, path));
    // What is not there is asked for again: it may come.
    if (found && known.size < MOST) known.set(key, found);
    return found;
  };
}
