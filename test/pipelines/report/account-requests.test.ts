/** The request list for 本市教師研習中心 read back by readers that did not write it (R18). */
import { read, utils } from '@e965/xlsx';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { displayWidth } from '../../../pipelines/report/display-width.ts';
import { renderRequests, requestsTable } from '../../../pipelines/report/render-account-requests.ts';
import { csvOf } from '../../../pipelines/report/render-csv.ts';
import { odsOf } from '../../../pipelines/report/render-ods.ts';
import { xlsxOf } from '../../../pipelines/report/render-xlsx.ts';
import type { AccountRequest } from '../../../schemas/outputs/account-requests.ts';
import { OTHER, SCHOOL } from './full-report.ts';

const SINCE = '2024-08-02T02:00:00+08:00';
const REQUESTS: AccountRequest[] = [
  {
    number: 12,
    asked: '開通',
    institution: SCHOOL,
    account: '=tc01',
    holder: '李𠮷',
    reason: { zh: '申請中', en: 'applied for' },
    digest: '3fa9c1d2',
    since: SINCE,
    blocked: null,
    recorded: null,
  },
  {
    number: 13,
    asked: '刪除',
    institution: OTHER,
    account: null,
    holder: null,
    reason: { zh: '學校檔案報請刪除', en: 'asked for' },
    digest: null,
    since: SINCE,
    blocked: { zh: '尚有 1 門課程未「名單確認通過」：C1（R21）。', en: 'a course' },
    recorded: null,
  },
];
const TABLE = requestsTable(REQUESTS);
const TITLES = [
  '編號',
  '申請事項',
  '機構代碼',
  '學制',
  '機構',
  '行政區',
  '帳號',
  '持有人',
  '事由',
  '核對碼',
  '自',
  '可否辦理',
  '待辦',
];

it.each([
  ['xlsx', () => xlsxOf([TABLE], '清單', SINCE)],
  ['ods', () => odsOf([TABLE])],
] as const)('is one sheet as %s: codes and account names are text, numbers and moments are such', async (_format, make) => {
  const book = read(await make(), { cellNF: true });
  const sheet = book.Sheets.總負責人帳號申請清單!;
  expect(book.SheetNames).toHaveLength(1);
  const [titles, first, second] = utils.sheet_to_json<unknown[]>(sheet, { header: 1 });
  expect(titles).toEqual(TITLES);
  expect(first?.slice(0, 9)).toEqual([12, '開通', '193601', '國小', SCHOOL.name, '中區', '=tc01', '李𠮷', '申請中']);
  expect([first?.[11], second?.[11], second?.[12]]).toEqual(['可', '尚不可', REQUESTS[1]!.blocked!.zh]);
  expect([sheet.G2?.t, sheet.G2?.f, sheet.K2?.t]).toEqual(['s', undefined, 'n']);
});

it('is one CSV in its own columns, with what a spreadsheet would change marked', () => {
  const lines = Papa.parse<string[]>(csvOf(TABLE).replace('\uFEFF', ''), { skipEmptyLines: true }).data;
  expect(lines[0]).toEqual(TITLES);
  expect(lines[1]).toEqual(expect.arrayContaining(['12', '開通', "'=tc01", '李𠮷', '可', '2024-08-02 02:00']));
});

it('fits a terminal, and says how many can be done and how that is recorded; nothing asked is said so', () => {
  const text = renderRequests(REQUESTS);
  expect(text.split('\n').filter((line) => displayWidth(line) > 100)).toEqual([]);
  expect(text).toContain('2 件，可辦理 1 件');
  expect(text).toContain('mingce accounts done');
  expect(text).toMatch(/13 {2}刪除 {2}064602 國小 市立瑞穗國 +（無） +（未載）/);
  const done = REQUESTS.map((request) => ({ ...request, recorded: SINCE, blocked: null }));
  expect(requestsTable(done).rows.map((row) => row[11])).toEqual(['已登記辦妥', '已登記辦妥']);
  expect(renderRequests(done)).toContain('2 件，可辦理 0 件');
  expect(renderRequests([])).toContain('Nothing is asked');
});
