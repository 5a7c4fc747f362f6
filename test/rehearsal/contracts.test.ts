/** Sources whose shape changes, night by night through PostgreSQL: told, kept out as the contract says, accepted by a person. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderHtml } from '../../pipelines/report/render-html.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { acceptShape } from '../../warehouse/landing/shapes.ts';
import { type CareData, type CareServer, careData, startCareServer } from '../connectors/support/care-server.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const SCHOOLS = { type: 'institution-list', name: 'schools', path: 'institutions/schools.csv', layout: 'schools' };
const roster = (contract?: object) => [SCHOOLS, { type: 'roster-files', name: 'roster', inbox: 'inbox', contract }];
const HEAD = '身分證字號,姓名,性別,職稱,電子郵件';
const WANG = 'A123456789,王小明,男,教師,wang@example.tw';
const LEE = 'B123456780,李小美,女,教師,lee@example.tw';

let small: SmallInstallation;
let day = 1;
beforeAll(async () => {
  small = await openSmallInstallation(1, { only: roster() });
});
afterAll(() => small.close());
beforeEach(() => {
  day += 1;
});

const date = (of = day): string => new Date(Date.UTC(2024, 7, of)).toISOString().slice(0, 10);
/** The next night, with a file that came the evening before. */
async function night(lines?: readonly string[]): Promise<RunReport> {
  day += 1;
  if (lines) await small.send(`064601.${day}.csv`, `${date()}T00:30:00+08:00`, lines);
  const result = await small.night(`${date()}T02:00:00+08:00`);
  return buildReport(small.db, Number(result.run));
}
const drift = (report: RunReport): unknown[] =>
  report.drift.flatMap((d) => d.changes.map((c) => [d.source, c.kind, c.field, c.mode, c.rows]));
const asked = (report: RunReport): string[] =>
  report.exceptions
    .filter((e) => e.code === 'source-drifted')
    .map((e) => `${e.about}${e.openedInThisRun ? ' new' : ''}`);
async function people(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT concat_ws(' ', name, sex, email) AS line FROM warehouse.person_version WHERE recorded_to = 'infinity' AND valid_to = 'infinity' AND source LIKE 'roster%' ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}
const WHOLE = ['李小美 女 lee@example.tw', '王小明 男 wang@example.tw'];

it('the first file is its own measure', async () => {
  const report = await night([`${HEAD},備註`, `${WANG},`, `${LEE},`]);
  expect([drift(report), asked(report), await people()]).toEqual([[], [], expect.arrayContaining(WHOLE)]);
});

it('a column that is gone is told with both shapes side by side; another title of a column and one more are not', async () => {
  const report = await night([
    '身分證號,教師姓名,性別,職稱,備註,血型',
    'A123456789,王小明,男,教師,,O',
    'B123456780,李小美,女,教師,,A',
  ]);
  expect(drift(report)).toEqual([['roster/064601', 'missing-column', '電子郵件', 'report', 2]]);
  expect(report.drift[0]).toMatchObject({ institution: '064601 市立豐原國小', form: 'complete' });
  expect(report.drift[0]?.before.fields.map((f) => f.name)).toContain('電子郵件');
  expect(report.drift[0]?.after.fields.map((f) => f.name)).toEqual([
    '身分證號',
    '教師姓名',
    '性別',
    '職稱',
    '備註',
    '血型',
  ]);
  expect(asked(report)).toEqual(['064601 市立豐原國小 new']);
  const text = renderText(report);
  expect(text).toMatch(/缺少欄位\s+電子郵件\s+電子郵件\s+（無此欄）\s+2\s+採用，待確認/);
  expect(text).toContain('npx mingce contract accept roster/064601');
  expect(renderHtml(report)).toContain(
    '<tr class="differs"><td>電子郵件</td><td>－</td><td class="keep">不同</td></tr>',
  );
});

it('a night without a new file asks no second time, and a file with the column closes it', async () => {
  expect(asked(await night())).toEqual(['064601 市立豐原國小']);
  const report = await night([`${HEAD},備註`, `${WANG},`, `${LEE},`, '']);
  expect([drift(report), asked(report)]).toEqual([[], []]);
});

it('quarantine-source lands nothing of a file with a new column until a person accepts it', async () => {
  await small.configure(roster({ unknownColumn: 'quarantine-source' }));
  const lines = [`${HEAD},備註,血型`, `${WANG.replace('男', '女')},,O`];
  const report = await night(lines);
  expect(report.failures.map((f) => f.text.zh)).toEqual([expect.stringContaining('1 處與約定不同')]);
  expect([drift(report), await people()]).toEqual([
    [['roster/064601', 'unknown-column', '血型', 'quarantine-source', 1]],
    expect.arrayContaining(WHOLE),
  ]);
  expect(existsSync(small.inbox(`064601.${day}.csv`))).toBe(true);
  expect(report.missing).toEqual([]);

  expect(await acceptShape(small.db, 'roster/064601')).toBe(1);
  const after = await night();
  expect([drift(after), asked(after), after.failures]).toEqual([[], [], []]);
  expect(await people()).toContain('王小明 女 wang@example.tw');
  expect(await acceptShape(small.db, 'roster/999999')).toBeNull();
});

it('quarantine-row keeps out the row with a new value, and nobody is missing for it', async () => {
  await small.configure(roster({ newValue: 'quarantine-row' }));
  const report = await night([
    `${HEAD},備註,血型`,
    `${WANG.replace('男', '第三性')},,O`,
    `${LEE.replace('lee@', 'mei@')},,A`,
  ]);
  expect(drift(report)).toEqual([['roster/064601', 'new-value', 'sex', 'quarantine-row', 1]]);
  expect(report.quarantine).toMatchObject([
    { code: 'drift-new-value', rows: 1, examples: [{ row: 2, column: 'sex', value: '第三性' }] },
  ]);
  expect([await people(), report.missing]).toEqual([
    expect.arrayContaining(['王小明 女 wang@example.tw', '李小美 女 mei@example.tw']),
    [],
  ]);
});

it('quarantine-row keeps out every row of a file that lost a column', async () => {
  await small.configure(roster({ missingColumn: 'quarantine-row' }));
  const before = await people();
  const report = await night([
    `${HEAD.replace(',電子郵件', '')},備註,血型`,
    'A123456789,王小明,男,校長,,O',
    'B123456780,李小美,女,教師,,A',
  ]);
  expect(report.run.sources.find((s) => s.source === 'roster')).toMatchObject({ read: 2, quarantined: 2, missing: 0 });
  expect([drift(report), await people()]).toEqual([
    [['roster/064601', 'missing-column', '電子郵件', 'quarantine-row', 2]],
    before,
  ]);
});

it('accept takes the file as it is, and closes what was told; what the lost column told before stays', async () => {
  await small.configure(roster({ missingColumn: 'accept' }));
  const report = await night([
    `${HEAD.replace(',電子郵件', '')},備註,血型`,
    'A123456789,王小明,女,主任,,O',
    'B123456780,李小美,女,教師,,A',
  ]);
  expect([drift(report), asked(report)]).toEqual([[], []]);
  expect(await people()).toContain('王小明 女 wang@example.tw');
});

it('is accepted for all parts of a configured source at once', async () => {
  await small.configure(roster({ unknownColumn: 'report' }));
  await small.send('064602.csv', `${date()}T12:00:00+08:00`, [
    '身分證字號,姓名,性別,職稱',
    'C100000016,陳大文,男,教師',
  ]);
  expect(
    drift(
      await night([
        `${HEAD.replace(',電子郵件', '')},備註,血型,星座`,
        'A123456789,王小明,男,主任,,O,牡羊',
        'B123456780,李小美,女,教師,,A,雙魚',
      ]),
    ),
  ).toHaveLength(1);
  await small.send('064602.b.csv', `${date()}T12:00:00+08:00`, [
    '身分證字號,姓名,性別,職稱,星座',
    'C100000016,陳大文,男,教師,天秤',
  ]);
  expect(drift(await night())).toHaveLength(2);
  expect(await acceptShape(small.db, 'roster')).toBe(2);
  expect(drift(await night())).toEqual([]);
});

it('a mapping that changes is no drift, whatever the modes, in the night as in a replay; two titles of one column neither', async () => {
  const kept = { unknownColumn: 'quarantine-source', missingColumn: 'quarantine-row' };
  await small.configure(roster(kept));
  const lines = [
    '身分證字號,老師大名,姓名,性別,職稱,信,備用信',
    'A123456789,王小明,001,女,主任,wang@example.tw,w@example.tw',
    'B123456780,李小美,002,女,教師,lee@example.tw,l@example.tw',
  ];
  const send = (name: string, more: readonly string[] = []) =>
    small.send(name, `${date()}T12:00:00+08:00`, [...lines, ...more]);
  await send('064603.csv');
  await night();
  const mapped = { columns: { 老師大名: 'name', 信: 'email', 備用信: 'email' } };
  await small.configure([SCHOOLS, { type: 'roster-files', name: 'roster', inbox: 'inbox', contract: kept, ...mapped }]);
  const replayed = await small.replay(`${date()}T12:00:00+08:00`, ['roster/064603']);
  const inReplay = await buildReport(small.db, Number(replayed.run));
  expect([drift(inReplay), inReplay.failures, inReplay.missing]).toEqual([[], [], []]);
  await send('064603.b.csv');
  const report = await night();
  expect([drift(report), report.failures, report.missing]).toEqual([[], [], []]);
  const { rows } = await small.db.raw(
    `SELECT concat_ws(' ', name, email) AS line FROM landing.staff_record WHERE source = 'roster/064603' AND missing_since IS NULL ORDER BY 1`,
  );
  expect(rows.map((r: { line: string }) => r.line)).toEqual(['李小美 lee@example.tw', '王小明 wang@example.tw']);
});

it('a replay takes back no shape that a person accepted, and closes no question about a file that waits', async () => {
  const refusing = { missingColumn: 'quarantine-source' };
  await small.configure(roster(refusing));
  const send = (name: string, lines: readonly string[]) => small.send(name, `${date()}T12:00:00+08:00`, lines);
  await send('064604.csv', ['身分證字號,姓名,職稱,主聘', 'A223456781,林美玲,教師,是', 'F229999995,陳可立,主任,是']);
  await night();
  await send('064604.b.csv', ['身分證字號,姓名,職稱', 'A223456781,林美玲,校長', 'F229999995,陳可立,主任']);
  expect(drift(await night())).toEqual([['roster/064604', 'missing-column', '主聘', 'quarantine-source', 2]]);
  const shape = () => small.db('landing.source_shape').where({ source: 'roster/064604' }).first();
  const told = await shape();
  const before = await small.replay(`${date()}T12:00:00+08:00`, ['roster/064604']);
  expect([asked(await buildReport(small.db, Number(before.run))), await shape()]).toEqual([
    ['064604 市立富春國小'],
    told,
  ]);

  expect(await acceptShape(small.db, 'roster/064604')).toBe(1);
  const accepted = await shape();
  await small.replay(`${date()}T12:30:00+08:00`, ['roster/064604']);
  expect(await shape()).toEqual(accepted);
  const report = await night();
  expect([drift(report), report.failures, asked(report)]).toEqual([[], [], []]);
  const { rows } = await small.db.raw(
    `SELECT title FROM landing.staff_record WHERE source = 'roster/064604' AND name = '林美玲'`,
  );
  expect(rows).toEqual([{ title: '校長' }]);
});

it('a replay tells anew what it finds of the delivery last seen', async () => {
  await small.configure(roster({ newValue: 'report' }));
  await small.send('064605.csv', `${date()}T12:00:00+08:00`, [
    '身分證字號,姓名,性別,職稱',
    'E120000001,吳立,第三性,教師',
  ]);
  expect(drift(await night())).toEqual([['roster/064605', 'new-value', 'sex', 'report', 1]]);
  await small.configure(roster({ newValue: 'accept' }));
  const replayed = await small.replay(`${date()}T12:00:00+08:00`, ['roster/064605']);
  const report = await buildReport(small.db, Number(replayed.run));
  expect([drift(report), asked(report)]).toEqual([[], []]);
});

it('a feed: another type costs its row, a new field and one that is gone are told, and the books balance', async () => {
  const data: CareData = careData();
  data.staff = data.staff.map((person, i) => ({ ...person, nationalId: null, name: `林老師${'甲乙丙丁戊'[i]}` }));
  const server: CareServer = await startCareServer(data);
  try {
    await small.configure([SCHOOLS, { ...server.config }]);
    data.asOf = `${date(day + 1)}T01:00:00+08:00`;
    expect(drift(await night())).toEqual([]);
    data.institutions = data.institutions.map(({ principal, ...rest }) => ({ ...rest, tel2: '1' }));
    data.staff[1]!.birthDate = 780401;
    data.institutions[0]!.status = '休園';
    data.asOf = `${date(day + 1)}T01:00:00+08:00`;
    const report = await night();
    expect(drift(report)).toEqual([
      ['care', 'unknown-column', 'institutions.tel2', 'report', 3],
      ['care', 'new-value', 'status', 'report', 1],
      ['care', 'wrong-type', 'staff.birthDate', 'quarantine-row', 1],
      ['care', 'missing-column', 'institutions.principal', 'report', 3],
    ]);
    expect(
      report.quarantine
        .filter((q) => q.source === 'care')
        .map((q) => [q.code, q.rows])
        .sort(),
    ).toEqual([
      ['drift-wrong-type', 1],
      ['institution-status-unknown', 1],
    ]);
    expect(renderText(report)).toMatch(/型別不同\s+staff\.birthDate\s+string\s+number/);
    expect(report.missing.filter((m) => m.source === 'care')).toEqual([]);
  } finally {
    await server.close();
  }
});
