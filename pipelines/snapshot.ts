/**
 * Snapshots: what the planning systems import. The closing run takes both kinds when the cut-off passes (R24); by hand others can be taken as of a
 * moment. The same campaign, kind, cut-off and recorded moment are the same snapshot for ever; anything else is a new version, and only a person makes one.
 */
import { type Campaign, PLAN_KINDS, type PlanKind } from '../schemas/campaign.ts';
import type { SnapshotSummary } from '../schemas/snapshot.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { getRun } from '../warehouse/runs.ts';
import { lockSnapshots, snapshotsAt } from '../warehouse/snapshots.ts';
import { type SnapshotRun, taipeiMoments } from '../warehouse/views/snapshot-run.ts';
import type { PipelineContext } from './context.ts';
import { describeSnapshot } from './snapshot/list-snapshots.ts';
import { makeSnapshot } from './snapshot/make-snapshot.ts';
import { momentsFor } from './snapshot/moments.ts';
import { SnapshotError } from './snapshot/snapshot-error.ts';

export { exportSnapshot } from './snapshot/export-snapshot.ts';
export { exportWorkbooks, WORKBOOK_FORMATS } from './snapshot/export-workbooks.ts';
export { listSnapshots } from './snapshot/list-snapshots.ts';
export { shredSnapshot } from './snapshot/shred-snapshot.ts';
export { verifyFolder } from './snapshot/verify-folder.ts';
export { verifyStored } from './snapshot/verify-stored.ts';

interface Wanted {
  campaign: Campaign;
  kind: PlanKind;
  cutOff: string;
  run: Pick<SnapshotRun, 'id' | 'kind' | 'clock' | 'recordedAt'>;
  automatic: boolean;
}

/** @returns null where one of this cut-off stands already and a second would need a person */
async function takeOnce(
  ctx: PipelineContext,
  trx: Transaction,
  wanted: Wanted,
): Promise<{ id: string; created: boolean } | null> {
  const { campaign, kind, run, automatic } = wanted;
  await lockSnapshots(trx, campaign.id, kind);
  const moments = await taipeiMoments(trx, { cutOff: wanted.cutOff, through: run.recordedAt });
  const { known, nextVersion } = await snapshotsAt(trx, { campaign: campaign.id, kind, cutOff: moments.cutOff });
  const same = known.find((s) => s.recorded_through === moments.through);
  if (same) return { id: same.id, created: false };
  if (automatic && known.length > 0) return null;
  const id = await makeSnapshot(ctx, trx, { campaign, kind, version: nextVersion, moments, run, automatic });
  return { id, created: true };
}

const isDue = (campaign: Campaign, clock: string): boolean => Date.parse(campaign.cutOff) === Date.parse(clock);

/**
 * The snapshot stage of a run: a closing run whose clock is a campaign's cut-off takes both kinds, others none. Done twice it is done once.
 * @returns ids of the snapshots of this run. @throws FencedError, SnapshotError
 */
export async function takeDueSnapshots(ctx: PipelineContext, claim: RunClaim): Promise<string[]> {
  const run = await getRun(ctx.db, claim.runId);
  const { kind: runKind, clock, recorded_at: recordedAt } = run;
  if (runKind !== 'closing') return [];
  if (recordedAt === null) throw new Error(`run ${run.id} takes snapshots before it was applied`);
  const ids: string[] = [];
  for (const campaign of ctx.campaigns.filter((c) => isDue(c, clock))) {
    for (const kind of PLAN_KINDS) {
      const taken = await ctx.db.transaction(async (trx) => {
        await checkRunFence(trx, claim);
        const stands = { id: run.id, kind: runKind, clock, recordedAt };
        return takeOnce(ctx, trx, { campaign, kind, cutOff: campaign.cutOff, run: stands, automatic: true });
      });
      if (taken) ids.push(taken.id);
      ctx.log.info(
        { run: run.id, campaign: campaign.id, kind, ...taken },
        taken ? 'snapshot taken' : 'snapshot stands',
      );
    }
  }
  return ids;
}

/**
 * Takes a snapshot by hand: of the campaign's cut-off with all that is recorded now, or of what was recorded and registered before `asOf`.
 * @throws SnapshotError
 */
export async function createSnapshot(
  ctx: PipelineContext,
  wanted: { campaignId: string; kind: PlanKind; asOf?: string | null },
): Promise<{ created: boolean; snapshot: SnapshotSummary }> {
  const campaign = ctx.campaigns.find((c) => c.id === wanted.campaignId);
  if (!campaign) {
    const known = ctx.campaigns.map((c) => c.id).join(', ') || 'none';
    throw new SnapshotError(
      'unknown-campaign',
      `--campaign ${wanted.campaignId}: expected one of the campaigns in the configuration (${known})`,
    );
  }
  const { cutOff, run } = await momentsFor(ctx.db, campaign, wanted.asOf ?? null);
  const taken = await ctx.db.transaction((trx) =>
    takeOnce(ctx, trx, { campaign, kind: wanted.kind, cutOff, run, automatic: false }),
  );
  if (!taken) throw new Error('a snapshot by hand was neither found nor made');
  ctx.log.info({ campaign: campaign.id, kind: wanted.kind, ...taken }, 'snapshot taken by hand');
  return { created: taken.created, snapshot: await describeSnapshot(ctx, taken.id) };
}
