/** The report as a workbook: a sheet a table, titles that stay in sight, numbers and days that can be reckoned with, and text that stays text. */
import { type CellStyle, cellRef, type WriteSheet, writeXlsx, type Cell as XlsxCell } from 'hucre/xlsx';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { xlsxText } from '../../schemas/spreadsheet-text.ts';
import { reportTitle } from './labels.ts';
import { reportTables } from './report-tables.ts';
import { columnWidths, rowLines, serial, serialDay, wallClock } from './tables/cell-values.ts';
import type { Cell, ReportTable } from './tables/table-model.ts';

const ALIGN = { vertical: 'top', wrapText: true } as const;
const STYLES = {
  title: {
    font: { bold: true, color: { rgb: 'FFFFFF' } },
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '0B4F8A' } },
    alignment: { vertical: 'center' },
  },
  /** Over numbers. */
  rightTitle: {
    font: { bold: true, color: { rgb: 'FFFFFF' } },
    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '0B4F8A' } },
    alignment: { vertical: 'center', horizontal: 'right', indent: 1 },
  },
  text: { numFmt: '@', alignment: ALIGN },
  number: { numFmt: '#,##0', alignment: { vertical: 'top', horizontal: 'right', indent: 1 } },
  day: { numFmt: 'yyyy-mm-dd', alignment: { vertical: 'top', horizontal: 'left' } },
  moment: { numFmt: 'yyyy-mm-dd hh:mm', alignment: { vertical: 'top', horizontal: 'left' } },
} as const satisfies Record<string, CellStyle>;

/** Points; a row that needs more than one line is told so, for not every program measures it. */
const LINE = 16;
const TALLEST = 409;

/** What Excel takes into one cell. */
const LONGEST = 32_767;
const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

function textCell(text: string, style: CellStyle = STYLES.text): Partial<XlsxCell> {
  const value = xlsxText(cut(text));
  // hucre makes an error of a bare `#N/A`, whatever type it is told; in a run of its own it is text.
  return value.startsWith('#')
    ? { value, type: 'richText', richText: [{ text: value }], style }
    : { value, type: 'string', style };
}

function cellOf(cell: Cell): Partial<XlsxCell> | null {
  if (cell === null) return null;
  if (typeof cell === 'string') return textCell(cell);
  if (typeof cell === 'number') return { value: cell, type: 'number', style: STYLES.number };
  return 'day' in cell
    ? { value: serialDay(cell.day), type: 'number', style: STYLES.day }
    : { value: serial(wallClock(cell.moment)), type: 'number', style: STYLES.moment };
}

function sheetOf(table: ReportTable): WriteSheet {
  const { columns, rows } = table;
  const cells = new Map<string, Partial<XlsxCell>>();
  for (const [c, { title, kind }] of columns.entries())
    cells.set(`0,${c}`, textCell(title, kind === 'number' ? STYLES.rightTitle : STYLES.title));
  const widths = columnWidths(table);
  for (const [r, row] of rows.entries()) {
    for (const [c, value] of row.entries()) {
      const cell = cellOf(value);
      if (cell) cells.set(`${r + 1},${c}`, cell);
    }
  }
  return {
    name: table.name,
    rows: [columns.map(({ title }) => title), ...rows.map((row) => row.map(() => null))],
    cells,
    columns: widths.map((width) => ({ width })),
    rowDefs: new Map(
      rowLines(table, widths).flatMap((lines, r) =>
        lines > 1 ? [[r + 1, { height: Math.min(TALLEST, lines * LINE) }]] : [],
      ),
    ),
    freezePane: { rows: 1 },
    autoFilter: { range: `A1:${cellRef(rows.length, columns.length - 1)}` },
    pageSetup: {
      paperSize: 'a4',
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: '$1:$1',
    },
  };
}

export const renderXlsx = (report: RunReport): Promise<Uint8Array> =>
  xlsxOf(reportTables(report), reportTitle(report), report.run.clock);

/** Tables as a workbook. @param moment ISO, when it is said to be made */
export async function xlsxOf(tables: readonly ReportTable[], title: string, moment: string): Promise<Uint8Array> {
  const at = new Date(moment);
  return writeXlsx({
    sheets: tables.map(sheetOf),
    properties: { title, creator: 'Mingce 名冊', created: at, modified: at },
    defaultFont: { name: 'Microsoft JhengHei', size: 11 },
  });
}
