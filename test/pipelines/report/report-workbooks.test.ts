/** Workbooks and CSV read back by readers that did not write them. */
import { read, utils, type WorkBook } from '@e965/xlsx';
import { strFromU8, unzipSync } from 'fflate';
import { readXlsx } from 'hucre/xlsx';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderCsv } from '../../../pipelines/report/render-csv.ts';
import { renderOds } from '../../../pipelines/report/render-ods.ts';
import { renderXlsx } from '../../../pipelines/report/render-xlsx.ts';
import { reportTables } from '../../../pipelines/report/report-tables.ts';
import { cellText, serial, serialDay, wallClock } from '../../../pipelines/report/tables/cell-values.ts';
import type { Cell } from '../../../pipelines/report/tables/table-model.ts';
import { unmarkText } from '../../../schemas/spreadsheet-text.ts';
import { fullReport, NAMES } from './full-report.ts';

const report = fullReport();
const tables = reportTables(report);

/** What a reader of spreadsheets must find of a cell: its type and value. */
const expected = (cell: Cell): [type: string, value: unknown] | undefined => {
  if (cell === null) return undefined;
  if (typeof cell === 'string') return ['s', cell];
  if (typeof cell === 'number') return ['n', cell];
  return ['n', 'day' in cell ? serialDay(cell.day) : serial(wallClock(cell.moment))];
};

const content = (): string => strFromU8(unzipSync(renderOds(report))['content.xml']!);

/** What SheetJS makes of a code of XLSX also where it is none. */
const misread = (value: unknown): unknown => (typeof value === 'string' ? value.replace('_x0041_', 'A') : value);

describe.each([
  ['xlsx', renderXlsx, (value: unknown) => value],
  ['ods', async (r: typeof report) => renderOds(r), misread],
] as const)('the report as %s', (_format, render, asRead) => {
  let bytes: Uint8Array;
  let book: WorkBook;
  beforeAll(async () => {
    bytes = await render(report);
    book = read(bytes, { cellNF: true, cellStyles: true });
  });

  it('has a sheet for every table, with its titles', () => {
    expect(book.SheetNames).toEqual(tables.map(({ name }) => name));
    for (const { name, columns } of tables) {
      const [titles] = utils.sheet_to_json<string[]>(book.Sheets[name]!, { header: 1 });
      expect(titles).toEqual(columns.map(({ title }) => title));
    }
  });

  it('has every cell as what it is: text as text, numbers and days as numbers, nothing as a formula', () => {
    for (const { name, rows } of tables) {
      const sheet = book.Sheets[name]!;
      for (const [r, row] of rows.entries()) {
        for (const [c, cell] of row.entries()) {
          const found = sheet[utils.encode_cell({ r: r + 1, c })];
          const got = found === undefined || found.t === 'z' ? undefined : [found.t, found.v];
          expect(got, `${name} ${r + 1},${c}`).toEqual(expected(cell)?.map(asRead));
          expect(found?.f).toBeUndefined();
        }
      }
    }
  });

  it('formats days as days', () => {
    const sheet = book.Sheets.人員異動!;
    const at = tables.find(({ name }) => name === '人員異動')!.columns.findIndex(({ title }) => title === '生效日');
    const cell = sheet[utils.encode_cell({ r: 1, c: at })]!;
    expect(String(cell.z).replaceAll('"', '').toLowerCase()).toContain('yyyy-mm-dd');
  });
});

const column = (title: string): number =>
  tables.find(({ name }) => name === '人員異動')!.columns.findIndex((c) => c.title === title);

it('columns are as wide as what stands in them', async () => {
  const xlsx = read(await renderXlsx(report), { cellStyles: true }).Sheets.人員異動!['!cols']!;
  expect(xlsx[column('姓名')]!.wpx).toBeGreaterThan(2 * xlsx[column('規則')]!.wpx!);
  const ods = content();
  const sheet = ods.slice(ods.indexOf('table:name="人員異動"'));
  const styles = [...sheet.matchAll(/<table:table-column table:style-name="(w\d+)"/g)].map(([, style]) => style);
  const width = (title: string) =>
    Number(new RegExp(`"${styles[column(title)]}"[^>]*><[^>]*column-width="([\\d.]+)mm`).exec(ods)?.[1]);
  expect(width('姓名')).toBeGreaterThan(2 * width('規則'));
});

it('a text stands in an ODS as it is, also one that would be a code in XLSX, and no space of it is lost', () => {
  expect(content()).toContain('>_x0041_明<');
  expect(content()).toContain(
    '<text:p><text:s text:c="1"/>前後<text:s text:c="2"/>雙空格<text:s text:c="1"/></text:p>',
  );
});

it('titles of an XLSX stay in sight, and can be filtered by', async () => {
  const { sheets } = await readXlsx(await renderXlsx(report));
  for (const sheet of sheets) expect(sheet.freezePane).toMatchObject({ rows: 1 });
  expect(sheets.find(({ name }) => name === '帳號異動')!.autoFilter?.range).toBe('A1:K2');
});

it('titles of an ODS stay in sight', () => {
  const parts = unzipSync(renderOds(report));
  expect(Object.keys(parts)[0]).toBe('mimetype');
  const settings = strFromU8(parts['settings.xml']!);
  for (const { name } of tables) {
    const entry = settings
      .slice(settings.indexOf(`config:name="${name}"`))
      .split('</config:config-item-map-entry>')[0]!;
    expect(entry).toContain('<config:config-item config:name="VerticalSplitPosition" config:type="int">1<');
  }
});

it('an ODS has the same bytes whenever it is written', () => {
  expect(renderOds(fullReport())).toEqual(renderOds(report));
});

describe('the report as CSV', () => {
  const text = renderCsv(report);
  const { data, errors } = Papa.parse<Record<string, string>>(text.slice(1), { header: true, skipEmptyLines: true });

  it('begins with a mark, so that Excel reads it as UTF-8', () => {
    expect(text.charCodeAt(0)).toBe(0xfeff);
    expect(errors).toEqual([]);
  });

  it('has a line for every row of every table, under one set of titles', () => {
    expect(Object.keys(data[0]!)).toEqual([
      '表名',
      '種類',
      '機構代碼',
      '學制',
      '機構',
      '行政區',
      '姓名',
      '日期',
      '數量',
      '來源',
      '規則',
      '內容',
    ]);
    expect(data.map((line) => line.表名)).toEqual(tables.flatMap(({ name, rows }) => rows.map(() => name)));
  });

  it('loses nothing: what has no column of its own stands in the last', () => {
    const lines = tables.flatMap(({ columns, rows }) => rows.map((row) => ({ columns, row })));
    for (const [i, { row }] of lines.entries()) {
      const line = Object.values(data[i]!).map(unmarkText);
      for (const cell of row) {
        const shown = typeof cell === 'number' ? [String(cell), cellText(cell)] : [cellText(cell)];
        if (cell !== null && cell !== '') expect(line.some((field) => shown.some((s) => field.includes(s)))).toBe(true);
      }
    }
  });

  it('has names as text that no spreadsheet changes', () => {
    const names = data.filter((line) => line.表名 === '人員異動').map((line) => line.姓名!);
    expect(names.map(unmarkText).slice(0, NAMES.length)).toEqual(NAMES);
    for (const name of ['=HYPERLINK("http://example.org","x")', '+886', '064601', 'TRUE'])
      expect(names).toContain(`'${name}`);
    expect(data.find((line) => line.表名 === '人員異動')).toMatchObject({
      日期: '2024-08-01',
      規則: 'R08',
      機構代碼: '193601',
    });
  });
});
