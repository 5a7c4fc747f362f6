import type { Campaign } from '../../schemas/campaign.ts';
import { CampaignError } from '../../schemas/campaign-error.ts';
import type { DueShredded, SnapshotSummary } from '../../schemas/snapshot.ts';
import { type ActingUser, INSTALLATION } from '../../schemas/users.ts';
import { destroySnapshotKey } from '../../warehouse/snapshot-keys.ts';
import { recordCampaign, refuseCampaignChanges } from '../campaigns/record-campaign.ts';
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

type Due = readonly (readonly [campaign: string, snapshots: readonly string[]])[];

/** By planning year, which `use` may refuse for what its file says: then its snapshots wait, and those of the others do not. */
async function eachDue(
  ctx: PipelineContext,
  at: string,
  use: (campaigns: readonly Campaign[]) => Promise<void>,
  end: (id: string) => Promise<DueShredded['snapshots'][number]>,
): Promise<Omit<DueShredded, 'dryRun'>> {
  const due: Due = [...Map.groupBy(await dueSnapshots(ctx.db, ctx, at), ({ campaign }) => campaign)].map(
    ([campaign, snapshots]) => [campaign, snapshots.map(({ id }) => id)] as const,
  );
  const snapshots: DueShredded['snapshots'] = [];
  const waiting: DueShredded['waiting'] = [];
  for (const [campaign, ids] of due) {
    try {
      await use(ctx.campaigns.filter(({ id }) => id === campaign));
    } catch (error) {
      if (!(error instanceof CampaignError)) throw error;
      waiting.push({ campaign, snapshots: [...ids], why: error.message });
      continue;
    }
    for (const id of ids) snapshots.push(await end(id));
  }
  return { snapshots, waiting };
}

/** What `shredDue` would shred. Reads only. @param at ISO moment */
export const previewDue = async (ctx: PipelineContext, at: string): Promise<DueShredded> => ({
  dryRun: true,
  ...(await eachDue(
    ctx,
    at,
    (campaigns) => refuseCampaignChanges(ctx.db, campaigns),
    async (id) => ({ shredded: false, snapshot: await describeSnapshot(ctx, id) }),
  )),
});

/**
 * Shreds every snapshot whose purpose is over, one by one: what was shredded stays so whatever becomes of the others, and a second time goes on. A planning year
 * whose file differs is recorded first, so that the day by which it was done can be shown; where that is refused, only its own snapshots wait.
 * @throws UserRefusedError
 */
export const shredDue = async (ctx: PipelineContext, decision: Decision): Promise<DueShredded> => ({
  dryRun: false,
  ...(await eachDue(
    ctx,
    decision.at,
    (campaigns) =>
      ctx.db.transaction(async (trx) => {
        for (const campaign of campaigns)
          await recordCampaign(trx, campaign, { at: decision.at, by: INSTALLATION, run: null });
      }),
    (id) => shredSnapshot(ctx, { ...decision, id }),
  )),
});
