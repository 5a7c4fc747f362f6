import type { SnapshotSummary } from '../../schemas/snapshot.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { destroySnapshotKey } from '../../warehouse/snapshot-keys.ts';
import type { PipelineContext } from '../context.ts';
import { tellRefusal } from '../told-refusal.ts';
import { describeSnapshot, storedSnapshot } from './list-snapshots.ts';

/**
 * At the end of its purpose (個資法 §11): nobody reads the rows of a snapshot again. Manifest, signature and all hashes stay, so what a consumer kept can still be proven.
 * @returns whether it was done now; a second time changes nothing
 * @throws SnapshotError `unknown-snapshot`; UserRefusedError
 */
export async function shredSnapshot(
  ctx: PipelineContext,
  request: { id: string; by: ActingUser; reason: string; at: string },
): Promise<{ shredded: boolean; snapshot: SnapshotSummary }> {
  const { id, by, at } = request;
  await storedSnapshot(ctx, id);
  const attempt = { by, at, subject: `snapshot:${id}` };
  const shredded = await tellRefusal(ctx.db, attempt, () => destroySnapshotKey(ctx.db, request));
  ctx.log.info({ snapshot: id, shredded }, 'rows of a snapshot shredded');
  return { shredded, snapshot: await describeSnapshot(ctx, id) };
}
