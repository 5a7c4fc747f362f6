import { expect, it } from 'vitest';
import { reportTables } from '../../../pipelines/report/report-tables.ts';
import { serial, serialDay, wallClock } from '../../../pipelines/report/tables/cell-values.ts';
import { fullReport, NAMES, person, SCHOOL, UNKNOWN } from './full-report.ts';

const report = fullReport();
const tables = reportTables(report);
const table = (name: string) => tables.find((t) => t.name === name)!;
const column = (name: string, title: string) => {
  const at = table(name).columns.findIndex((c) => c.title === title);
  return table(name).rows.map((row) => row[at]);
};

it('tables stand in the order in which the bureau asks, key figures first', () => {
  expect(tables.map(({ name }) => name)).toEqual([
    '摘要',
    '目錄',
    '變更種類',
    '暫停待核定',
    '暫停的異動',
    '失敗的來源',
    '來源帳目',
    '各校帳目',
    '各校收件',
    '更新期限統計',
    '更新期限',
    '機構異動',
    '人員調動',
    '人員異動',
    '帳號異動',
    '首次登錄',
    '異動待審',
    '有誤未採用',
    '提醒',
    '來源格式變動',
    '新舊格式對照',
    '名冊未列人員',
    '待處理事項統計',
    '待處理事項',
    '暫不處理事項',
    '快照',
  ]);
});

it('a name of a table can be that of a sheet, and the titles of a table are each their own', () => {
  for (const { name, columns, rows } of tables) {
    expect(name).toMatch(/^[^[\]:*?/\\]{1,31}$/);
    expect(new Set(columns.map(({ title }) => title)).size).toBe(columns.length);
    for (const row of rows) expect(row).toHaveLength(columns.length);
  }
});

it('every person, move, record, row and matter of the report is a line of its table', () => {
  expect(column('人員異動', '姓名')).toEqual([...NAMES, UNKNOWN]);
  expect(column('人員異動', '內容').at(-1)).toBe('教師 → 組長 至 064602 國小 市立瑞穗國小');
  expect(column('人員異動', '生效日')[0]).toEqual({ day: '2024-08-01' });
  expect(column('人員異動', '登錄時間')[0]).toEqual({ moment: '2024-08-02T08:45:15+08:00' });
  expect(column('人員異動', '機構代碼')[0]).toBe(SCHOOL.code);
  expect(column('人員調動', '新單位')).toEqual(['（尚未有新單位登錄）']);
  expect(column('異動待審', '待審事項')).toEqual(['新進（退件）・待審無前版']);
  expect(column('異動待審', '學制')).toEqual(['幼兒園']);
  expect(column('有誤未採用', '舉例')).toEqual(['名冊.csv 第 10 列「異動別」欄：八月一日\n名冊.csv 第 11 列']);
  expect(column('名冊未列人員', '姓名')).toEqual(['張佳娟、㑒淑芬']);
  expect(column('各校收件', '狀態')).toEqual(['逾期', null]);
  expect(column('來源帳目', '狀態')).toEqual(['已更新', '已更新', '本次未讀取']);
  expect(column('來源帳目', '讀入')).toEqual([10, 10, null]);
  expect(column('新舊格式對照', '異同')).toEqual(['相同', '不同']);
  expect(column('待處理事項', '種類')).toHaveLength(report.exceptions.length);
  expect(column('快照', '位元組')).toEqual([24_804]);
});

it('the key figures are those of the report', () => {
  const figures = Object.fromEntries(table('摘要').rows.map(([item, value]) => [item, value]));
  expect(figures).toMatchObject({
    執行: 5,
    學校: 350,
    在職人員: 29_621,
    變更: NAMES.length + 1,
    異動待審: 1,
    有誤未採用: 2,
    名冊未列: 2,
    待處理事項: 2,
  });
});

it('a table that holds nothing is left out, and the contents count what follows', () => {
  const quiet = reportTables(
    fullReport({ units: [{ institution: SCHOOL, people: [person('林美玲')], accounts: [] }], moves: [] }),
  );
  const names = quiet.map(({ name }) => name);
  expect(names).not.toContain('人員調動');
  expect(names).not.toContain('帳號異動');
  const contents = quiet.find(({ name }) => name === '目錄')!;
  expect(contents.rows.map(([name, rows]) => [name, rows])).toEqual(
    quiet.slice(2).map(({ name, rows }) => [name, rows.length]),
  );
});

it('narrowed to one school, only what came from it counts among the files', () => {
  const narrowed = reportTables(fullReport({ narrowedTo: SCHOOL }));
  expect(narrowed.map(({ name }) => name)).not.toContain('來源帳目');
  const other = { ...SCHOOL, code: '064602' };
  expect(reportTables(fullReport({ narrowedTo: other })).map(({ name }) => name)).not.toContain('各校帳目');
});

it('R06: the deadline is counted by 教育階段 for rosters and accounts each, and listed by school', () => {
  expect(table('更新期限統計').rows).toEqual([
    ['國小', '教師名冊', 0, 0, 1, 1],
    ['國小', '業務帳號', 1, 0, 1, 0],
  ]);
  expect(table('更新期限').note).toContain('2024-08-02 17:00 前更新');
  expect([column('更新期限', '機構代碼'), column('更新期限', '名冊'), column('更新期限', '帳號')]).toEqual([
    ['193601', '064602'],
    ['逾期後更新', '逾期未更新'],
    ['如期更新', '逾期未更新'],
  ]);
});

it('days and moments are counted as workbooks count them, by the clock of Taipei', () => {
  expect(serialDay('1974-04-01')).toBe(27_120);
  expect(serialDay('2024-08-02')).toBe(45_506);
  expect(serial(wallClock('2024-08-02T18:00:00.5+08:00'))).toBe(45_506.75);
});
