import { displayWidth, padEnd, padStart, wrap } from './display-width.ts';

export interface TextColumn<Row> {
  title: string;
  of: (row: Row) => string;
  align?: 'left' | 'right';
  /** Takes what is left of the width and wraps. */
  flexible?: boolean;
}

const GAP = 2;

/** A table in columns of a terminal. Its first row of titles is underlined. */
export function textTable<Row>(
  columns: readonly TextColumn<Row>[],
  rows: readonly Row[],
  width: number,
  indent = 2,
): string[] {
  const cells = rows.map((row) => columns.map((column) => column.of(row)));
  const natural = columns.map((column, i) =>
    Math.max(displayWidth(column.title), ...cells.map((row) => displayWidth(row[i] as string))),
  );
  const fixed = columns.reduce(
    (sum, column, i) => sum + (column.flexible ? 0 : (natural[i] as number)) + GAP,
    indent - GAP,
  );
  const flexible = columns.filter((column) => column.flexible).length;
  const room = Math.floor((width - fixed) / Math.max(1, flexible));
  const widths = columns.map((column, i) =>
    column.flexible ? Math.min(natural[i] as number, Math.max(12, room)) : (natural[i] as number),
  );
  const line = (parts: readonly string[]): string =>
    ' '.repeat(indent) +
    columns
      .map((column, i) => {
        const text = parts[i] ?? '';
        return column.align === 'right' ? padStart(text, widths[i] as number) : padEnd(text, widths[i] as number);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const body = cells.flatMap((row) => {
    const wrapped = row.map((cell, i) => (columns[i]?.flexible ? wrap(cell, widths[i] as number) : [cell]));
    const height = Math.max(...wrapped.map((lines) => lines.length));
    return Array.from({ length: height }, (_, h) => line(wrapped.map((lines) => lines[h] ?? '')));
  });
  return [
    line(columns.map((c) => c.title)),
    ' '.repeat(indent) + widths.map((w) => '─'.repeat(w)).join(' '.repeat(GAP)),
    ...body,
  ];
}
