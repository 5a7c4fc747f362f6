/**
 * CSV for machines: RFC 4180 with CRLF, UTF-8 without BOM, a header, quotes only where needed. Values are written exactly as they are: a formula
 * is not escaped here (spreadsheet exports are another thing). Memory holds one block.
 */
import type { Column } from './columns.ts';

export const NEWLINE = '\r\n';
/** Spaces at the ends and a byte-order mark are quoted too: careless readers drop them. */
const NEEDS_QUOTES = /[",\r\n\uFEFF]|^ | $/;

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record with its line end. */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map(csvCell).join(',')}${NEWLINE}`;

export const headerLine = (columns: readonly { name: string }[]): string => csvLine(columns.map((c) => c.name));

/** One row as a line. */
export const lineOf = <Row>(columns: readonly Column<Row>[], row: Row): string =>
  csvLine(columns.map((c) => c.value(row)));

export interface Counter {
  rows: number;
}

/** Header and lines as bytes, a block at a time; `counter` is told how many lines there were. */
export async function* csvBytes(
  columns: readonly { name: string }[],
  blocks: AsyncIterable<readonly string[]>,
  counter: Counter,
): AsyncGenerator<Buffer> {
  yield Buffer.from(headerLine(columns));
  for await (const lines of blocks) {
    counter.rows += lines.length;
    if (lines.length > 0) yield Buffer.from(lines.join(''));
  }
}
