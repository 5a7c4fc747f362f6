/** JSON Lines: one object a row, English names in the order of the columns, lists as lists, null for what is not known; UTF-8, each line ended by a line feed. */
import { asBytes } from './as-bytes.ts';
import type { Column } from './columns.ts';

/** A cell for files that have lists and nulls: a CSV says nothing where a value is not known. */
export function typedValue<Row>(column: Column<Row>, row: Row): string | number | readonly string[] | null {
  if (column.items) return column.items(row);
  const value = column.value(row);
  return value === '' ? null : value;
}

/** Most texts need no escape: a test is cheaper than going over each. */
const PLAIN = /^[^"\\\p{Cc}\p{Cs}]*$/u;
const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

function jsonText(value: string | number | readonly string[] | null): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'number') return String(value);
  return `[${value.map(quoted).join(',')}]`;
}

/** Writes rows as lines, as their bytes (`as-bytes.ts`). Most cells say what they said in the row before (`csv.ts`). */
export function jsonLine<Row>(columns: readonly Column<Row>[]): (row: Row) => string {
  const names = columns.map(({ english }, i) => `${i === 0 ? '{' : ','}${JSON.stringify(english)}:`);
  const lasts: unknown[] = columns.map(() => jsonLine);
  const texts: string[] = columns.map(() => '');
  return (row) => {
    let line = '';
    for (let i = 0; i < columns.length; i += 1) {
      const value = typedValue(columns[i] as Column<Row>, row);
      if (value !== lasts[i]) {
        lasts[i] = value;
        texts[i] = asBytes(names[i] + jsonText(value));
      }
      line += texts[i];
    }
    return `${line}}\n`;
  };
}
