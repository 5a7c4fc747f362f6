/**
 * CSV: RFC 4180 with CRLF, UTF-8, a header, quotes only where needed. For machines values are written exactly as they are, without a byte-order mark. For who
 * opens it in a spreadsheet it begins with one, and an apostrophe stands before what would be calculated; all else is the same.
 */
import { isFormula } from '../../schemas/spreadsheet-text.ts';
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

/**
 * Writes rows as lines. Rows come ordered and their institutions one after the other, so most cells say what they said in the row before: of each column the last text is
 * remembered.
 * @param cellText of a value that is not a list
 * @param encoded what a line is put together from: texts as they are, or as their bytes
 */
function linesOf<Row>(
  columns: readonly Column<Row>[],
  cellText: (value: string | number | null) => string,
  encoded: (text: string) => string,
): (row: Row) => string {
  const lasts: unknown[] = columns.map(() => linesOf);
  const texts: string[] = columns.map(() => '');
  return (row) => {
    let line = '';
    for (let i = 0; i < columns.length; i += 1) {
      const { value, items } = columns[i] as Column<Row>;
      const now = items ? items(row) : value(row);
      if (now !== lasts[i]) {
        lasts[i] = now;
        texts[i] = encoded(`${i === 0 ? '' : ','}${cellText(value(row))}`);
      }
      line += texts[i];
    }
    return line + NEWLINE;
  };
}

export const asText = (text: string): string => text;

/** Writes rows as they are. @param encoded `asText` or `asBytes` */
export const csvLines = <Row>(
  columns: readonly Column<Row>[],
  encoded: (text: string) => string,
): ((row: Row) => string) => linesOf(columns, csvCell, encoded);

export const BOM = '\uFEFF';

/** Writes rows for a spreadsheet. @param encoded `asText` or `asBytes` */
export const spreadsheetLines = <Row>(
  columns: readonly Column<Row>[],
  encoded: (text: string) => string,
): ((row: Row) => string) =>
  linesOf(columns, (value) => csvCell(typeof value === 'string' && isFormula(value) ? `'${value}` : value), encoded);
