import type { Membership, RosterUser } from '../roster-user.ts';
import type { CsvRecord } from './csv-records.ts';
import type { Mode } from './manifest.ts';

/** A list in a cell: `a,b`. Some vendors write `;` or brackets of JSON. */
export const listIn = (cell: string): string[] =>
  cell
    .replaceAll(/[[\]"]/g, '')
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** `{NationalID:A123456789},{LDAP:wang}` */
export const userIdsIn = (cell: string): RosterUser['userIds'] =>
  [...cell.matchAll(/\{([^:{}]*):([^{}]*)\}/g)].map(([, type, identifier]) => ({
    type: type!,
    identifier: identifier!.trim(),
  }));

/**
 * When the source registered it. The standard leaves it empty in bulk files; where it is filled all the same, it is the time of the export in most
 * products and would change every row every night.
 */
export const modifiedOf = (record: CsvRecord, mode: Mode): string =>
  mode === 'delta' ? record.get('dateLastModified').trim() : '';

/** 1.1: one role, at one or several organisations. **Reading**: the first of them is the primary one. */
export function membershipsOfUser(record: CsvRecord, mode: Mode): Membership[] {
  return listIn(record.get('orgSourcedIds')).map((orgSourcedId, i) => ({
    role: record.get('role'),
    orgSourcedId,
    status: '',
    primary: i === 0,
    beginDate: '',
    endDate: '',
    modified: modifiedOf(record, mode),
  }));
}

/** 1.2: a row of roles.csv. */
export const membershipOfRole = (record: CsvRecord, mode: Mode): Membership => ({
  role: record.get('role'),
  orgSourcedId: record.get('orgSourcedId').trim(),
  status: record.get('status'),
  primary: record.get('roleType').trim().toLowerCase() !== 'secondary',
  beginDate: record.get('beginDate').trim(),
  endDate: record.get('endDate').trim(),
  modified: modifiedOf(record, mode),
});

export const userOf = (record: CsvRecord, memberships: readonly Membership[]): RosterUser => ({
  sourcedId: record.get('sourcedId').trim(),
  status: record.get('status'),
  givenName: record.get('givenName'),
  familyName: record.get('familyName'),
  email: record.get('email'),
  phone: record.get('sms') || record.get('phone'),
  userIds: userIdsIn(record.get('userIds')),
  memberships,
  field: record.get,
});
