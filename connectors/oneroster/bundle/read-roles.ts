import type { RawRow } from '../../../schemas/columns.ts';
import { countRole, type Tally } from '../adapter.ts';
import { kindOfRole } from '../roles.ts';
import type { Membership } from '../roster-user.ts';
import type { SchoolOf } from '../schools.ts';
import { brokenRows } from './broken-rows.ts';
import type { CsvRecord } from './csv-records.ts';
import type { Mode } from './manifest.ts';
import { membershipOfRole } from './people.ts';

/** Staff roles of each person, and a row of roles.csv that says so. */
export type RolesOfStaff = Map<string, { roles: Membership[]; record: CsvRecord }>;

/** Reads roles.csv (1.2) into `staff`, and the ids of others into `others`; a broken row of what may be staff comes out, other roles are counted. */
export async function* readRoles(
  batches: AsyncIterable<CsvRecord[]>,
  mode: Mode,
  schoolOf: (orgSourcedId: string) => SchoolOf,
  tally: Tally,
  staff: RolesOfStaff,
  others: Set<string> | null,
): AsyncGenerator<RawRow[]> {
  for await (const records of batches) {
    const broken: RawRow[] = [];
    for (const record of records) {
      const user = record.get('userSourcedId').trim();
      const role = membershipOfRole(record, mode);
      const kind = kindOfRole(role.role);
      if (record.issues.length > 0 && kind !== 'other') broken.push(...brokenRows(record, user, [role], schoolOf));
      else if (kind !== 'staff') {
        countRole(tally, role.role);
        others?.add(user);
      } else {
        const known = staff.get(user);
        if (known) known.roles.push(role);
        else staff.set(user, { roles: [role], record });
      }
    }
    if (broken.length > 0) yield broken;
  }
}
