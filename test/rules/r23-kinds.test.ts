/** R23: kinds of accounts and their duties differ by 教育階段, by a table; of a stage without one nothing is asked. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountQuestions } from '../../pipelines/accounts/account-questions.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { campaign113, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const TABLE = [
  {
    section: '國小' as const,
    kinds: [
      { kind: '總負責人', duties: '管理本校帳號' },
      { kind: '研習承辦人', duties: '登錄研習' },
    ],
  },
];

/** Year 113 without a table, year 114 with one. */
const [BEFORE, WITH] = [campaign113(), campaign113()].map(
  (campaign, i): Campaign => ({
    ...campaign,
    id: String(113 + i),
    schoolYear: { from: `${2023 + i}-08-01`, through: `${2024 + i}-07-31` },
    ...(i === 1 ? { accountKinds: TABLE } : {}),
  }),
) as [Campaign, Campaign];

let story: Story;
beforeAll(async () => {
  story = await openStory(null, {
    campaigns: [
      { ...BEFORE, rosterUpdates: undefined },
      { ...WITH, rosterUpdates: undefined },
    ] as Campaign[],
  });
});
afterAll(() => story.close());

it('R23: where 國小 has a table from 08-01 on, a kind that it lacks is told the night after and not the night before; 國中 without a table is not asked', async () => {
  const rows = (code: string) => [
    HEAD,
    `${code},tc01,研習承辦人,A123456789,王小明,啟用`,
    `${code},tc02,報表查詢人員,B123456780,李大華,啟用`,
  ];
  for (const code of ['064601', '064501'])
    await story.small.send(`${code}.csv`, '2024-07-30T15:00:00+08:00', rows(code), 'accounts');
  await story.night('2024-07-31');
  expect(await story.open('account-kind-unknown')).toEqual([]);
  await story.night('2024-08-01');
  expect(await story.open('account-kind-unknown')).toEqual(['schools:064601:國小']);
  await story.small.send('064601-b.csv', '2024-08-01T15:00:00+08:00', rows('064601').slice(0, 2), 'accounts');
  await story.night('2024-08-02');
  expect(await story.open('account-kind-unknown')).toEqual(['schools:064601:國小']);
  await story.small.send(
    '064601-c.csv',
    '2024-08-02T15:00:00+08:00',
    rows('064601').map((row) => row.replace('報表查詢人員', '研習承辦人')),
    'accounts',
  );
  await story.night('2024-08-03');
  expect(await story.open('account-kind-unknown')).toEqual([]);
});

it('R23: a file with kinds and names the wrong way round is told without the names (I8): a kind is named once the table or several holders have it', async () => {
  const told = async (night: string, rows: string[]) => {
    await story.small.send(
      `064602-${night}.csv`,
      `${night}T01:00:00+08:00`,
      [HEAD, ...rows.map((row) => `064602,${row}`)],
      'accounts',
    );
    await story.night(night);
    const { rows: open } = await story.small.db.raw(
      `SELECT concat_ws(' ', code, subject, params) AS line FROM review.exception
       WHERE closed_at IS NULL AND code IN ('account-kind-unknown', 'account-duplicate') AND institution_key LIKE '%:064602:%' ORDER BY 1`,
    );
    return open.map((row: { line: string }) => row.line).join();
  };
  const turned = ['tc01,周瑜民,F229999995,研習承辦人,啟用', 'tc02,周瑜民,F229999995,研習承辦人,啟用'];
  const first = await told('2024-08-04', turned);
  expect(first).toContain('account-duplicate');
  expect(first).toContain('account-kind-unknown — ');
  expect(first).not.toContain('周瑜民');
  const one = ['tc01,場地承辦人,F229999995,周瑜民,啟用', 'tc02,研習承辦人,F229999995,周瑜民,啟用'];
  expect(await told('2024-08-05', one)).toContain('account-kind-unknown — ');
  const two = 'tc03,場地承辦人,B123456780,李大華,啟用';
  expect(await told('2024-08-06', [...one, two])).toContain('account-kind-unknown 場地承辦人 ');
});

it('R23: the table is that of the year that has begun, and before any of the one that comes', () => {
  const kinds = (day: string, campaigns: readonly Campaign[]) =>
    accountQuestions({ campaigns }, `${day}T02:00:00+08:00`).kinds.map(({ section, kind }) => `${section} ${kind}`);
  expect(kinds('2024-07-31', [WITH, BEFORE])).toEqual([]);
  expect(kinds('2024-08-01', [WITH, BEFORE])).toEqual(['國小 總負責人', '國小 研習承辦人']);
  expect(kinds('2024-07-31', [WITH])).toHaveLength(2);
  expect(kinds('2024-07-31', [])).toEqual([]);
});
