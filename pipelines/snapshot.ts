/**
 * Snapshots: what the planning systems import. The closing run takes both kinds when the cut-off passes (R24); by hand others can be taken as of a
 * moment. The same campaign as recorded, kind, cut-off and recorded moment are the same snapshot for ever; anything else is a new version, and only a person makes one, by
 * name where it corrects what stands.
 */
import { type Campaign, PLAN_KINDS, type PlanKind } from '../schemas/campaign.ts';
import type { SnapshotCorrection, SnapshotSummary } from '../schemas/snapshot.ts';
import { INSTALLATION } from '../schemas/users.ts';
import { type CampaignVersion, campaignVersions } from '../warehouse/campaign-versions.ts';
import type { Transaction } from '../warehouse/connect.ts';
import { checkRunFence, type RunClaim } from '../warehouse/fence.ts';
import { heldHorizon, refuseForgotten } from '../warehouse/history/horizon.ts';
import { getRun } from '../warehouse/runs.ts';
import { lockSnapshots, newestOf, snapshotsAt } from '../warehouse/snapshots.ts';
import { type SnapshotRun, taipeiMoments } from '../warehouse/views/snapshot-run.ts';
import { recordCampaign } from './campaigns/record-campaign.ts';
import type { PipelineContext } from './context.ts';
import {
  type CorrectionRequest,
  correctionOf,
  NothingDiffers,
  nothingDiffers,
  tellCorrection,
} from './snapshot/correction.ts';
import { describeSnapshot } from './snapshot/list-snapshots.ts';
import { makeSnapshot } from './snapshot/make-snapshot.ts';
import { momentsFor } from './snapshot/moments.ts';
import { SnapshotError } from './snapshot/snapshot-error.ts';
import { tellRefusal } from './told-refusal.ts';

export { exportSnapshot } from './snapshot/export-snapshot.ts';
export { exportWorkbooks, WORKBOOK_FORMATS } from './snapshot/export-workbooks.ts';
export { listSnapshots } from './snapshot/list-snapshots.ts';
export { rebuildSnapshot } from './snapshot/rebuild-snapshot.ts';
export { previewDue, shredDue, shredSnapshot } from './snapshot/shred-snapshot.ts';
export { verifyFolder } from './snapshot/verify-folder.ts';
export { verifyStored } from './snapshot/verify-stored.ts';

interface Wanted {
  campaign: Campaign;
  campaignVersion: CampaignVersion;
  kind: PlanKind;
  cutOff: string;
  run: Pick<SnapshotRun, 'id' | 'kind' | 'clock' | 'recordedAt'>;
  automatic: boolean;
  /** Of the cut-off of the campaign, and not of another moment that somebody chose: only one stands without a word of a person. */
  ofCutOff: boolean;
  correction: CorrectionRequest | null;
}

const approvalNeeded = ({ campaign, kind, cutOff }: Wanted, standing: string): SnapshotError =>
  new SnapshotError(
    'approval-needed',
    `${standing} stands for the cut-off ${cutOff}: a further version is a correction, and needs a name and a reason. ` +
      `"mingce snapshot create --campaign ${campaign.id} --kind ${kind} --reason TEXT --as USER", a user of the bureau`,
  );

/** The cut-off was moved although a snapshot of the former one stood: whoever let it move approved what comes of it. */
async function movedCorrection(trx: Transaction, { campaign, kind }: Wanted): Promise<SnapshotCorrection | null> {
  const versions = await campaignVersions(trx, campaign.id);
  const move = versions.findLast((v) => v.approved_why !== null && isDue(v.body, campaign.cutOff));
  const of = move ? await newestOf(trx, campaign.id, kind) : null;
  return move && of ? { of, by: move.recorded_by, reason: move.approved_why as string, at: move.recorded_at } : null;
}

/** @returns null where one of this cut-off stands already and a second would need a person. @throws NothingDiffers, SnapshotError, UserRefusedError */
async function takeOnce(
  ctx: PipelineContext,
  trx: Transaction,
  wanted: Wanted,
): Promise<{ id: string; created: boolean } | null> {
  const { campaign, campaignVersion, kind, run, automatic } = wanted;
  await lockSnapshots(trx, campaign.id, kind);
  await heldHorizon(trx);
  await refuseForgotten(trx, wanted.cutOff, `${campaign.id} ${kind} ${wanted.cutOff}`);
  const moments = await taipeiMoments(trx, { cutOff: wanted.cutOff, through: run.recordedAt });
  const { known, nextVersion } = await snapshotsAt(trx, { campaign: campaign.id, kind, cutOff: moments.cutOff });
  // One that somebody took of the cut-off before a run had closed it does not freeze it.
  const standing = known.findLast((s) => Date.parse(s.recorded_through) >= Date.parse(moments.cutOff));
  const correction = wanted.correction
    ? await correctionOf(trx, wanted.correction, { campaign: campaign.id, kind, standing: standing?.id ?? null })
    : null;
  const same = known.find(
    (s) => s.recorded_through === moments.through && s.campaign_version === campaignVersion.version,
  );
  if (same) return { id: same.id, created: false };
  if (automatic && standing) return null;
  if (wanted.ofCutOff && standing && correction === null) throw approvalNeeded(wanted, standing.id);
  const plan = { campaign, campaignVersion, kind, version: nextVersion, moments, run, automatic };
  const approved = correction ?? (wanted.ofCutOff ? await movedCorrection(trx, wanted) : null);
  const { id, manifest } = await makeSnapshot(ctx, trx, { ...plan, correction: approved });
  if (standing && correction && nothingDiffers(standing.manifest, manifest)) throw new NothingDiffers(standing.id);
  if (approved) {
    const told = { id, cutOff: moments.cutOff, campaignVersion: campaignVersion.version };
    await tellCorrection(trx, approved, told);
  }
  return { id, created: true };
}

const isDue = (campaign: Pick<Campaign, 'cutOff'>, clock: string): boolean =>
  Date.parse(campaign.cutOff) === Date.parse(clock);

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
    const recorded = { at: run.simulated ? clock : new Date().toISOString(), by: INSTALLATION, run: run.id };
    const campaignVersion = await ctx.db.transaction((trx) => recordCampaign(trx, campaign, recorded));
    for (const kind of PLAN_KINDS) {
      const taken = await ctx.db.transaction(async (trx) => {
        await checkRunFence(trx, claim);
        const stands = { id: run.id, kind: runKind, clock, recordedAt };
        const wanted = { campaign, campaignVersion, kind, cutOff: campaign.cutOff, run: stands };
        return takeOnce(ctx, trx, { ...wanted, automatic: true, ofCutOff: true, correction: null });
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

export interface ByHand {
  campaignId: string;
  kind: PlanKind;
  asOf?: string | null;
  /** A further version of what stands: who approves it, and why. */
  correction?: CorrectionRequest | null;
}

/**
 * Takes a snapshot by hand: of the campaign's cut-off with all that is recorded now, or of what was recorded and registered before `asOf`. Where one of the cut-off
 * stands, a further one is a correction that somebody of the bureau approves; where that would be the same, the one that stands is the answer.
 * @throws SnapshotError, CampaignError, UserRefusedError; HistoryForgottenError for what stands on history that was forgotten
 */
export async function createSnapshot(
  ctx: PipelineContext,
  { campaignId, kind, asOf = null, correction = null }: ByHand,
): Promise<{ created: boolean; snapshot: SnapshotSummary }> {
  const campaign = campaignOf(ctx.campaigns, campaignId);
  const { cutOff, run } = await momentsFor(ctx.db, campaign, asOf);
  const at = run.simulated ? run.recordedAt : new Date().toISOString();
  const recorded = { at, by: correction?.by.name ?? INSTALLATION, run: null };
  const campaignVersion = await ctx.db.transaction((trx) => recordCampaign(trx, campaign, recorded));
  const wanted = {
    campaign,
    campaignVersion,
    kind,
    cutOff,
    run,
    automatic: false,
    ofCutOff: asOf === null || isDue(campaign, asOf),
    correction,
  };
  const take = () => ctx.db.transaction((trx) => takeOnce(ctx, trx, wanted)).catch(theOneThatStands);
  const subject = `snapshot:${campaign.id}-${kind}`;
  const taken = await (correction
    ? tellRefusal(ctx.db, { by: correction.by, at: correction.at, subject }, take)
    : take());
  if (!taken) throw new Error('a snapshot by hand was neither found nor made');
  ctx.log.info({ campaign: campaign.id, kind, ...taken }, 'snapshot taken by hand');
  return { created: taken.created, snapshot: await describeSnapshot(ctx, taken.id) };
}

function theOneThatStands(error: unknown): { id: string; created: false } {
  if (error instanceof NothingDiffers) return { id: error.id, created: false };
  throw error;
}

/** @throws SnapshotError `unknown-campaign` */
export function campaignOf(campaigns: readonly Campaign[], id: string): Campaign {
  const campaign = campaigns.find((c) => c.id === id);
  if (campaign) return campaign;
  const known = campaigns.map((c) => c.id).join(', ') || 'none';
  throw new SnapshotError(
    'unknown-campaign',
    `--campaign ${id}: expected one of the campaigns in the configuration (${known})`,
  );
}
