import { read, utils } from '@e965/xlsx';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainPerson, PersonNotFoundError } from '../../../pipelines/explain.ts';
import { barChart, shareChart } from '../../../pipelines/report/bar-chart.ts';
import { buildReport } from '../../../pipelines/report/build-report.ts';
import { displayWidth, padEnd, wrap, wrapItems } from '../../../pipelines/report/display-width.ts';
import { exceptionTitle } from '../../../pipelines/report/exception-titles.ts';
import { renderCsv } from '../../../pipelines/report/render-csv.ts';
import { renderExplanation } from '../../../pipelines/report/render-explanation.ts';
import { renderHtml } from '../../../pipelines/report/render-html.ts';
import { renderOds } from '../../../pipelines/report/render-ods.ts';
import { renderPdf } from '../../../pipelines/report/render-pdf.ts';
import { renderRunDetail, renderRuns } from '../../../pipelines/report/render-runs.ts';
import { summaryText } from '../../../pipelines/report/render-summary.ts';
import { renderText } from '../../../pipelines/report/render-text.ts';
import { renderXlsx } from '../../../pipelines/report/render-xlsx.ts';
import { runDetail, runLines, syncResult } from '../../../pipelines/report.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { recordedBefore } from '../../support/as-of.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { makeContext } from './city.ts';
import { fullReport, SCHOOL } from './full-report.ts';
import { threeNights } from './three-nights.ts';

const COLUMNS = 100;

let database: TestDatabase;
let db: Database;
let runs: [number, number, number];

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  runs = await threeNights(makeContext(db));
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const tooWide = (text: string): string[] => text.split('\n').filter((line) => displayWidth(line) > COLUMNS);
const personNamed = async (name: string): Promise<number> => {
  const row = await db('warehouse.person_version').where({ name }).first();
  return row.person_id;
};

test('a character of a name takes two columns, a combining mark none', () => {
  expect(displayWidth('陳abc')).toBe(5);
  expect(displayWidth('𠮷野')).toBe(4);
  expect(displayWidth('e\u0301')).toBe(1);
  expect(displayWidth('瑪雅‧Talifu')).toBe(4 + 1 + 6);
  expect(padEnd('王', 4)).toBe('王  ');
});

test('text breaks between characters, words stay whole, a closing mark never begins a line', () => {
  expect(wrap('名冊名冊，完成', 8)).toEqual(['名冊名冊，', '完成']);
  expect(wrap('run mingce report', 10)).toEqual(['run mingce', 'report']);
  expect(wrap('', 10)).toEqual(['']);
  expect(wrapItems(['新進 1', '轉入 2', '退休 3'], '、', 15)).toEqual(['新進 1、轉入 2、', '退休 3']);
});

test('the text report fits a terminal of 100 columns and has the sections that the bureau asks for', async () => {
  for (const run of runs) expect(tooWide(renderText(await buildReport(db, run)))).toEqual([]);
  const text = renderText(await buildReport(db, runs[1]));
  for (const section of [
    '摘要',
    '資料來源',
    '機構異動',
    '人員調動',
    '各機構異動',
    '異動待審',
    '有誤未採用',
    '名冊未列人員',
    '待處理事項',
  ]) {
    expect(text).toContain(`【${section}`);
  }
  expect(text).toMatch(/林美玲.*193601 國小 市立中區光復國小.*→.*193602 國小 市立西區大同國小/);
  expect(text).toContain('「身分證字號」欄：A****89');
});

test('the summary of a sync says institutions, people, changes, what waits and the snapshot, in both languages', async () => {
  const text = summaryText(await syncResult(db, runs[1]), await buildReport(db, runs[1]));
  expect(tooWide(text)).toEqual([]);
  for (const word of [
    '機構',
    '人員',
    '變更',
    '待處理',
    '快照',
    '來源失敗',
    'schools',
    'in service',
    'hired 1',
    'quarantined',
  ]) {
    expect(text).toContain(word);
  }
  expect(text).toContain(`npx mingce report ${runs[1]}`);
});

test('the page stands alone: no script, nothing fetched, language and table headings said', async () => {
  const html = renderHtml(await buildReport(db, runs[1]));
  expect(html).toContain('<html lang="zh-Hant-TW">');
  expect(html).not.toMatch(/<script|<link|<img|@import|url\(/);
  expect(html).not.toMatch(/<table(?![\s\S]{0,40}<caption)/);
  expect(html.match(/<th\b(?![^>]*\bscope=)/g)).toBeNull();
  expect(html).not.toMatch(/undefined|\[object/);
  const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map((m) => m[1]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
});

test('a name with markup in it is shown, not run', async () => {
  const report = await buildReport(db, runs[1]);
  const unit = report.units[0];
  if (!unit?.people[0]) throw new Error('the fixture has a change');
  unit.people[0].name = '<script>alert(1)</script>';
  expect(renderHtml(report)).not.toContain('<script>');
  expect(barChart('<b>', [{ label: '"><script>', value: 1 }])).not.toMatch(/<script|<b>/);
});

test('charts show every kind, a small part among thousands too, and nothing at all without data', () => {
  const chart = shareChart('x', [
    {
      label: 'roster',
      parts: [
        { name: '採用', value: 9999 },
        { name: '有誤', value: 1 },
      ],
    },
  ]);
  expect(chart).toMatch(/class="part-2"[^>]*width="2.0"/);
  expect(shareChart('x', [])).toBe('');
  expect(barChart('x', [])).toBe('');
});

test('runs and one run fit a terminal too', async () => {
  expect(tooWide(renderRuns(await runLines(db, 10)))).toEqual([]);
  const detail = renderRunDetail(await runDetail(db, runs[1]));
  expect(tooWide(detail)).toEqual([]);
  expect(detail).toContain('roster/193603');
  expect(renderRuns([])).toContain('mingce sync');
});

test('a person is explained: values, where each came from, what it was before, spells, and no identifier', async () => {
  const person = await personNamed('陳志豪');
  const explained = await explainPerson(db, person);
  expect(explained.spells.map((s) => [s.institution.code, s.title, s.validFrom, s.validTo])).toEqual([
    ['193601', '教師', '2020-08-01', '2024-08-01'],
    ['193601', '教務主任', '2024-08-01', null],
  ]);
  const name = explained.values.find((v) => v.column === 'name');
  expect(name?.from).toMatchObject({ source: 'roster/193601', object: '193601教職員名冊.csv', run: String(runs[0]) });
  expect(explained.identifiers).toEqual([
    { kind: 'national', strong: true, mark: expect.stringMatching(/^[0-9a-f]{6}$/), run: String(runs[0]) },
  ]);
  const text = renderExplanation(explained);
  expect(tooWide(text)).toEqual([]);
  expect(text).toContain('身分證字號');
  expect(text).not.toMatch(/[A-Z][12]\d{8}/);
});

test('a person is explained as known at an earlier moment', async () => {
  const person = await personNamed('李園園');
  const now = await explainPerson(db, person);
  expect(now.values[0]).toMatchObject({ value: '李園園', before: [{ value: '李園長' }] });
  const then = await explainPerson(db, person, recordedBefore('2024-07-31T12:00:00+08:00'));
  expect(then).toMatchObject({ name: '李園長', asOf: '2024-07-31T12:00:00+08:00' });
  expect(then.values[0]?.before).toEqual([]);
  await expect(explainPerson(db, person, recordedBefore('2020-01-01T00:00:00+08:00'))).rejects.toThrow(
    'recorded before 2020',
  );
  await expect(explainPerson(db, 987654)).rejects.toThrow(PersonNotFoundError);
});

test('every kind of exception has a short name', () => {
  expect(exceptionTitle('no-account-lead')).toBe('沒有總負責人帳號');
  expect(exceptionTitle('from-another-version')).toBe('from-another-version');
});

test('CSV, workbooks and PDF name everybody whom the JSON names, night for night', async () => {
  const bare = (text: string): string => text.replaceAll(/\s/g, '');
  for (const run of runs) {
    const report = await buildReport(db, run);
    const names = [
      ...report.units.flatMap(({ people }) => people.map(({ name }) => name)),
      ...report.moves.map(({ name }) => name),
      ...report.pending.flatMap(({ records }) => records.map(({ name }) => name)),
      ...report.missing.flatMap((m) => m.names),
    ];
    const pdf = await extractText(await getDocumentProxy(new Uint8Array(await renderPdf(report))), {
      mergePages: true,
    });
    const books = [await renderXlsx(report), renderOds(report)].map((bytes) => {
      const book = read(bytes);
      return Object.values(book.Sheets)
        .map((sheet) => utils.sheet_to_csv(sheet))
        .join('');
    });
    for (const text of [renderCsv(report), ...books, pdf.text]) {
      for (const name of names) expect(bare(text)).toContain(bare(name));
    }
    if (run === runs[1]) expect(names.length).toBeGreaterThan(5);
  }
});

test('R06: the deadline stands in text and page as bars, counts and who is behind; of one school only how it stands', () => {
  const city = fullReport();
  const text = renderText(city);
  expect(tooWide(text)).toEqual([]);
  expect(text).toContain('【更新期限 Deadline (R06)】');
  expect(text).toMatch(/國小\s+業務帳號\s+1\s+0\s+1\s+0\s+█{12}░{12}/);
  expect(text).toMatch(/064602 國小 市立瑞穗國小\s+逾期未更新 2024-07-01 10:00\s+逾期未更新/);
  const page = renderHtml(city);
  expect(page).toContain('逾期未更新：教師名冊 1 校、業務帳號 1 校');
  expect(page).toContain('<title>各教育階段更新情形</title>');
  expect(page).toContain('未如期更新的學校（2 校）');
  const one = renderHtml(fullReport({ narrowedTo: SCHOOL }));
  expect(one).toContain('逾期後更新，最近 2024-08-02 17:00');
  expect(one).not.toContain('市立瑞穗國小</th><td>逾期未更新');
  const none = fullReport({ compliance: null });
  expect([renderText(none), renderHtml(none)].filter((all) => all.includes('更新期限'))).toEqual([]);
});
