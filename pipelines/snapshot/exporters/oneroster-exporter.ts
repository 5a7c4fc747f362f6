/**
 * A OneRoster 1.2 CSV bundle as one ZIP: manifest.csv, orgs.csv, users.csv, roles.csv. A ZIP holds one file behind the other, so roles wait, sealed, in the database until all users are
 * written. The bytes depend on the rows alone: times are those of the format's first day, and the packing is this library's on every machine.
 */
import { Zip, ZipDeflate } from 'fflate';
import type { OpenSink, OpenSpill } from '../../../warehouse/snapshot-file-sink.ts';
import type { SnapshotInstitution } from '../../../warehouse/views/snapshot-institutions.ts';
import { csvLine } from '../csv.ts';
import { nameParts } from '../oneroster/name-parts.ts';
import { orgId, type PeopleOf, type RosterPerson } from '../oneroster/people.ts';
import { manifestText, ORGS, ROLES, recordLine, USERS } from '../oneroster/tables.ts';
import { type EvenPieces, evenPieces } from './even-pieces.ts';
import type { Exporter } from './exporter.ts';

/** Archives have no zone: read in whichever, this is 1980-01-01. */
const WRITTEN = new Date(1980, 0, 1);
const LEVEL = 6;

export interface Bundle<Row> {
  path: string;
  institutions: readonly SnapshotInstitution[];
  peopleOf: PeopleOf<Row>;
  open: OpenSink;
  spill: OpenSpill;
}

const orgLine = ({ code, section, name }: SnapshotInstitution): string =>
  recordLine(ORGS, { sourcedId: orgId(code, section), name, type: 'school', identifier: code });

const userLine = (person: RosterPerson): string =>
  recordLine(USERS, {
    sourcedId: person.sourcedId,
    enabledUser: 'true',
    username: person.username,
    userIds: person.digest === '' ? null : `{edu_key:${person.digest}}`,
    ...nameParts(person.name),
    primaryOrgSourcedId: person.org,
    'metadata.mingce.legalName': person.name,
    'metadata.mingce.jobTitle': person.title,
    'metadata.mingce.titleKind': person.titleKind,
    'metadata.mingce.subjects': person.subjects.join(';'),
  });

const roleLine = ({ sourcedId, role, org }: RosterPerson): string =>
  recordLine(ROLES, {
    sourcedId: `role-${sourcedId}`,
    userSourcedId: sourcedId,
    roleType: 'primary',
    role,
    orgSourcedId: org,
  });

export function onerosterExporter<Row>({ path, institutions, peopleOf, open, spill }: Bundle<Row>): Exporter<Row> {
  const sink = open(path);
  const roles = spill(`${path}.roles`);
  const orgs = new Set(institutions.map(({ code, section }) => orgId(code, section)));
  let packed: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    packed.push(piece);
  });
  const flush = async (): Promise<void> => {
    const pieces = packed;
    packed = [];
    for (const piece of pieces) await sink.write(piece);
  };
  const entry = (name: string): ZipDeflate => {
    const file = new ZipDeflate(name, { level: LEVEL });
    file.mtime = WRITTEN;
    zip.add(file);
    return file;
  };
  const whole = (name: string, text: string): void => entry(name).push(Buffer.from(text), true);

  let users: EvenPieces | null = null;
  const begin = (): EvenPieces => {
    whole('manifest.csv', manifestText());
    whole('orgs.csv', csvLine(ORGS) + institutions.map(orgLine).join(''));
    const file = evenPieces(entry('users.csv'));
    file.push(Buffer.from(csvLine(USERS)));
    return file;
  };

  let rows = 0;
  let people = 0;
  let strangers = 0;
  return {
    path,
    rows: async (block) => {
      users ??= begin();
      let usersText = '';
      let rolesText = rows === 0 ? csvLine(ROLES) : '';
      for (const row of block) {
        for (const person of peopleOf(row)) {
          people += 1;
          if (!orgs.has(person.org)) strangers += 1;
          usersText += userLine(person);
          rolesText += roleLine(person);
        }
      }
      rows += block.length;
      users.push(Buffer.from(usersText));
      await Promise.all([flush(), roles.write(Buffer.from(rolesText))]);
    },
    end: async () => {
      users ??= begin();
      if (rows === 0) await roles.write(Buffer.from(csvLine(ROLES)));
      users.end();
      await flush();
      const file = evenPieces(entry('roles.csv'));
      for await (const piece of roles.take()) {
        file.push(piece);
        await flush();
      }
      file.end();
      zip.end();
      await flush();
      const tables = { orgs: institutions.length, users: people, roles: people };
      return { file: await sink.end(), rows, faults: { 'users of an unknown org': strangers }, tables };
    },
    abandon: () => {
      sink.abandon();
      roles.abandon();
    },
  };
}
