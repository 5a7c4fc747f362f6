/** Tables of the report as CSV, XLSX, ODS and PDF take them: named, with titles and typed cells. Pure. */

/** A text, a number, a day (`2024-08-02`), a moment in Taipei time, or nothing. */
export type Cell = string | number | { day: string } | { moment: string } | null;

/** In which PDF something is printed: of the whole city, of one institution, both; `never` leaves it to the workbook. */
export type Printed = 'always' | 'city' | 'one' | 'never';

export interface Column {
  title: string;
  kind: 'text' | 'number' | 'date' | 'moment';
  print: Printed;
}

export interface ReportTable {
  /** Name of the sheet, at most 31 characters, without the marks that workbooks refuse. */
  name: string;
  /** What a reader must know to read it; null where the titles say all. */
  note: string | null;
  columns: readonly Column[];
  rows: readonly (readonly Cell[])[];
  print: Printed;
  /** How many rows a PDF shows at most; null means all. */
  most: number | null;
}

export interface ColumnOf<Row> extends Partial<Pick<Column, 'kind' | 'print'>> {
  title: string;
  of: (row: Row) => Cell;
}

export interface TableOptions {
  note?: string | null;
  print?: Printed;
  most?: number | null;
}

export function tableOf<Row>(
  name: string,
  columns: readonly ColumnOf<Row>[],
  rows: readonly Row[],
  { note = null, print = 'always', most = null }: TableOptions = {},
): ReportTable {
  return {
    name,
    note,
    columns: columns.map(({ title, kind = 'text', print = 'always' }) => ({ title, kind, print })),
    rows: rows.map((row) =>
      columns.map((column) => {
        const cell = column.of(row);
        return cell === '' ? null : cell;
      }),
    ),
    print,
    most,
  };
}

export const isPrinted = (printed: Printed, narrowed: boolean): boolean =>
  printed === 'always' || printed === (narrowed ? 'one' : 'city');

export const day = (text: string): Cell => ({ day: text });
export const moment = (text: string | null): Cell => (text === null ? null : { moment: text });
