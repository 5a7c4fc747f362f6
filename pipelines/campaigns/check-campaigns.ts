/** Well-formed campaigns against the warehouse and against what was recorded: what a file alone cannot tell. Reads only. */
import { type Campaign, PENDING } from '../../schemas/campaign.ts';
import { CampaignError } from '../../schemas/campaign-error.ts';
import { message } from '../../schemas/messages/catalogue.ts';
import type { CampaignFinding, CampaignsChecked } from '../../schemas/outputs/campaigns.ts';
import { newestCampaignVersion } from '../../warehouse/campaign-versions.ts';
import type { Database } from '../../warehouse/connect.ts';
import { kindergartenTitles } from '../../warehouse/views/known-titles.ts';
import { type SnapshotInstitution, snapshotInstitutions } from '../../warehouse/views/snapshot-institutions.ts';
import { appliedRunAt } from '../../warehouse/views/snapshot-run.ts';
import { isAddressed, meets } from '../snapshot/scope.ts';
import { campaignHash, refuseCampaignChanges } from './record-campaign.ts';

type Told = Omit<CampaignFinding, 'campaign'>;
const told = (level: Told['level'], place: string | null, zh: string, en: string): Told => ({
  level,
  place,
  text: { zh, en },
});

/** What of the scope the warehouse does not know. */
function unknownScope(campaign: Campaign, institutions: readonly SnapshotInstitution[]): Told[] {
  const codes = new Set(institutions.flatMap((i) => (i.moe_code === null ? [i.code] : [i.code, i.moe_code])));
  const districts = new Set(institutions.map(({ district }) => district));
  const found = campaign.addressed.flatMap((rule, i): Told[] => {
    const place = `addressed.${i}`;
    const codeless = (rule.codes ?? []).filter((code) => !codes.has(code));
    const idleExcepts = (rule.exceptCodes ?? []).filter((code) => !codes.has(code));
    const nowhere = (rule.exceptDistricts ?? []).filter((district) => !districts.has(district));
    const idle = codeless.length === 0 && !institutions.some((institution) => meets(rule, institution));
    return [
      ...codeless.map((code) =>
        told(
          'error',
          `${place}.codes`,
          `${code} 不在機構清單中，不會列入任何快照`,
          `no institution has the code ${code}: it will be in no snapshot`,
        ),
      ),
      ...idleExcepts.map((code) =>
        told('note', `${place}.exceptCodes`, `${code} 不在機構清單中`, `no institution has the code ${code}`),
      ),
      ...nowhere.map((district) =>
        told('note', `${place}.exceptDistricts`, `${district} 沒有任何機構`, `no institution lies in ${district}`),
      ),
      ...(idle
        ? [told('note', place, '沒有任何機構符合這一項', 'no institution meets all conditions of this rule')]
        : []),
    ];
  });
  const nobody = !institutions.some((institution) => isAddressed(campaign, institution));
  return nobody ? [...found, told('error', 'addressed', '沒有任何機構為正本', 'nobody is addressed')] : found;
}

function papers({ documents = [] }: Campaign): Told[] {
  return documents.flatMap(({ name, status, about }, i) =>
    status === PENDING
      ? [told('note', `documents.${i}`, `${name} 待補：${about}`, `${name} is not in hand; on it depends: ${about}`)]
      : [],
  );
}

/** Whether the next run would take the file, and as what. */
async function sinceRecorded(db: Database, campaign: Campaign): Promise<Told[]> {
  const newest = await newestCampaignVersion(db, campaign.id);
  if (newest === undefined || newest.hash === campaignHash(campaign)) return [];
  try {
    await refuseCampaignChanges(db, [campaign]);
  } catch (error) {
    if (!(error instanceof CampaignError)) throw error;
    const [zh = '', en = ''] = error.message.split('\n');
    return [told('error', null, zh, en)];
  }
  const { version } = newest;
  return [
    told(
      'note',
      null,
      `與登錄的第 ${version} 版不同，下次執行時登錄為第 ${version + 1} 版`,
      `differs from version ${version} as recorded: the next run records it as version ${version + 1}`,
    ),
  ];
}

export async function checkCampaigns(db: Database, campaigns: readonly Campaign[]): Promise<CampaignsChecked> {
  const run = await appliedRunAt(db, null);
  const moments = run && {
    through: run.recordedAt,
    cutOff: '9999-12-31T00:00:00+08:00',
    day: run.clock.slice(0, 10),
  };
  const institutions = moments ? await db.transaction((trx) => snapshotInstitutions(trx, moments)) : null;
  const titles = new Set(await kindergartenTitles(db));
  const findings: CampaignFinding[] = [];
  for (const campaign of campaigns) {
    const unborne = campaign.plans['teacher-plan'].kindergartenTitles.filter((title) => !titles.has(title));
    const all = [
      ...(await sinceRecorded(db, campaign)),
      ...(institutions === null
        ? [told('note', null, message('campaign-nothing-known', {}, 'zh'), message('campaign-nothing-known', {}, 'en'))]
        : unknownScope(campaign, institutions)),
      ...(titles.size === 0
        ? []
        : unborne.map((title) =>
            told(
              'note',
              'plans.teacher-plan.kindergartenTitles',
              `幼兒園沒有人的職稱是 ${title}`,
              `nobody in a kindergarten has the title ${title}`,
            ),
          )),
      ...papers(campaign),
    ];
    findings.push(...all.map((one) => ({ campaign: campaign.id, ...one })));
  }
  return {
    ok: findings.every(({ level }) => level === 'note'),
    campaigns: campaigns.map(({ id }) => id),
    findings,
  };
}
