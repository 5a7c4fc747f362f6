import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { SnapshotVerified } from '../../schemas/snapshot.ts';
import type { PublicKey } from '../../warehouse/signing-keys.ts';
import { SnapshotError } from './snapshot-error.ts';
import { type PackageFiles, UnreadableFileError, verifyPackage } from './verify-package.ts';

async function* readFrom(dir: string, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path.join(dir, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UnreadableFileError(`cannot be read (${code})`, { cause: error });
  }
}

/** The files of an exported snapshot. @throws SnapshotError `not-a-folder` */
export function folderFiles(dir: string): PackageFiles {
  return {
    list: async () => {
      try {
        const entries = await readdir(dir, { withFileTypes: true });
        return entries
          .map((entry) => ({ path: entry.name, regular: entry.isFile() }))
          .sort((a, b) => (a.path < b.path ? -1 : 1));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
        throw new SnapshotError('not-a-folder', `${dir} is not a folder: expected one that "snapshot export" wrote`);
      }
    },
    open: (name) => readFrom(dir, name),
  };
}

/**
 * Verifies an exported snapshot offline, from its folder alone.
 * @param keys public keys of the installation, from elsewhere; null: the key in the folder finds damage and proves no author
 * @throws SnapshotError `not-a-folder`
 */
export const verifyFolder = (dir: string, keys: readonly PublicKey[] | null = null): Promise<SnapshotVerified> =>
  verifyPackage(folderFiles(dir), { id: null, keys });
