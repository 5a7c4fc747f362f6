import type { Column } from '../../../schemas/columns.ts';
import type { RowDrift } from '../../../schemas/drift.ts';
import { oneRosterDemographics, oneRosterOrg, oneRosterUser } from '../../../schemas/oneroster.ts';
import type { Issue } from '../../../schemas/records.ts';
import { failApi } from '../../http/api-codes.ts';
import { parseJson } from '../../http/parse-json.ts';
import { fieldMap, isObject } from '../../json-item.ts';
import { fieldName, judge, type ShapeCollector } from '../../json-shape.ts';
import { columnKey } from '../bundle/columns.ts';
import type { Demographics, Membership, RosterOrg, RosterUser } from '../roster-user.ts';
import type { ListName } from './page-names.ts';

/** Fields of a user, and the column that is made of each; null where nothing is. */
const USER_FIELDS = fieldMap({
  sourcedId: 'staffId',
  status: 'change',
  dateLastModified: 'registeredAt',
  givenName: 'name',
  familyName: 'name',
  email: 'email',
  phone: 'phone',
  sms: 'phone',
  // Which of them holds the national id is configured.
  identifier: 'nationalId',
  userIds: 'nationalId',
  metadata: 'nationalId',
  role: 'title',
  roles: 'title',
  orgs: 'institutionCode',
  primaryOrg: null,
  username: null,
  userMasterIdentifier: null,
  enabledUser: null,
  middleName: null,
  preferredFirstName: null,
  preferredMiddleName: null,
  preferredLastName: null,
  pronouns: null,
  agents: null,
  grades: null,
  password: null,
  userProfiles: null,
  resources: null,
});

const columnOf = (field: string): Column | null => USER_FIELDS.get(field) ?? null;

/** Fields of an item for the contract. */
export function collectShape(shape: ShapeCollector, list: ListName, item: unknown): void {
  for (const [field, value] of Object.entries(objectOf(item)))
    shape.add(`${list}.${fieldName(field)}`, list === 'users' ? columnOf(field) : null, value, 'staff');
}

/** The items of a page. @throws SourceError `api-json-…`, `api-shape` */
export function parsePage(body: Uint8Array, list: ListName, source: string): unknown[] {
  const fail = failApi(source);
  const items = (parseJson(body, list, fail) as Record<string, unknown> | null)?.[list];
  if (Array.isArray(items)) return items;
  throw fail('shape', { page: list, field: list, problem: 'not a list' });
}

export function orgOf(item: unknown): RosterOrg | null {
  const { data: org } = oneRosterOrg.safeParse(item);
  if (!org) return null;
  const parentSourcedId = org.parent?.sourcedId ?? '';
  return {
    sourcedId: org.sourcedId,
    status: org.status ?? '',
    type: org.type,
    identifier: org.identifier ?? '',
    parentSourcedId,
  };
}

export function demographicsOf(item: unknown): (Demographics & { sourcedId: string }) | null {
  const { data } = oneRosterDemographics.safeParse(item);
  return data ? { sourcedId: data.sourcedId, birthDate: data.birthDate ?? '', sex: data.sex ?? '' } : null;
}

/** A person as far as it can be read, with what is wrong about its shape: who is of the wrong shape is still somebody (I12). */
export function userOf(item: unknown): { user: RosterUser; issues: Issue[]; drift: RowDrift[] } {
  const given = objectOf(item);
  const at = (name: string): string => textOf(given[name]);
  const fields = new Map<string, string>();
  for (const [name, value] of Object.entries(given)) fields.set(columnKey(name), textOf(value));
  for (const [name, value] of Object.entries(objectOf(given.metadata)))
    fields.set(columnKey(`metadata.${name}`), textOf(value));
  const nameOf = (field: string): string => `users.${fieldName(field)}`;
  const { issues, drift } = judge(oneRosterUser.safeParse(item).error?.issues ?? [], given, columnOf, nameOf);
  for (const field of Object.keys(given))
    if (!USER_FIELDS.has(field)) drift.push({ kind: 'unknown-column', field: nameOf(field), column: null });
  const user = {
    sourcedId: at('sourcedId'),
    status: at('status'),
    givenName: at('givenName'),
    familyName: at('familyName'),
    email: at('email'),
    phone: at('sms') || at('phone'),
    userIds: listOf(given.userIds).map((id) => ({ type: textOf(id.type), identifier: textOf(id.identifier) })),
    memberships: membershipsOf(given),
    field: (name: string): string => fields.get(columnKey(name)) ?? '',
  };
  return { user, issues, drift };
}

/** 1.2 has `roles`; 1.1 one `role` and `orgs`, of which the first is the primary one (a reading). */
function membershipsOf(given: Record<string, unknown>): Membership[] {
  const modified = textOf(given.dateLastModified);
  if (Array.isArray(given.roles)) {
    return listOf(given.roles).map((role) => ({
      role: textOf(role.role),
      orgSourcedId: textOf(objectOf(role.org).sourcedId),
      status: '',
      primary: textOf(role.roleType).toLowerCase() !== 'secondary',
      beginDate: textOf(role.beginDate),
      endDate: textOf(role.endDate),
      modified,
    }));
  }
  return listOf(given.orgs).map((org, i) => ({
    role: textOf(given.role),
    orgSourcedId: textOf(org.sourcedId),
    status: '',
    primary: i === 0,
    beginDate: '',
    endDate: '',
    modified,
  }));
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});
const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(objectOf) : []);
