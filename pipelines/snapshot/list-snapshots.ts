/** Stored snapshots as the commands and pages show them. */
import type { SnapshotSummary } from '../../schemas/snapshot.ts';
import { shreddedSnapshots } from '../../warehouse/snapshot-keys.ts';
import {
  findSnapshot,
  listSnapshotFiles,
  listStoredSnapshots,
  type StoredSnapshot,
} from '../../warehouse/snapshots.ts';
import type { PipelineContext } from '../context.ts';
import { keptUntil } from './kept-until.ts';
import { SnapshotError } from './snapshot-error.ts';

async function summaryOf(ctx: PipelineContext, stored: StoredSnapshot): Promise<SnapshotSummary> {
  const { resources, mingce } = stored.manifest;
  const files = await listSnapshotFiles(ctx.db, stored.id);
  const tally = (status: string): number => mingce.coverage.filter((entry) => entry.status === status).length;
  return {
    id: stored.id,
    campaign: stored.campaign,
    kind: stored.kind,
    version: stored.version,
    cutOff: stored.cut_off,
    recordedThrough: stored.recorded_through,
    automatic: stored.automatic,
    campaignVersion: mingce.campaign.version,
    correction: mingce.correction,
    createdAt: stored.created_at,
    files: files.map((f) => ({
      path: f.path,
      bytes: f.bytes,
      sha256: `sha256:${f.sha256}`,
      rows: resources.find((r) => r.path === f.path)?.rows ?? null,
    })),
    coverage: {
      fresh: tally('fresh'),
      'carried-forward': tally('carried-forward'),
      held: tally('held'),
      'never-received': tally('never-received'),
    },
    fingerprint: mingce.fingerprint,
    keepUntil: await keptUntil(ctx.db, ctx, stored),
    shredded: (await shreddedSnapshots(ctx.db)).get(stored.id) ?? null,
  };
}

/** By campaign, kind and version. */
export async function listSnapshots(ctx: PipelineContext): Promise<SnapshotSummary[]> {
  const summaries: SnapshotSummary[] = [];
  for (const stored of await listStoredSnapshots(ctx.db)) summaries.push(await summaryOf(ctx, stored));
  return summaries;
}

/** @throws SnapshotError `unknown-snapshot` */
export async function storedSnapshot(ctx: PipelineContext, id: string): Promise<StoredSnapshot> {
  const stored = await findSnapshot(ctx.db, id);
  if (!stored) {
    throw new SnapshotError('unknown-snapshot', `there is no snapshot "${id}"; "mingce snapshot list" shows them`);
  }
  return stored;
}

/** @throws SnapshotError `unknown-snapshot` */
export const describeSnapshot = async (ctx: PipelineContext, id: string): Promise<SnapshotSummary> =>
  summaryOf(ctx, await storedSnapshot(ctx, id));
