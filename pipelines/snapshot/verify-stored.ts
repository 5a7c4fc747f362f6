import type { SnapshotVerified } from '../../schemas/snapshot.ts';
import { listSigningKeys } from '../../warehouse/signing-keys.ts';
import { ShreddedError } from '../../warehouse/snapshot-keys.ts';
import { listSnapshotFiles, readSnapshotFile } from '../../warehouse/snapshots.ts';
import { StoredFileError } from '../../warehouse/stored-file-error.ts';
import type { PipelineContext } from '../context.ts';
import { storedSnapshot } from './list-snapshots.ts';
import { type PackageFiles, ShreddedFileError, UnreadableFileError, verifyPackage } from './verify-package.ts';

async function* readStored(ctx: PipelineContext, id: string, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* readSnapshotFile(ctx.db, ctx.keyring, id, path);
  } catch (error) {
    if (error instanceof ShreddedError) throw new ShreddedFileError(error.message, { cause: error });
    if (!(error instanceof StoredFileError)) throw error;
    throw new UnreadableFileError('does not open: the key is another, or stored bytes were changed', { cause: error });
  }
}

/** Verifies a snapshot as it stands in the database. @throws SnapshotError `unknown-snapshot` */
export async function verifyStored(ctx: PipelineContext, id: string): Promise<SnapshotVerified> {
  await storedSnapshot(ctx, id);
  const files: PackageFiles = {
    list: async () => (await listSnapshotFiles(ctx.db, id)).map(({ path }) => ({ path, regular: true })),
    open: (path) => readStored(ctx, id, path),
  };
  return verifyPackage(files, { id, keys: await listSigningKeys(ctx.db) });
}
