/**
 * A OneRoster person as canonical rows: one per school at which the person has a staff role. Students and other people never become rows; they
 * are counted. What says that somebody shall be deleted gives no reason of leaving, so it is no end (R09): it is a row that asks for the reason.
 */
import type { RawRow } from '../../schemas/columns.ts';
import type { OneRosterSettings } from '../../schemas/config.ts';
import type { Issue, Origin } from '../../schemas/records.ts';
import { shownTitle } from '../files/shown-name.ts';
import { takeUnstorable } from '../storable-values.ts';
import { membershipKey } from './personal-key.ts';
import { kindOfRole, rankOfRole, roleKey, titleOfRole } from './roles.ts';
import type { Demographics, Membership, RosterOrg, RosterUser } from './roster-user.ts';
import type { SchoolOf } from './schools.ts';
import { clearDate } from './written-date.ts';

export interface Adapting {
  settings: OneRosterSettings;
  schoolOf(orgSourcedId: string): SchoolOf;
  demographicsOf(userSourcedId: string): Demographics | undefined;
  /** Day of the picture, ISO: a role that ended before it is over. */
  today: string;
  tally: Tally;
  /** The school that the part speaks for; null where it speaks for all that are allowed. */
  only: string | null;
  /** A list of changes, where who is not named is not missing: a role that is over must be asked about, or nobody would. */
  changes: boolean;
}

/** What was left out, for the notes. */
export type Tally = Map<string, number>;
export const count = (tally: Tally, what: string): void => {
  tally.set(what, (tally.get(what) ?? 0) + 1);
};

export const isDeleted = (status: string): boolean => status.trim().toLowerCase() === 'tobedeleted';

/** It is told and changes nobody: see `schools.ts`. */
export const countOrg = (tally: Tally, { status }: RosterOrg): void => {
  if (isDeleted(status)) count(tally, 'orgs to be deleted');
};

const UNKNOWN = 'unknown role ';
/** Names of unknown roles that are told apart: a bundle whose columns shifted has a role for each person. */
const MOST_UNKNOWN = 20;

/** A role that is none of a school's staff. One that no standard names may be a vendor's; it is no row either, for it may be a pupil. */
export function countRole(tally: Tally, role: string): void {
  if (kindOfRole(role) === 'other') {
    count(tally, `role ${roleKey(role)}`);
    return;
  }
  const what = UNKNOWN + (shownTitle(role.trim()).toLowerCase().slice(0, 24) || '-');
  const known = tally.has(what) || [...tally.keys()].filter((key) => key.startsWith(UNKNOWN)).length < MOST_UNKNOWN;
  count(tally, known ? what : 'unknown roles of other names');
}

export function toRows(user: RosterUser, origin: Origin, adapting: Adapting): RawRow[] {
  const { schoolOf, tally, changes } = adapting;
  const schools = new Map<string, { school: SchoolOf; roles: Membership[] }>();
  const others = new Set<string>();
  for (const membership of user.memberships) {
    if (kindOfRole(membership.role) !== 'staff') {
      others.add(membership.role);
      continue;
    }
    const school = schoolOf(membership.orgSourcedId);
    if ('not' in school && school.not === 'no-school') {
      count(tally, 'staff of no school');
      continue;
    }
    const ended = endOf(membership, adapting) !== null;
    if (ended) count(tally, 'ended roles');
    if (!ended || changes) {
      const place = 'code' in school ? school.code : school.shown;
      const known = schools.get(place) ?? { school, roles: [] };
      known.roles.push(membership);
      schools.set(place, known);
    }
  }
  for (const role of others) countRole(tally, role);
  return [...schools.values()].map(({ school, roles }) => rowOf(user, school, roles, origin, adapting));
}

/** Day on which a role ended that is over. */
function endOf({ endDate }: Membership, { settings, today }: Adapting): string | null {
  const end = clearDate(endDate, settings.dateOrder).slice(0, 10);
  return /^\d{4}-\d{2}-\d{2}$/.test(end) && end < today ? end : null;
}

function rowOf(user: RosterUser, school: SchoolOf, roles: Membership[], origin: Origin, adapting: Adapting): RawRow {
  const { settings } = adapting;
  // A role that is taken away or over says nothing of what somebody is, but where it is all that there was.
  const left = roles.filter((r) => !isDeleted(r.status) && endOf(r, adapting) === null);
  const said = left.length > 0 ? left : roles;
  const [role] = said.toSorted((a, b) => rankOfRole(a.role) - rankOfRole(b.role));
  const code = 'code' in school ? school.code : '';
  const people = adapting.demographicsOf(user.sourcedId);
  const values: RawRow['values'] = {
    ...keyOf(user.sourcedId, school),
    institutionCode: code,
    name: fullName(user),
    title: (settings.titleField && user.field(settings.titleField)) || titleOfRole(role!.role),
    primary: said.some((r) => r.primary) ? '是' : '否',
    startOn: clearDate(role!.beginDate, settings.dateOrder),
    email: user.email,
    phone: user.phone,
    ...identifierOf(user, settings),
  };
  const modified =
    said
      .map((r) => r.modified)
      .sort()
      .at(-1) ?? '';
  if (modified !== '') values.registeredAt = clearDate(modified, settings.dateOrder);
  if (people) {
    values.birthDate = clearDate(people.birthDate, settings.dateOrder);
    values.sex = people.sex;
  }
  const issues = [...takeUnstorable(values), ...issuesOf(user, school, roles, adapting)];
  return issues.length > 0 ? { kind: 'staff', values, origin, issues } : { kind: 'staff', values, origin };
}

/** None where person or school cannot be told: another key than the person's own would leave that one missing from a complete list (I12). */
function keyOf(sourcedId: string, school: SchoolOf): Pick<RawRow['values'], 'staffId'> {
  const code = 'code' in school ? school.code : school.not === 'not-allowed' ? school.shown : '';
  return sourcedId.trim() === '' || code === '' ? {} : { staffId: membershipKey(sourcedId, code) };
}

function issuesOf(user: RosterUser, school: SchoolOf, roles: Membership[], adapting: Adapting): Issue[] {
  const { only } = adapting;
  const issues: Issue[] = [];
  const add = (code: string, column: string | null, params: Record<string, string | number> = {}): void => {
    issues.push({ code, column, value: null, params });
  };
  if (user.sourcedId.trim() === '') add('oneroster-id-missing', 'staffId');
  if ('not' in school) {
    if (school.not === 'unknown') add('oneroster-org-unknown', 'institutionCode', { org: school.shown });
    if (school.not === 'no-code') add('oneroster-org-without-code', 'institutionCode', { identifier: school.shown });
    if (school.not === 'not-allowed') add('oneroster-school-not-allowed', 'institutionCode', { code: school.shown });
  } else if (only !== null && school.code !== only)
    add('oneroster-school-not-allowed', 'institutionCode', { code: school.code });
  const standing = roles.filter(({ status }) => !isDeleted(status));
  const ends = standing.map((role) => endOf(role, adapting));
  if (isDeleted(user.status) || standing.length === 0) add('oneroster-to-be-deleted', 'change');
  else if (ends.every((end) => end !== null)) add('oneroster-role-ended', 'change', { end: ends.toSorted().at(-1)! });
  return issues;
}

/** 王小明 from 王 and 小明; Roman names keep their own order and a space. */
function fullName({ familyName, givenName }: RosterUser): string {
  const [family, given] = [familyName.trim(), givenName.trim()];
  if (/\p{Script=Han}/u.test(family + given)) return family + given;
  return [given, family].filter((part) => part !== '').join(' ');
}

/** Which of a person's many ids is the national one is a matter of configuration; nothing is guessed. */
function identifierOf(user: RosterUser, { identifier }: OneRosterSettings): RawRow['values'] {
  if (!identifier) return {};
  const key = identifier.userIdType?.toLowerCase();
  const found =
    key === undefined
      ? user.field(identifier.field!)
      : (user.userIds.find(({ type }) => type.trim().toLowerCase() === key)?.identifier ?? '');
  return identifier.hashed ? { idDigest: found } : { nationalId: found };
}
