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

/** One row as a line. */
export const lineOf = <Row>(columns: readonly Column<Row>[], row: Row): string =>
  csvLine(columns.map((c) => c.value(row)));

export const BOM = '\uFEFF';

/** One row as a line for a spreadsheet. */
export const spreadsheetLineOf = <Row>(columns: readonly Column<Row>[], row: Row): string =>
  csvLine(
    columns.map((c) => {
      const value = c.value(row);
      return typeof value === 'string' && isFormula(value) ? `'${value}` : value;
    }),
  );
