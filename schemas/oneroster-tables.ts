/** Tables and columns of OneRoster CSV bundles, as far as they are read; every cell is text. */
import { z } from 'zod';

export const ONEROSTER_VERSIONS = ['1.1', '1.2'] as const;
export type OneRosterVersion = (typeof ONEROSTER_VERSIONS)[number];
export const ONEROSTER_TABLES = ['orgs', 'users', 'roles', 'demographics'] as const;
export type OneRosterTable = (typeof ONEROSTER_TABLES)[number];

const EVERYWHERE = ['status', 'dateLastModified'];
const USER = [
  'userIds',
  'identifier',
  'email',
  'sms',
  'phone',
  'enabledUser',
  'username',
  'middleName',
  'agentSourcedIds',
  'grades',
];

export function oneRosterColumns(
  table: OneRosterTable,
  version: OneRosterVersion,
): { needed: readonly string[]; known: readonly string[] } {
  if (table === 'orgs')
    return { needed: ['sourcedId', 'type', 'identifier'], known: [...EVERYWHERE, 'parentSourcedId', 'name'] };
  if (table === 'roles')
    return {
      needed: ['userSourcedId', 'role', 'orgSourcedId'],
      known: [...EVERYWHERE, 'sourcedId', 'roleType', 'beginDate', 'endDate'],
    };
  if (table === 'demographics') return { needed: ['sourcedId'], known: [...EVERYWHERE, 'birthDate', 'sex'] };
  const names = ['sourcedId', 'givenName', 'familyName'];
  return version === '1.1'
    ? { needed: [...names, 'role', 'orgSourcedIds'], known: [...EVERYWHERE, ...USER] }
    : { needed: names, known: [...EVERYWHERE, ...USER, 'primaryOrgSourcedId'] };
}

/** Rows of each table, as a contract has them. */
export function oneRosterBundle(version: OneRosterVersion): z.ZodType {
  const rowsOf = (table: OneRosterTable) => {
    const { needed, known } = oneRosterColumns(table, version);
    const shape = [
      ...needed.map((column) => [column, z.string()] as const),
      ...known.map((column) => [column, z.string().optional()] as const),
    ];
    return z.array(z.looseObject(Object.fromEntries(shape)));
  };
  const common = { orgs: rowsOf('orgs'), users: rowsOf('users'), demographics: rowsOf('demographics').optional() };
  return z.looseObject(version === '1.1' ? common : { ...common, roles: rowsOf('roles') });
}
