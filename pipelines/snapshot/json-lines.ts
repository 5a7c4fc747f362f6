/** JSON Lines: one object a row, English names in the order of the columns, lists as lists, null for what is not known; UTF-8, each line ended by a line feed. */
import type { Column } from './columns.ts';

/** A cell for files that have lists and nulls: a CSV says nothing where a value is not known. */
export const typedValue = <Row>(column: Column<Row>, row: Row): unknown =>
  column.items ? column.items(row) : column.value(row) === '' ? null : column.value(row);

/** One row as a line. */
export const jsonLine =
  <Row>(columns: readonly Column<Row>[]) =>
  (row: Row): string => {
    const record: Record<string, unknown> = {};
    for (const column of columns) record[column.english] = typedValue(column, row);
    return `${JSON.stringify(record)}\n`;
  };
