/** Text that a source sent and that cannot be stored: with a NUL (PostgreSQL has none) or half a character (no UTF-8 has it). */
import type { Column, RawRow } from '../schemas/columns.ts';
import type { Issue } from '../schemas/records.ts';
import { isStorable } from '../schemas/storable.ts';

const broken = (column: Column, field: string): Issue => ({
  code: 'raw-text-broken',
  column,
  value: null,
  params: { field },
});

/** Gives a row a value; where it cannot be stored, an issue instead. @param field as the source calls it */
export function putText(values: RawRow['values'], issues: Issue[], column: Column, field: string, text: string): void {
  if (isStorable(text)) values[column] = text;
  else issues.push(broken(column, field));
}

/** The same for a row whose values are there already. @returns the issues */
export function takeUnstorable(values: RawRow['values']): Issue[] {
  const columns = (Object.keys(values) as Column[]).filter((column) => !isStorable(values[column] ?? ''));
  for (const column of columns) delete values[column];
  return columns.map((column) => broken(column, column));
}
