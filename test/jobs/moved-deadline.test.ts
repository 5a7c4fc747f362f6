/** A typhoon day: cut-off and windows move in the campaign's file, and the closing run with them; what is frozen already stands (R24). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveCampaign } from '../../pipelines/campaigns/approve-campaign.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderHtml } from '../../pipelines/report/render-html.ts';
import { summaryText } from '../../pipelines/report/render-summary.ts';
import { overview } from '../../pipelines/report/tables/overview-tables.ts';
import { storedSnapshot } from '../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot, listSnapshots } from '../../pipelines/snapshot.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { readSnapshotFile } from '../../warehouse/snapshots.ts';
import { CAMPAIGN, CUT_OFF } from '../pipelines/snapshot/world.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱';
const WANG = '064601,A123456789,王小明,男,70/05/06,教師';
const LI = '064601,B123456780,李大華,男,68/12/23,校長';
const CHEN = '064601,F229999993,陳晚到,女,75/01/02,教師';
const LATER = '2024-08-05T12:00:00+08:00';
const REASON = '凱米颱風停班停課';
const SOURCES = [
  { type: 'institution-list', name: 'schools', path: 'institutions/schools.csv', layout: 'schools' },
  { type: 'roster-files', name: 'roster', inbox: 'inbox' },
];

const school = CAMPAIGN.plans['school-plan'];
const MOVED: Campaign = {
  ...CAMPAIGN,
  cutOff: LATER,
  moved: [
    { what: 'cutOff', from: CUT_OFF, reason: REASON },
    { what: 'plans.school-plan.window.from', from: school.window.from, reason: REASON },
  ],
  plans: {
    ...CAMPAIGN.plans,
    'school-plan': { ...school, window: { ...school.window, from: '2024-08-06T00:00:00+08:00' } },
  },
};

/** In time for the move, and after the freeze. */
let early: SmallInstallation;
let late: SmallInstallation;
beforeAll(async () => {
  for (const name of ['early', 'late'] as const) {
    const small = await openSmallInstallation(1, { campaigns: [CAMPAIGN], only: SOURCES });
    if (name === 'early') early = small;
    else late = small;
    await small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG]);
    await small.night('2024-08-02T02:00:00+08:00');
  }
});
afterAll(async () => {
  await early.close();
  await late.close();
});

/** The file is edited and the program started again. */
async function edit(small: SmallInstallation, campaign: Campaign): Promise<void> {
  small.installation.campaigns = [campaign];
  await small.configure(SOURCES);
}
const kinds = (results: readonly SyncResult[]): string[] => results.map((r) => `${r.kind} ${r.status}`);
const taken = async (small: SmallInstallation) =>
  (await listSnapshots(small.ctx)).map((s) => [s.id, s.cutOff, s.automatic]);
async function names(small: SmallInstallation, id: string): Promise<string[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readSnapshotFile(small.db, small.ctx.keyring, id, 'teacher-plan.csv')) pieces.push(piece);
  const lines = Buffer.concat(pieces).toString('utf8').split('\r\n').slice(1, -1);
  return lines.map((line) => line.split(',')[1] as string).sort();
}

it('moved before the cut-off: nothing is frozen at the old moment, and the report says until when and why', async () => {
  await edit(early, MOVED);
  const results = await early.runs('2024-08-02T17:00:01+08:00');
  expect(kinds(results)).toEqual(['manual complete']);
  expect(await taken(early)).toEqual([]);
  const result = results[0] as SyncResult;
  const report = await buildReport(early.db, Number(result.run));
  expect(report.nextCutOff).toEqual({
    campaign: '113',
    name: CAMPAIGN.name,
    cutOff: LATER,
    moved: { from: CUT_OFF, reason: REASON },
  });
  const said = '基準時間由 2024-08-02 17:00 延至 2024-08-05 12:00（凱米颱風停班停課）';
  expect(summaryText(result, report).replaceAll(/\s+/g, ' ')).toContain(said);
  expect(renderHtml(report)).toContain(said);
  expect(overview(report).rows.flat()).toContain(`${CAMPAIGN.name}；${said}`);
});

it('what comes until the new moment is in, the closing run is for it, and the manifest says that it was moved', async () => {
  await early.send('064601-b.csv', '2024-08-04T10:00:00+08:00', [HEAD, WANG, LI]);
  await early.send('064601-c.csv', LATER, [HEAD, WANG, LI, CHEN]);
  expect(kinds(await early.runs('2024-08-06T02:00:00+08:00'))).toEqual(['closing complete', 'manual complete']);
  expect(await taken(early)).toEqual([
    ['113-school-plan-v1', LATER, true],
    ['113-teacher-plan-v1', LATER, true],
  ]);
  expect(await names(early, '113-teacher-plan-v1')).toEqual(['李大華', '王小明'].sort());
  const { mingce } = (await storedSnapshot(early.ctx, '113-teacher-plan-v1')).manifest;
  expect([mingce.campaign.version, mingce.moved[0], mingce.correction]).toEqual([
    2,
    { what: 'cutOff', from: CUT_OFF, reason: REASON },
    null,
  ]);
});

it('moved after the snapshot was taken: no run begins, it says what to do, and put back all goes on', async () => {
  expect(kinds(await late.runs('2024-08-03T02:00:00+08:00'))).toEqual(['closing complete', 'manual complete']);
  await edit(late, MOVED);
  const before = await late.db('ops.run').max('id');
  await expect(late.runs('2024-08-04T02:00:00+08:00')).rejects.toMatchObject({
    code: 'campaign-moved-after-snapshot',
    message: expect.stringContaining('請將 cutOff 改回'),
  });
  await expect(createSnapshot(late.ctx, { campaignId: '113', kind: 'teacher-plan' })).rejects.toMatchObject({
    code: 'cut-off-not-closed',
  });
  expect(await late.db('ops.run').max('id')).toEqual(before);
  await edit(late, CAMPAIGN);
  expect(kinds(await late.runs('2024-08-04T02:00:00+08:00'))).toEqual(['manual complete']);
  expect(await taken(late)).toHaveLength(2);
});

it('let through by somebody of the bureau, what the new cut-off freezes corrects the former version by their name', async () => {
  await addBureau(late.db, [LIN.name]);
  await edit(late, MOVED);
  const approval = { by: LIN, reason: '公告在後', at: '2024-08-04T09:00:00+08:00' };
  await approveCampaign(late.db, MOVED, approval);
  await late.send('064601-b.csv', '2024-08-05T11:59:59+08:00', [HEAD, WANG, LI]);
  await late.send('064601-c.csv', LATER, [HEAD, WANG, LI, CHEN]);
  expect(kinds(await late.runs('2024-08-06T02:00:00+08:00'))).toEqual(['closing complete', 'manual complete']);
  expect(await taken(late)).toEqual([
    ['113-school-plan-v1', CUT_OFF, true],
    ['113-school-plan-v2', LATER, true],
    ['113-teacher-plan-v1', CUT_OFF, true],
    ['113-teacher-plan-v2', LATER, true],
  ]);
  const { mingce } = (await storedSnapshot(late.ctx, '113-teacher-plan-v2')).manifest;
  expect(mingce.correction).toEqual({ of: '113-teacher-plan-v1', by: 'lin', reason: '公告在後', at: approval.at });
  expect(await names(late, '113-teacher-plan-v1')).toEqual(['王小明']);
  expect(await names(late, '113-teacher-plan-v2')).toEqual(['李大華', '王小明'].sort());
  expect(kinds(await late.runs('2024-08-07T02:00:00+08:00'))).toEqual(['manual complete']);
});
