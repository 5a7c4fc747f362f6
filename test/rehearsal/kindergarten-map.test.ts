/** The public map of the care system night by night, through PostgreSQL: alone, and beside the care system, which it never overrides. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { type CareServer, careData, startCareServer } from '../connectors/support/care-server.ts';
import { mapAnswer, mapItem } from '../connectors/support/map-answer.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const MAP = { type: 'kindergarten-map', name: 'map', inbox: 'inbox' };
let small: SmallInstallation;
let care: CareServer;
beforeAll(async () => {
  small = await openSmallInstallation(1, { only: [MAP] });
});
afterAll(async () => {
  await small.close();
  await care?.close();
});

const send = (district: string, day: string, items: readonly unknown[]) =>
  small.send(`${district}.${day}.json`, `${day}T20:00:00+08:00`, [mapAnswer(items)]);

async function night(day: string): Promise<RunReport> {
  const result = await small.night(`${day}T02:00:00+08:00`);
  return buildReport(small.db, Number(result.run));
}
const told = (report: RunReport): string[] =>
  report.institutions.map((e) =>
    [e.group, e.institution.code, e.institution.name, e.detail].filter((t) => t).join(' '),
  );
const asked = (report: RunReport, code: string): string[] =>
  report.exceptions.filter((e) => e.code === code).map((e) => `${e.institution?.code} ${e.institution?.name}`);
const ids = async (): Promise<Record<string, string>> => {
  const { rows } = await small.db.raw('SELECT code, institution_id AS id FROM warehouse.institution_code');
  return Object.fromEntries(rows.map((r: { code: string; id: string }) => [r.code, r.id]));
};

const first = (jitter: number) => [
  mapItem('0940100001', '準公共', '臺中市私立甲子園幼兒園', jitter),
  mapItem('0940100002', '準公共', '財團法人某某修女會附設臺中市私立德育幼兒園', jitter),
  mapItem('0940100003', '私立', '臺中市私立森林幼兒園', jitter),
  mapItem('0940100004', '私立', '臺中市私立四季幼兒園', jitter),
];

it('first is a first load', async () => {
  await send('401', '2024-08-01', first(0));
  await send('407', '2024-08-01', [mapItem('0940700001', '公立', '臺中市西屯區某某國民小學附設幼兒園')]);
  const report = await night('2024-08-02');
  expect([told(report), report.totals.kindergartens, report.run.sources[0]?.status]).toEqual([[], 5, 'fresh']);
});

it('names openings, the rename, the new operator, the change to 準公共 and who is no longer listed, and no moved point', async () => {
  await send('401', '2024-08-02', [
    mapItem('0940100002', '準公共', '臺中市私立育德幼兒園', 0.0003),
    mapItem('0940100003', '準公共', '臺中市私立森林幼兒園', 0.0001),
    mapItem('0940100004', '私立', '四季教育事業股份有限公司附設臺中市私立四季幼兒園', 0.0001),
    mapItem('0940100027', '私立', '臺中市私立森果國際幼兒園'),
  ]);
  const report = await night('2024-08-03');
  expect(told(report).sort()).toEqual([
    '改為準公共 0940100003 臺中市私立森林幼兒園 準公共 否 → 是',
    '新增機構 0940100027 臺中市私立森果國際幼兒園',
    '更名 0940100002 臺中市私立育德幼兒園 名稱 財團法人某某修女會附設臺中市私立德育幼兒園 → 臺中市私立育德幼兒園',
    '設立主體異動 0940100004 四季教育事業股份有限公司附設臺中市私立四季幼兒園 名稱 臺中市私立四季幼兒園 → 四季教育事業股份有限公司附設臺中市私立四季幼兒園',
  ]);
  expect(asked(report, 'institution-no-longer-listed')).toEqual(['0940100001 臺中市私立甲子園幼兒園']);
  expect(report.totals.kindergartens).toBe(6);
  expect(renderText(report)).toContain('名單不再列出的機構 1 件');
});

it('a night in which only the points moved changes nothing, and one who is listed again is not asked about', async () => {
  await send('401', '2024-08-03', [
    mapItem('0940100001', '準公共', '臺中市私立甲子園幼兒園', 0.01),
    mapItem('0940100002', '準公共', '臺中市私立育德幼兒園', 0.02),
    mapItem('0940100003', '準公共', '臺中市私立森林幼兒園', 0.03),
    mapItem('0940100004', '私立', '四季教育事業股份有限公司附設臺中市私立四季幼兒園', 0.04),
    mapItem('0940100027', '私立', '臺中市私立森果國際幼兒園', 0.05),
  ]);
  const report = await night('2024-08-04');
  expect([told(report), asked(report, 'institution-no-longer-listed'), report.run.sources[0]]).toMatchObject([
    [],
    [],
    { read: 5, unchanged: 5, accepted: 0, missing: 0 },
  ]);
});

it('a row without a readable sid calls nobody missing, and a broken answer changes nothing', async () => {
  const broken = { ...mapItem('0940100001', '私立', '甲'), sid: '????' };
  await send('401', '2024-08-04', [broken, mapItem('0940100002', '準公共', '臺中市私立育德幼兒園')]);
  await small.send('407.2024-08-04.json', '2024-08-04T20:00:00+08:00', ['[{"sid":']);
  const report = await night('2024-08-05');
  expect([told(report), asked(report, 'institution-no-longer-listed')]).toEqual([[], []]);
  expect(report.quarantine.map((q) => q.code)).toEqual(['sid-unreadable']);
  expect(report.failures.map((f) => f.source)).toEqual(['map/407']);
});

it('a type that the map never had costs the row, and takes 準公共 from nobody', async () => {
  const changed = {
    ...mapItem('0940100003', '準公共', '臺中市私立森林幼兒園'),
    type: 'spub4',
    name: '臺中市私立森林幼兒園',
  };
  await small.send('401.2024-08-05.json', '2024-08-05T08:00:00+08:00', [
    mapAnswer([
      mapItem('0940100001', '準公共', '臺中市私立甲子園幼兒園'),
      mapItem('0940100002', '準公共', '臺中市私立育德幼兒園'),
      changed,
      mapItem('0940100004', '私立', '四季教育事業股份有限公司附設臺中市私立四季幼兒園'),
      mapItem('0940100027', '私立', '臺中市私立森果國際幼兒園'),
    ]),
  ]);
  const result = await small.night('2024-08-05T09:00:00+08:00');
  const report = await buildReport(small.db, Number(result.run));
  expect([told(report), asked(report, 'institution-no-longer-listed')]).toEqual([[], []]);
  expect(report.drift.flatMap((d) => d.changes)).toMatchObject([
    {
      kind: 'new-value',
      field: 'ownership',
      before: '公立、私立、非營利、國立',
      after: 'spub4',
      mode: 'quarantine-row',
    },
  ]);
});

it('the care system takes its kindergartens over, ids and all, and from then on the map only asks', async () => {
  const before = await ids();
  const data = careData();
  data.staff = data.staff.slice(0, 1).map((person) => ({ ...person, institutionSid: '0940100002' }));
  data.institutions = [
    { ...data.institutions[0], sid: '0940100002', name: '臺中市私立育德幼兒園', quasiPublic: true, town: '東區' },
    { ...data.institutions[1], sid: '0940100003', name: '臺中市私立森林幼兒園', quasiPublic: false, town: '東區' },
  ];
  data.asOf = '2024-08-06T01:00:00+08:00';
  care = await startCareServer(data);
  await small.configure([{ ...care.config }, MAP]);
  const taken = await night('2024-08-06');
  expect(
    told(taken)
      .map((line) => line.split(' ').slice(0, 2).join(' '))
      .sort(),
  ).toEqual(['機構資料更正 0940100002', '退出準公共 0940100003']);
  expect(await ids()).toEqual(before);

  await send('401', '2024-08-06', [
    mapItem('0940100002', '公立', '臺中市立另一個名字幼兒園'),
    mapItem('0940100003', '準公共', '臺中市私立森林幼兒園'),
    mapItem('0940100099', '私立', '臺中市私立地圖上才有的幼兒園'),
  ]);
  data.asOf = '2024-08-07T01:00:00+08:00';
  const after = await night('2024-08-07');
  expect([told(after), await ids()]).toEqual([[], before]);
  expect(asked(after, 'map-outside-care-system')).toEqual(['0940100099 臺中市私立地圖上才有的幼兒園']);
  expect(asked(after, 'institution-no-longer-listed').map((line) => line.split(' ')[0])).toEqual([
    '0940100001',
    '0940100004',
    '0940100027',
  ]);
});
