/** The PDF read back by PDF.js. */
import { extractText, getDocumentProxy, getMeta } from 'unpdf';
import { expect, it } from 'vitest';
import { wrapLines } from '../../../pipelines/report/pdf/wrap-lines.ts';
import { renderPdf } from '../../../pipelines/report/render-pdf.ts';
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { fullReport, NAMES, OTHER, person, SCHOOL } from './full-report.ts';

const open = (bytes: Uint8Array) => getDocumentProxy(new Uint8Array(bytes));
/** The text of each page; spaces at the ends of a line are layout. */
async function pagesOf(report: RunReport): Promise<string[]> {
  const { text } = await extractText(await open(await renderPdf(report)), { mergePages: false });
  return text;
}
const bare = (text: string): string => text.replaceAll(/\s/g, '');

it('every name can be found and copied, whatever its characters', async () => {
  const text = bare((await pagesOf(fullReport())).join(''));
  for (const name of NAMES) expect(text).toContain(bare(name));
});

it('a character that no typeface has is told by its code', async () => {
  expect((await pagesOf(fullReport())).join('')).toContain('王〔U+E123〕明');
});

it('a letter with marks of its own is one letter', async () => {
  const units = [{ institution: SCHOOL, people: [person('Trần'.normalize('NFD'))], accounts: [] }];
  expect((await pagesOf(fullReport({ units }))).join('')).toContain('Trần');
});

it('a run that failed says so, and why', async () => {
  const { run } = fullReport();
  const error = { code: 'run-interrupted', message: 'the machine went away' };
  const pages = await pagesOf(fullReport({ run: { ...run, status: 'failed', dryRun: true, error }, pictureOf: 'now' }));
  for (const text of ['失敗', 'the machine went away', '先前的名冊不受影響', '試算', '目前狀況'])
    expect(pages[0]).toContain(text);
});

it('a run in which nothing happened is a page all the same', async () => {
  const { run, ...rest } = fullReport();
  const lists = Object.entries(rest).filter(([, value]) => Array.isArray(value));
  const nothing = Object.fromEntries(lists.map(([name]) => [name, []]));
  const quiet = { ...run, sources: [], snapshots: [], warehouseHash: null };
  const pages = await pagesOf(fullReport({ ...nothing, run: quiet }));
  expect(pages).toHaveLength(1);
  expect(pages[0]).toContain('第 1 / 1 頁');
});

it('has the head, the charts and every table, with page numbers and the titles again on each page', async () => {
  const people = Array.from({ length: 120 }, (_, i) => person(`陳大文${i}`));
  const pages = await pagesOf(fullReport({ units: [{ institution: SCHOOL, people, accounts: [] }] }));
  expect(pages.length).toBeGreaterThan(3);
  expect(pages[0]).toContain('教師名冊核對報告');
  expect(pages[0]).toContain('29,621');
  expect(pages[0]).toContain('變更種類');
  expect(pages[0]).toContain('各來源讀入資料的處理結果');
  expect(bare(pages.join(''))).toContain('名冊與帳號更新期限（R06）');
  for (const [i, page] of pages.entries()) expect(page).toContain(`第 ${i + 1} / ${pages.length} 頁`);
  const withPeople = pages.filter((page) => page.includes('陳大文'));
  expect(withPeople.length).toBeGreaterThan(2);
  for (const page of withPeople) expect(page).toMatch(/異動\s+姓名\s+職稱\s+生效日/);
  for (let i = 0; i < 120; i++) expect(withPeople.join('')).toContain(`陳大文${i}`);
  for (const title of [
    '失敗的來源',
    '來源帳目',
    '逾期未送件的學校',
    '未如期更新的學校',
    '機構異動',
    '人員調動',
    '異動待審',
    '有誤未採用',
    '待處理事項',
    '快照',
  ])
    expect(pages.join('')).toContain(title);
});

const crowd = Array.from({ length: 300 }, (_, i) => person(`陳大文${i}`));
const shownOf = (page: string): number => [...page.matchAll(/陳大文\d+/g)].length;

it('one school is one sheet, and says how much of it did not fit', async () => {
  const none = { failures: [], pending: [], quarantine: [], drift: [], missing: [], exceptions: [], warnings: [] };
  const few = { ...none, institutions: [], firstLoads: [], moves: [] };
  const units = [{ institution: SCHOOL, people: crowd, accounts: [] }];
  const crowded = await pagesOf(fullReport({ ...few, narrowedTo: SCHOOL, units }));
  expect(crowded).toHaveLength(1);
  expect(crowded[0]).toContain('193601 國小 市立中區光復國小');
  expect(shownOf(crowded[0]!)).toBeGreaterThan(25);
  expect(crowded[0]).toContain(`其餘 ${300 - shownOf(crowded[0]!)} 筆見 XLSX`);
});

it('a school of which there is something of every kind has some of each on its sheet', async () => {
  const units = fullReport().units.map((unit) => ({ ...unit, people: crowd }));
  const crowded = await pagesOf(fullReport({ narrowedTo: SCHOOL, units }));
  expect(crowded).toHaveLength(1);
  expect(shownOf(crowded[0]!)).toBeGreaterThan(1);
  for (const title of ['人員異動', '帳號異動', '有誤未採用', '名冊未列人員', '待處理事項'])
    expect(crowded[0]).toContain(title);
});

it('what fits on the sheet of one school is there whole', async () => {
  const pages = await pagesOf(
    fullReport({ narrowedTo: SCHOOL, units: [{ institution: SCHOOL, people: [person('林美玲')], accounts: [] }] }),
  );
  expect(pages).toHaveLength(1);
  expect(pages[0]).toContain('林美玲');
  expect(pages[0]).not.toContain('筆見 XLSX');
});

it('a row longer than a page goes on over the next', async () => {
  const names = Array.from({ length: 3000 }, (_, i) => `林美玲${i}`);
  const pages = await pagesOf(
    fullReport({ missing: [{ institution: OTHER, source: 'roster/064602', people: 3000, names }] }),
  );
  const text = pages.join('').replaceAll(/\s/g, '');
  for (const i of [0, 1499, 2999]) expect(text).toContain(`林美玲${i}`);
});

it('a row longer than the sheet of its school is counted there', async () => {
  const names = Array.from({ length: 3000 }, (_, i) => `林美玲${i}`);
  const missing = [{ institution: SCHOOL, source: 'roster/193601', people: 3000, names }];
  const pages = await pagesOf(fullReport({ narrowedTo: SCHOOL, missing }));
  expect(pages).toHaveLength(1);
  expect(bare(pages[0]!)).toMatch(/未列出（見XLSX）：.*名冊未列人員共1筆/);
});

it('the same report has the same bytes, dated by the run', async () => {
  const bytes = await renderPdf(fullReport());
  expect(Buffer.from(await renderPdf(fullReport())).equals(Buffer.from(bytes))).toBe(true);
  const { info } = await getMeta(await open(bytes));
  expect(info).toMatchObject({
    Title: '教師名冊核對報告 第 5 次執行 2024-08-02 17:00',
    CreationDate: 'D:20240802090000Z',
  });
});

it('lines break between ideographs, not before a closing mark nor behind an opening one, and a word that is too long breaks', () => {
  const measure = (text: string): number => text.length;
  expect(wrapLines('名冊名冊，完成', 5, measure)).toEqual(['名冊名冊，', '完成']);
  expect(wrapLines('名冊名冊，完成', 4, measure)).toEqual(['名冊名', '冊，完成']);
  expect(wrapLines('看「名冊」', 2, measure)).toEqual(['看', '「名', '冊」']);
  expect(wrapLines('run mingce report', 10, measure)).toEqual(['run mingce', 'report']);
  expect(wrapLines('sha256:0123456789', 6, measure)).toEqual(['sha256', ':01234', '56789']);
  expect(wrapLines('一\n二', 6, measure)).toEqual(['一', '二']);
  expect(wrapLines('', 6, measure)).toEqual(['']);
});
