/** A table of the report in columns of a page: which are printed, how wide, and the lines of every cell. Draws nothing. */
import { cellText } from '../tables/cell-values.ts';
import { type Column, isPrinted, type ReportTable } from '../tables/table-model.ts';
import { columnWidths, type Need } from './column-widths.ts';
import { LINE_HEIGHT, type Pen, type TextStyle } from './pen.ts';
import { COLORS, type Sheet } from './sheet.ts';

export const CELL: TextStyle = { size: 7.8 };
export const HEAD: TextStyle = { size: 7.8, weight: 'bold' };
export const NOTE: TextStyle = { size: 7.8, color: COLORS.soft };
export const PAD = 3.5;
export const LINE = 7.8 * LINE_HEIGHT;
/** Between the lines of one row and its rules. */
export const ROW_PAD = 2.6;

export interface LaidColumn extends Column {
  width: number;
  right: boolean;
}

/** Lines of each cell of a row, and how many the longest has. */
export interface LaidRow {
  cells: readonly (readonly string[])[];
  lines: number;
}

export interface LaidTable {
  name: string;
  /** Lines under the heading. */
  note: readonly string[];
  columns: readonly LaidColumn[];
  rows: readonly LaidRow[];
  /** Of the table, where not all of them are laid out. */
  of: number;
}

const NAMES: ReadonlySet<string> = new Set(['姓名', '持有人']);
export const styleOf = (column: Column): TextStyle => (NAMES.has(column.title) ? HEAD : CELL);

/** A column of prose may be broken to this, one of names and codes not below its longest. */
const SHORT = 112;
/** Of the cells of a column of prose so many need no second line where there is room; a few long ones do not take it from the others. */
const USUAL = 0.95;

function needOf(column: Column, texts: readonly string[], pen: Pen): Need {
  const style = styleOf(column);
  const lengths = texts
    .map((text) => Math.max(...text.split('\n').map((line) => pen.width(line, style))))
    .sort((a, b) => a - b);
  const title = pen.width(column.title, HEAD);
  const padded = (length: number): number => Math.max(title, length) + 2 * PAD + 0.5;
  const longest = padded(lengths.at(-1) ?? 0);
  const usual = padded(lengths[Math.floor(USUAL * (lengths.length - 1))] ?? 0);
  const stiff = column.kind !== 'text' || longest <= SHORT;
  return { longest, usual: Math.max(usual, Math.min(longest, SHORT)), stiff, text: column.kind === 'text' };
}

/** @param narrowed to one institution, whose own columns then say nothing new */
export function layOutTable(
  table: ReportTable,
  { pen, body }: Pick<Sheet, 'pen' | 'body'>,
  narrowed: boolean,
): LaidTable {
  const kept = table.columns.flatMap((column, i) => (isPrinted(column.print, narrowed) ? [{ column, i }] : []));
  const filled = kept.filter(({ i }) => table.rows.some((row) => row[i] !== null && row[i] !== ''));
  const rows = table.most === null ? table.rows : table.rows.slice(0, table.most);
  const texts = rows.map((row) => filled.map(({ i }) => cellText(row[i] ?? null)));
  const columns = filled.map(({ column }) => column);
  const needs = columns.map((column, c) =>
    needOf(
      column,
      texts.map((row) => row[c] as string),
      pen,
    ),
  );
  const laid = columnWidths(needs, body).map((width, c): LaidColumn => {
    const column = columns[c] as Column;
    return { ...column, width, right: column.kind === 'number' };
  });
  return {
    name: table.name,
    note: table.note === null ? [] : pen.wrap(table.note, body, NOTE),
    of: table.rows.length,
    columns: laid,
    rows: texts.map((row) => {
      const cells = row.map((text, c) => {
        const column = laid[c] as LaidColumn;
        return pen.wrap(text, column.width - 2 * PAD, styleOf(column));
      });
      return { cells, lines: Math.max(1, ...cells.map((lines) => lines.length)) };
    }),
  };
}

export const rowHeight = ({ lines }: LaidRow): number => lines * LINE + 2 * ROW_PAD;
export const HEAD_HEIGHT = LINE + 2 * ROW_PAD + 1;
