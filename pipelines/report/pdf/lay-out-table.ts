/** A table of the report in columns of a page: which are printed, how wide, and the lines of every cell. Draws nothing. */
import { cellText } from '../tables/cell-values.ts';
import { type Column, isPrinted, type ReportTable } from '../tables/table-model.ts';
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
const NARROW = 72;

interface Need {
  longest: number;
  /** Below this it is hard to read. */
  usual: number;
  /** Gives nothing away. */
  stiff: boolean;
  text: boolean;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** Where even the stiff are too wide together, their longest texts become prose. */
function softened(needs: readonly Need[], body: number): Need[] {
  const soft = [...needs];
  const tooWide = (): boolean => sum(soft.map((need) => (need.stiff ? need.longest : NARROW))) > body;
  while (tooWide()) {
    const longest = soft.reduce<Need | null>(
      (most, need) => (need.stiff && need.text && need.longest > (most?.longest ?? NARROW) ? need : most),
      null,
    );
    if (longest === null) break;
    soft[soft.indexOf(longest)] = { ...longest, stiff: false };
  }
  return soft;
}

function widths(asked: readonly Need[], body: number): number[] {
  const needs = softened(asked, body);
  const loose = needs.filter(({ stiff }) => !stiff);
  const fixed = sum(needs.filter(({ stiff }) => stiff).map(({ longest }) => longest));
  const usual = sum(loose.map((need) => need.usual));
  if (fixed + usual <= body) {
    // What is left goes to the prose that has longer cells, or to all in proportion.
    const over = body - fixed - usual;
    const more = sum(loose.map((need) => need.longest - need.usual));
    if (over <= more) return needs.map((n) => (n.stiff ? n.longest : n.usual + (over * (n.longest - n.usual)) / more));
    const spare = over - more;
    const share = sum(loose.length > 0 ? loose.map(({ longest }) => longest) : [fixed]);
    return needs.map((n) => n.longest + (n.stiff && loose.length > 0 ? 0 : (spare * n.longest) / share));
  }
  // The longest prose gives way first, by less than it is longer.
  const roots = sum(loose.map((need) => Math.sqrt(need.usual)));
  const room = Math.max(body - fixed, 0);
  const squeezed = needs.map((n) => (n.stiff ? n.longest : (room * Math.sqrt(n.usual)) / roots));
  const factor = body / sum(squeezed);
  return squeezed.map((width) => width * factor);
}

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
  const laid = widths(needs, body).map((width, c): LaidColumn => {
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
