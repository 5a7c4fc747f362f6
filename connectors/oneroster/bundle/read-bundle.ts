/**
 * From a bundle to rows, in the order of what depends on what: organisations, roles (1.2), demographics, people. Only what concerns staff is
 * held in memory; students pass by in the stream and are counted.
 */
import type { RawRow } from '../../../schemas/columns.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import type { ReadNotes } from '../../contract.ts';
import { type Adapting, count, countOrg, toRows } from '../adapter.ts';
import { kindOfRole } from '../roles.ts';
import type { Demographics, RosterOrg } from '../roster-user.ts';
import { schoolIndex } from '../schools.ts';
import { brokenRows, originOf } from './broken-rows.ts';
import type { TableName } from './columns.ts';
import { type CsvRecord, readRecords } from './csv-records.ts';
import { type Manifest, readManifest } from './manifest.ts';
import type { Bundle } from './open-bundle.ts';
import { membershipsOfUser, userOf } from './people.ts';
import { type RolesOfStaff, readRoles } from './read-roles.ts';

export type BundleReading = Pick<Adapting, 'settings' | 'today' | 'only' | 'tally'> & {
  source: string;
  signal: AbortSignal;
};
/** A changed person whose role did not change: whether it is a pupil or of the staff the list does not say. Exceptions are made of this note. */
const ROLELESS = 'usersWithoutRole';

type Tables = (table: TableName) => AsyncGenerator<CsvRecord[]>;

/** @throws SourceError */
export async function* readBundle(bundle: Bundle, reading: BundleReading, notes: ReadNotes): AsyncGenerator<RawRow[]> {
  const manifest = await readManifest(bundle);
  notes.version = manifest.version;
  notes.complete = manifest.complete;
  async function* tables(table: TableName): AsyncGenerator<CsvRecord[]> {
    for await (const records of readRecords(bundle, table, manifest.version, notes)) {
      reading.signal.throwIfAborted();
      yield records;
    }
  }
  let given = 0;
  for await (const rows of rowsOf(tables, manifest, reading)) {
    given += rows.length;
    if (rows.length > 0) yield rows;
  }
  notes.rows = given;
  for (const [what, n] of [...reading.tally].sort()) notes[what] = n;
  if (given === 0 && manifest.complete)
    throw new SourceError('api-empty', { source: reading.source, what: 'users.csv' });
}

async function* rowsOf(tables: Tables, manifest: Manifest, reading: BundleReading): AsyncGenerator<RawRow[]> {
  const { version, modeOf } = manifest;
  const schoolOf = schoolIndex(await orgsIn(tables, reading), reading.settings.schools);
  const staff: RolesOfStaff = new Map();
  // Of people that are no staff; known only where it must be told who has no role at all.
  const others = manifest.complete ? null : new Set<string>();
  if (version === '1.2') yield* readRoles(tables('roles'), modeOf('roles'), schoolOf, reading.tally, staff, others);
  const demographics = await demographicsOfStaff(tables, manifest, staff);
  const adapting: Adapting = {
    ...reading,
    changes: !manifest.complete,
    schoolOf,
    demographicsOf: (id) => demographics.get(id),
  };

  const seen = new Set<string>();
  for await (const records of tables('users')) {
    yield records.flatMap((record): RawRow[] => {
      const id = record.get('sourcedId').trim();
      if (version === '1.1') {
        const role = kindOfRole(record.get('role'));
        const own = membershipsOfUser(record, modeOf('users'));
        if (record.issues.length > 0 && role !== 'other') return brokenRows(record, id, own, schoolOf);
        if (own.length === 0 && role === 'staff') return [placeless(record)];
        return toRows(userOf(record, own), originOf(record), adapting);
      }
      const own = staff.get(id)?.roles;
      if (own === undefined) {
        const roleless = others !== null && !others.has(id);
        count(reading.tally, roleless ? ROLELESS : 'users without a role of staff');
        return [];
      }
      seen.add(id);
      if (record.issues.length > 0) return brokenRows(record, id, own, schoolOf);
      return toRows(userOf(record, own), originOf(record), adapting);
    });
  }
  const missing = [...staff].filter(([id]) => !seen.has(id));
  const issues = [{ code: 'oneroster-user-missing', column: null, value: null }];
  yield missing.flatMap(([id, { roles, record }]) => brokenRows(record, id, roles, schoolOf, issues));
}

async function orgsIn(tables: Tables, { tally }: BundleReading): Promise<RosterOrg[]> {
  const orgs: RosterOrg[] = [];
  for await (const records of tables('orgs')) {
    for (const record of records) {
      if (record.issues.length > 0) {
        count(tally, 'broken rows of orgs.csv');
        continue;
      }
      const org = orgOf(record);
      countOrg(tally, org);
      orgs.push(org);
    }
  }
  return orgs;
}

const orgOf = (record: CsvRecord): RosterOrg => ({
  sourcedId: record.get('sourcedId').trim(),
  status: record.get('status'),
  type: record.get('type'),
  identifier: record.get('identifier'),
  parentSourcedId: record.get('parentSourcedId').trim(),
});

/** Without a key: it is not told at which school the person is somebody. */
const placeless = (record: CsvRecord): RawRow => ({
  kind: 'staff',
  values: {},
  origin: originOf(record),
  issues: [{ code: 'oneroster-org-unknown', column: 'institutionCode', value: null, params: { org: '-' } }],
});

/** Of staff only: birth dates of pupils are nobody's business here. */
async function demographicsOfStaff(
  tables: Tables,
  { version, modeOf }: Manifest,
  roles: RolesOfStaff,
): Promise<Map<string, Demographics>> {
  const found = new Map<string, Demographics>();
  if (modeOf('demographics') === 'absent') return found;
  const staff = new Set(roles.keys());
  if (version === '1.1') {
    for await (const records of tables('users')) {
      for (const record of records)
        if (kindOfRole(record.get('role')) === 'staff') staff.add(record.get('sourcedId').trim());
    }
  }
  for await (const records of tables('demographics')) {
    for (const record of records) {
      const id = record.get('sourcedId').trim();
      if (record.issues.length > 0 || !staff.has(id)) continue;
      found.set(id, { birthDate: record.get('birthDate').trim(), sex: record.get('sex').trim() });
    }
  }
  return found;
}
