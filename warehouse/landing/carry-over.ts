/** What a record told before and a newer delivery says nothing of, and since when it tells what it did not. */
import { OPTIONAL_VALUES, type OptionalValue, type Silence } from '../../schemas/silent-columns.ts';
import type { Transaction } from '../connect.ts';
import { RECORD_TABLES, type RecordTable } from './record-tables.ts';

/** Rows that say the same as before are not written, so nothing needs to be carried over to them. */
const CHANGED = 's.source = r.source AND s.key = r.key AND s.hash <> r.hash';

const isEmpty = (field: string): string => (field === 'subjects' ? `s.${field} = '{}'` : `s.${field} IS NULL`);

function silentSources(table: RecordTable, value: OptionalValue, silences: readonly Silence[]): string[] {
  const isSilent = ({ told, blanks }: Silence): boolean =>
    (blanks && !value.hasDefault) || !value.columns.some((column) => told(table.kind).has(column));
  return silences.filter(isSilent).map(({ source }) => source);
}

/** A column that a delivery does not have wipes nothing out. The row's hash stays that of what was sent: the same row again is unchanged. */
export async function keepUntoldValues(
  trx: Transaction,
  table: RecordTable,
  silences: readonly Silence[],
): Promise<void> {
  for (const value of OPTIONAL_VALUES[table.kind]) {
    const sources = silentSources(table, value, silences);
    if (sources.length === 0) continue;
    const untold = value.hasDefault ? 'true' : value.fields.map(isEmpty).join(' AND ');
    await trx.raw(
      `UPDATE ${table.stage} s SET ${value.fields.map((field) => `${field} = r.${field}`).join(', ')}
       FROM ${table.picture} r WHERE ${CHANGED} AND s.source = ANY(?::text[]) AND ${untold}`,
      [sources],
    );
  }
}

/**
 * A post that becomes the service unit (主聘) is so from the day of that registration (R08), not from its own first day, on which it was secondary.
 */
export async function notePrimarySince(trx: Transaction): Promise<void> {
  const { stage, picture } = RECORD_TABLES.staff;
  await trx.raw(
    `UPDATE ${stage} s SET primary_since = CASE WHEN r.is_primary THEN r.primary_since ELSE (s.registered_at AT TIME ZONE 'Asia/Taipei')::date END
     FROM ${picture} r WHERE ${CHANGED} AND s.is_primary AND (NOT r.is_primary OR r.primary_since IS NOT NULL)`,
  );
}
