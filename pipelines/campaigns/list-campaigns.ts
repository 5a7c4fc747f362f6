/** Planning years and where a moment stands to them. */
import type { Campaign } from '../../schemas/campaign.ts';
import { PENDING, PLAN_KINDS } from '../../schemas/campaign.ts';
import { CampaignError } from '../../schemas/campaign-error.ts';
import { moveOf } from '../../schemas/deadlines.ts';
import type { CampaignLine, CampaignShown } from '../../schemas/outputs/campaigns.ts';
import { campaignState, windowState } from '../../schemas/window-state.ts';
import { campaignVersion, campaignVersions, newestCampaignVersion } from '../../warehouse/campaign-versions.ts';
import type { Database } from '../../warehouse/connect.ts';
import { listStoredSnapshots } from '../../warehouse/snapshots.ts';
import { campaignHash } from './record-campaign.ts';

/** @param now ISO moment */
export async function listCampaigns(
  db: Database,
  campaigns: readonly Campaign[],
  now: string,
): Promise<CampaignLine[]> {
  const snapshots = await listStoredSnapshots(db);
  return Promise.all(
    campaigns.map(async (campaign): Promise<CampaignLine> => {
      const newest = await newestCampaignVersion(db, campaign.id);
      const move = moveOf(campaign, 'cutOff');
      return {
        id: campaign.id,
        name: campaign.name,
        state: campaignState(campaign, now),
        cutOff: campaign.cutOff,
        moved: move && { from: move.from, reason: move.reason },
        windows: PLAN_KINDS.map((kind) => ({
          kind,
          ...campaign.plans[kind].window,
          state: windowState(campaign, kind, now),
        })),
        version: newest?.version ?? null,
        changed: newest !== undefined && newest.hash !== campaignHash(campaign),
        pending: (campaign.documents ?? []).filter(({ status }) => status === PENDING).map(({ name }) => name),
        snapshots: snapshots.filter((s) => s.campaign === campaign.id).map(({ id }) => id),
      };
    }),
  );
}

/** @throws CampaignError `campaign-unknown` */
export function campaignById(campaigns: readonly Campaign[], id: string): Campaign {
  const campaign = campaigns.find((one) => one.id === id);
  if (campaign) return campaign;
  throw new CampaignError('campaign-unknown', { campaign: id, known: campaigns.map((c) => c.id).join('、') || '–' });
}

/** One year: its file as it is, or a version as it was recorded. @throws CampaignError */
export async function showCampaign(
  db: Database,
  campaigns: readonly Campaign[],
  id: string,
  version: number | null,
): Promise<CampaignShown> {
  const recorded = await campaignVersions(db, id);
  const versions = recorded.map((v) => ({
    version: v.version,
    hash: v.hash,
    recordedAt: v.recorded_at,
    recordedBy: v.recorded_by,
    run: v.run_id === null ? null : String(v.run_id),
    approved: v.approved_why,
  }));
  if (version !== null) {
    const found = await campaignVersion(db, id, version);
    if (!found)
      throw new CampaignError('campaign-version-unknown', { campaign: id, version, newest: recorded.length || '–' });
    return { version, hash: found.hash, campaign: found.body, versions };
  }
  const campaign = campaignById(campaigns, id);
  const hash = campaignHash(campaign);
  const newest = recorded.at(-1);
  return { version: newest?.hash === hash ? newest.version : null, hash, campaign, versions };
}
