import type { RawRow } from '../../../schemas/columns.ts';
import type { Issue } from '../../../schemas/records.ts';
import { membershipKey } from '../personal-key.ts';
import type { Membership } from '../roster-user.ts';
import type { SchoolOf } from '../schools.ts';
import type { CsvRecord } from './csv-records.ts';

export const originOf = ({ object, row }: CsvRecord): RawRow['origin'] => ({ object, row });

/**
 * Somebody who cannot be taken: one row for each school, with nothing but whose it is, so that the last good versions stay in force (I12). Cells of a broken
 * row may have shifted; a person whose school cannot be told is one row without a key.
 */
export function brokenRows(
  record: CsvRecord,
  userSourcedId: string,
  roles: readonly Membership[],
  schoolOf: (orgSourcedId: string) => SchoolOf,
  issues: Issue[] = record.issues,
): RawRow[] {
  const schools = roles.map(({ orgSourcedId }) => schoolOf(orgSourcedId)).filter((school) => 'code' in school);
  const codes = userSourcedId === '' ? [] : [...new Set(schools.map(({ code }) => code))];
  const values = codes.map((code) => ({ staffId: membershipKey(userSourcedId, code), institutionCode: code }));
  const rows: RawRow['values'][] = values.length > 0 ? values : [{}];
  return rows.map((one) => ({ kind: 'staff', values: one, origin: originOf(record), issues }));
}
