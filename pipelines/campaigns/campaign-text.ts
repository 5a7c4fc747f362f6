/** Planning years in words, for the bureau first. */
import type { Campaign } from '../../schemas/campaign.ts';
import { PLAN_KINDS } from '../../schemas/campaign.ts';
import type { Deadline } from '../../schemas/deadlines.ts';
import type { CampaignLine, CampaignShown, CampaignsChecked } from '../../schemas/outputs/campaigns.ts';
import { purposeEnd } from '../../schemas/purpose-end.ts';
import type { CampaignState, WindowState } from '../../schemas/window-state.ts';
import { minute, PLAN_KIND } from '../report/labels.ts';
import { paragraph } from '../report/text-layout.ts';

const STATE: Readonly<Record<CampaignState, string>> = {
  'before-cut-off': '基準時間未到 before the cut-off',
  between: '已過基準時間，目前無計畫開放 between the windows',
  open: '填報中 open',
  closed: '已結束 closed',
};
const WINDOW: Readonly<Record<WindowState, string>> = {
  before: '未開放 before',
  open: '開放中 open',
  after: '已結束 after',
};
export const DEADLINE_WORDS: Readonly<Record<Deadline, string>> = {
  'rosterUpdates.until': '名冊更新期限',
  cutOff: '基準時間',
  'plans.school-plan.window.from': '學校本位進修規劃開始',
  'plans.school-plan.window.through': '學校本位進修規劃截止',
  'plans.teacher-plan.window.from': '教師自我進修規劃開始',
  'plans.teacher-plan.window.through': '教師自我進修規劃截止',
};

const versionWords = ({ version, changed }: CampaignLine): string => {
  if (version === null) return '尚未使用 not used yet';
  return changed
    ? `第 ${version} 版之後已修改，下次執行時登錄 changed since version ${version}`
    : `第 ${version} 版 version ${version}`;
};

export function renderCampaigns(campaigns: readonly CampaignLine[], at: string): string {
  if (campaigns.length === 0) return '設定檔沒有任何年度。\nNo planning year in the configuration (key "campaigns").';
  return campaigns
    .flatMap((c) => [
      `${c.id} ${c.name}：${STATE[c.state]}（${minute(at)}）`,
      `  基準時間 cut-off ${minute(c.cutOff)} 前${c.moved ? `，原為 was ${minute(c.moved.from)}：${c.moved.reason}` : ''}`,
      ...c.windows.map((w) => `  ${PLAN_KIND[w.kind]} ${minute(w.from)} 至 ${minute(w.through)}：${WINDOW[w.state]}`),
      `  ${versionWords(c)}${c.snapshots.length > 0 ? `；快照 snapshots ${c.snapshots.join('、')}` : ''}`,
      ...(c.pending.length > 0 ? [`  待補 missing: ${c.pending.join('、')}`] : []),
    ])
    .join('\n');
}

function scopeWords(rule: Campaign['addressed'][number]): string {
  const parts = [
    rule.section?.join('、'),
    rule.ownership && `設立別 ${rule.ownership.join('、')}`,
    rule.legalClass && `法定類別 ${rule.legalClass.join('、')}`,
    rule.codes && `代碼 ${rule.codes.join('、')}`,
  ].filter((part) => part);
  const except = [...(rule.exceptDistricts ?? []), ...(rule.exceptCodes ?? [])];
  return `${parts.join('；')}${except.length > 0 ? `（不含 ${except.join('、')}）` : ''}`;
}

function planWords(campaign: Campaign, kind: (typeof PLAN_KINDS)[number]): string[] {
  const { window, consumers } = campaign.plans[kind];
  const { excludePublicKindergartens } = campaign.plans['school-plan'];
  const { kindergartenTitles, schoolTitleCodes } = campaign.plans['teacher-plan'];
  return [
    `${PLAN_KIND[kind]}（${kind}）：${minute(window.from)} 至 ${minute(window.through)}，含起訖之分秒`,
    ...(kind === 'school-plan'
      ? [`  ${excludePublicKindergartens ? '不含公立幼兒園（R26）' : '含公立幼兒園'}`]
      : [`  教師：學校職別 ${schoolTitleCodes.join('、')}；幼兒園職稱 ${kindergartenTitles.join('、')}`]),
    `  快照明細保存至 ${purposeEnd(campaign, kind)}（個資法第 11 條）`,
    ...consumers.flatMap((c) => [
      ...paragraph(`提供對象：${c.name}（${c.id}）；目的：${c.purpose}；依據：${c.legalGround}`),
      ...paragraph(`欄位：${c.columns.join('、')}`, 4),
    ]),
  ];
}

export function renderCampaign({ version, hash, campaign, versions }: CampaignShown): string {
  const { rosterUpdates: updates, moved = [], documents = [] } = campaign;
  return [
    `${campaign.id} ${campaign.name}　${version === null ? '目前檔案，尚未登錄 the file, not recorded yet' : `第 ${version} 版 version ${version}`}`,
    `  ${hash}`,
    `學年度：${campaign.schoolYear.from} 至 ${campaign.schoolYear.through}`,
    `基準時間：${minute(campaign.cutOff)} 前登錄者（R24）`,
    ...(updates ? [`名冊與帳號更新：${minute(updates.from)} 起、${minute(updates.until)} 前（R06）`] : []),
    ...moved.map(({ what, from, reason }) => `延改：${DEADLINE_WORDS[what]}，原為 ${minute(from)}；${reason}`),
    '依據（R01）：',
    ...campaign.legalBasis.map((b) => `  ${b.issuer} ${b.date} ${b.document}`),
    ...documents.map((d) => `  ${d.name}：${d.status}；${d.about}`),
    '正本（R04），符合任一項者：',
    ...campaign.addressed.flatMap((rule) => paragraph(scopeWords(rule))),
    ...PLAN_KINDS.flatMap((kind) => planWords(campaign, kind)),
    `洽詢（R31）：${campaign.contacts.phone}、${campaign.contacts.email}`,
    ...(versions.length > 0 ? ['登錄版本 recorded versions：'] : []),
    ...versions.map(
      (v) =>
        `  第 ${v.version} 版 ${minute(v.recordedAt)} ${v.run === null ? v.recordedBy : `第 ${v.run} 次執行`}${v.approved === null ? '' : `，核定：${v.approved}`}　${v.hash.slice(0, 19)}…`,
    ),
  ].join('\n');
}

export function renderChecked({ ok, campaigns, findings }: CampaignsChecked): string {
  const verdict = ok ? '可以使用 usable' : '不可使用 not usable';
  return [
    `${campaigns.join('、') || '沒有年度'}：${verdict}${findings.length === 0 ? '，沒有需要注意的事 nothing to look at' : ''}`,
    ...findings.flatMap((f) => [
      `  ${f.level === 'error' ? '✗' : '・'} ${f.campaign}${f.place === null ? '' : ` ${f.place}`}：${f.text.zh}`,
      `      ${f.text.en}`,
    ]),
  ].join('\n');
}
