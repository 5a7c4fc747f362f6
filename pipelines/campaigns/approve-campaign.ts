import type { Campaign } from '../../schemas/campaign.ts';
import { CampaignError } from '../../schemas/campaign-error.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { type CampaignVersion, newestCampaignVersion } from '../../warehouse/campaign-versions.ts';
import type { Database } from '../../warehouse/connect.ts';
import { holdToRole } from '../../warehouse/hold-to-role.ts';
import { tellRefusal } from '../told-refusal.ts';
import { recordCampaign } from './record-campaign.ts';

/**
 * Somebody of the bureau lets the cut-off move although a snapshot of the former one stands: the version is recorded under their name, and the snapshots of the
 * new cut-off are corrections of the former ones.
 * @throws CampaignError, UserRefusedError
 */
export async function approveCampaign(
  db: Database,
  campaign: Campaign,
  { by, reason, at }: { by: ActingUser; reason: string; at: string },
): Promise<CampaignVersion> {
  return tellRefusal(db, { by, at, subject: `campaign:${campaign.id}` }, () =>
    db.transaction(async (trx) => {
      await holdToRole(trx, by, ['bureau']);
      const newest = await newestCampaignVersion(trx, campaign.id);
      const version = await recordCampaign(trx, campaign, { at, by: by.name, run: null, approval: reason });
      if (version.approved_why === null || version.version === newest?.version)
        throw new CampaignError('campaign-nothing-to-approve', {
          campaign: campaign.id,
          version: newest?.version ?? 0,
        });
      return version;
    }),
  );
}
