/**
 * From a bundle to rows, in the order of what depends on what: organisations, roles (1.2), demographics, people. Only what concerns staff is
 * held in memory; students pass by in the stream and are counted.
 */
import type { RawRow } from '../../../schemas/columns.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import type { ReadNotes } from '../../contract.ts';
import { type Adapting, count, countRole, toRows } from '../adapter.ts';
import { membershipKey } from '../personal-key.ts';
import { kindOfRole } from '../roles.ts';
import type { Demographics, Membership, RosterOrg } from '../roster-user.ts';
import { schoolIndex } from '../schools.ts';
import { type CsvRecord, readRecords } from './csv-records.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { Bundle } from './open-bundle.ts';
import { membershipOfRole, membershipsOfUser, userOf } from './people.ts';

export type BundleReading = Pick<Adapting, 'settings' | 'today' | 'only' | 'tally'> & {
  source: string;
  signal: AbortSignal;
};

/** @throws SourceError */
export async function* readBundle(bundle: Bundle, reading: BundleReading, notes: ReadNotes): AsyncGenerator<RawRow[]> {
  const manifest = await readManifest(bundle);
  notes.version = manifest.version;
  notes.complete = manifest.complete;
  const { tally, signal } = reading;
  const { version, modeOf } = manifest;
  const of = (table: Parameters<Manifest['modeOf']>[0]) => readRecords(bundle, table, version, notes);

  const orgs: RosterOrg[] = [];
  for await (const records of of('orgs')) {
    for (const record of records) {
      if (record.issues.length > 0) count(tally, 'broken rows of orgs.csv');
      else orgs.push(orgOf(record));
    }
  }
  const schoolOf = schoolIndex(orgs, reading.settings.schools);

  const roles = new Map<string, Membership[]>();
  const origins = new Map<string, CsvRecord>();
  let given = 0;
  if (version === '1.2') {
    for await (const records of of('roles')) {
      signal.throwIfAborted();
      const broken: RawRow[] = [];
      for (const record of records) {
        const user = record.get('userSourcedId').trim();
        const role = membershipOfRole(record, modeOf('roles'));
        const kind = kindOfRole(role.role);
        if (record.issues.length > 0 && kind !== 'other') broken.push(brokenRow(record, user, [role], schoolOf));
        else if (kind === 'staff') {
          roles.set(user, [...(roles.get(user) ?? []), role]);
          origins.set(user, record);
        } else countRole(tally, role.role);
      }
      given += broken.length;
      if (broken.length > 0) yield broken;
    }
  }

  const demographics = await demographicsOfStaff(bundle, manifest, roles, reading, notes);
  const adapting: Adapting = { ...reading, schoolOf, demographicsOf: (id) => demographics.get(id) };
  for await (const records of of('users')) {
    signal.throwIfAborted();
    const rows: RawRow[] = [];
    for (const record of records) {
      const id = record.get('sourcedId').trim();
      const own = version === '1.1' ? membershipsOfUser(record, modeOf('users')) : (roles.get(id) ?? []);
      origins.delete(id);
      if (
        record.issues.length > 0 &&
        (version === '1.1' ? kindOfRole(record.get('role')) !== 'other' : own.length > 0)
      ) {
        rows.push(brokenRow(record, id, own, schoolOf));
      } else if (version === '1.2' && own.length === 0) count(tally, 'users without a role of staff');
      else if (own.length === 0 && kindOfRole(record.get('role')) === 'staff') rows.push(placeless(record, id));
      else rows.push(...toRows(userOf(record, own), originOf(record), adapting));
    }
    given += rows.length;
    if (rows.length > 0) yield rows;
  }

  const nobody = [...origins].map(([id, record]): RawRow => {
    const row = brokenRow(record, id, roles.get(id)!, schoolOf);
    return { ...row, issues: [{ code: 'oneroster-user-missing', column: null, value: null }] };
  });
  given += nobody.length;
  if (nobody.length > 0) yield nobody;
  notes.rows = given;
  for (const [what, n] of [...tally].sort()) notes[what] = n;
  if (given === 0 && manifest.complete)
    throw new SourceError('api-empty', { source: reading.source, what: 'users.csv' });
}

const originOf = ({ object, row }: CsvRecord): RawRow['origin'] => ({ object, row });

const orgOf = (record: CsvRecord): RosterOrg => ({
  sourcedId: record.get('sourcedId').trim(),
  status: record.get('status'),
  type: record.get('type'),
  identifier: record.get('identifier'),
  parentSourcedId: record.get('parentSourcedId').trim(),
});

/** Cells of a broken row may have shifted, so nothing of it is taken but whose row it probably is (I12). */
function brokenRow(
  record: CsvRecord,
  id: string,
  roles: readonly Membership[],
  schoolOf: Adapting['schoolOf'],
): RawRow {
  const values: RawRow['values'] = {};
  const school = roles[0] ? schoolOf(roles[0].orgSourcedId) : undefined;
  if (id !== '' && school && 'code' in school) {
    values.staffId = membershipKey(id, school.code);
    values.institutionCode = school.code;
  }
  return { kind: 'staff', values, origin: originOf(record), issues: record.issues };
}

const placeless = (record: CsvRecord, id: string): RawRow => ({
  kind: 'staff',
  values: id === '' ? {} : { staffId: membershipKey(id, '') },
  origin: originOf(record),
  issues: [{ code: 'oneroster-org-unknown', column: 'institutionCode', value: null, params: { org: '-' } }],
});

/** Of staff only: birth dates of pupils are nobody's business here. */
async function demographicsOfStaff(
  bundle: Bundle,
  { version, modeOf }: Manifest,
  roles: ReadonlyMap<string, unknown>,
  { signal }: BundleReading,
  notes: ReadNotes,
): Promise<Map<string, Demographics>> {
  const found = new Map<string, Demographics>();
  if (modeOf('demographics') === 'absent') return found;
  const staff = new Set(roles.keys());
  if (version === '1.1') {
    for await (const records of readRecords(bundle, 'users', version, notes)) {
      for (const record of records)
        if (kindOfRole(record.get('role')) === 'staff') staff.add(record.get('sourcedId').trim());
    }
  }
  for await (const records of readRecords(bundle, 'demographics', version, notes)) {
    signal.throwIfAborted();
    for (const record of records) {
      const id = record.get('sourcedId').trim();
      if (record.issues.length === 0 && staff.has(id))
        found.set(id, { birthDate: record.get('birthDate').trim(), sex: record.get('sex').trim() });
    }
  }
  return found;
}
