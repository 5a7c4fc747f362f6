import type { DueShredded, SnapshotSummary } from '../../schemas/snapshot.ts';
import { type ActingUser, INSTALLATION } from '../../schemas/users.ts';
import { destroySnapshotKey } from '../../warehouse/snapshot-keys.ts';
import { recordCampaign } from '../campaigns/record-campaign.ts';
import type { PipelineContext } from '../context.ts';
import { tellRefusal } from '../told-refusal.ts';
import { dueSnapshots, keptUntil } from './kept-until.ts';
import { describeSnapshot, storedSnapshot } from './list-snapshots.ts';

interface Decision {
  by: ActingUser;
  reason: string;
  /** ISO moment. */
  at: string;
}

/**
 * At the end of its purpose (個資法 §11): nobody reads the rows of a snapshot again. Manifest, signature and all hashes stay, so what a consumer kept can still be proven.
 * @returns whether it was done now; a second time changes nothing
 * @throws SnapshotError `unknown-snapshot`; UserRefusedError
 */
export async function shredSnapshot(
  ctx: PipelineContext,
  request: Decision & { id: string },
): Promise<{ shredded: boolean; snapshot: SnapshotSummary }> {
  const { id, by, at } = request;
  const stored = await storedSnapshot(ctx, id);
  const keepUntil = await keptUntil(ctx.db, ctx, stored);
  const attempt = { by, at, subject: `snapshot:${id}` };
  const shredded = await tellRefusal(ctx.db, attempt, () => destroySnapshotKey(ctx.db, { ...request, keepUntil }));
  ctx.log.info({ snapshot: id, shredded }, 'rows of a snapshot shredded');
  return { shredded, snapshot: await describeSnapshot(ctx, id) };
}

/** What `shredDue` would shred. Reads only. @param at ISO moment */
export async function previewDue(ctx: PipelineContext, at: string): Promise<DueShredded> {
  const snapshots: DueShredded['snapshots'] = [];
  for (const { id } of await dueSnapshots(ctx.db, ctx, at))
    snapshots.push({ shredded: false, snapshot: await describeSnapshot(ctx, id) });
  return { dryRun: true, snapshots };
}

/**
 * Shreds every snapshot whose purpose is over, one by one: what was shredded stays so whatever becomes of the others, and a second time goes on. A planning year
 * whose file differs is recorded first, so that the day by which it was done can be shown.
 * @throws UserRefusedError, CampaignError
 */
export async function shredDue(ctx: PipelineContext, decision: Decision): Promise<DueShredded> {
  const due = await dueSnapshots(ctx.db, ctx, decision.at);
  const used = ctx.campaigns.filter(({ id }) => due.some(({ campaign }) => campaign === id));
  await ctx.db.transaction(async (trx) => {
    for (const campaign of used) await recordCampaign(trx, campaign, { at: decision.at, by: INSTALLATION, run: null });
  });
  const snapshots: DueShredded['snapshots'] = [];
  for (const { id } of due) snapshots.push(await shredSnapshot(ctx, { ...decision, id }));
  return { dryRun: false, snapshots };
}
