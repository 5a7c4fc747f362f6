/**
 * The report as one CSV for filtering: a line a matter of any table, in the same columns for all; what has no column of its own stands in 內容 with
 * its title. UTF-8 with a mark, for Excel; days as `2024-08-02`, moments as `2024-08-02 17:00`, and an apostrophe before a text that a spreadsheet would change.
 */
import type { RunReport } from '../../schemas/outputs/report.ts';
import { markText } from '../../schemas/spreadsheet-text.ts';
import { csvLine } from '../snapshot/csv.ts';
import { reportTables } from './report-tables.ts';
import { cellText } from './tables/cell-values.ts';
import type { Cell, ReportTable } from './tables/table-model.ts';

const BOM = '\uFEFF';

const isText = (cell: Cell): boolean => typeof cell === 'string';
const isNumber = (cell: Cell): boolean => typeof cell === 'number';
const isTime = (cell: Cell): boolean => typeof cell === 'object' && cell !== null;

/** The columns, and the titles of the tables that each takes: of a table the first one that it has. */
const FIELDS: readonly { title: string; takes: readonly string[]; fits: (cell: Cell) => boolean }[] = [
  { title: '種類', takes: ['異動', '種類', '變動', '待審事項', '項目', '表', '狀態', '快照'], fits: isText },
  { title: '機構代碼', takes: ['機構代碼', '學校代碼'], fits: isText },
  { title: '學制', takes: ['學制'], fits: isText },
  { title: '機構', takes: ['機構', '學校'], fits: isText },
  { title: '行政區', takes: ['行政區'], fits: isText },
  { title: '姓名', takes: ['姓名', '持有人', '對象'], fits: isText },
  { title: '日期', takes: ['生效日', '自', '最近收到', '資料時間', '基準時間', '開啟時間', '數值'], fits: isTime },
  {
    title: '數量',
    takes: ['筆數', '數值', '列數', '人數', '件數', '距今天數', '人員', '位元組', '讀入'],
    fits: isNumber,
  },
  { title: '來源', takes: ['來源'], fits: isText },
  { title: '規則', takes: ['規則', '訊息代碼'], fits: isText },
];

const writtenCell = (cell: Cell): string =>
  typeof cell === 'string' ? markText(cell) : typeof cell === 'number' ? String(cell) : cellText(cell);

function lineOf({ name, columns }: ReportTable, row: readonly Cell[]): string[] {
  const left = new Map(columns.map(({ title }, i): [string, Cell] => [title, row[i] ?? null]));
  const fields = FIELDS.map(({ takes, fits }) => {
    const title = takes.find((taken) => left.has(taken));
    const cell = title === undefined ? null : (left.get(title) ?? null);
    if (title === undefined || cell === null || !fits(cell)) return '';
    left.delete(title);
    return writtenCell(cell);
  });
  const rest = [...left].filter(([, cell]) => cell !== null).map(([title, cell]) => `${title}：${cellText(cell)}`);
  return [name, ...fields, markText(rest.join('；'))];
}

/** One table in its own columns. */
export const csvOf = ({ columns, rows }: ReportTable): string =>
  BOM +
  [columns.map(({ title }) => title), ...rows.map((row) => row.map(writtenCell))].map((line) => csvLine(line)).join('');

export function renderCsv(report: RunReport): string {
  const lines = reportTables(report).flatMap((table) => table.rows.map((row) => lineOf(table, row)));
  return BOM + [['表名', ...FIELDS.map(({ title }) => title), '內容'], ...lines].map((line) => csvLine(line)).join('');
}
