/**
 * Roles of OneRoster 1.1 and 1.2. Only those of a school's staff become rows. The titles are a reading: OneRoster knows roles, not 職稱; a
 * configured field that holds the title wins.
 */
const STAFF: ReadonlyMap<string, string> = new Map([
  ['teacher', '教師'],
  ['principal', '校長'],
  ['siteadministrator', '行政人員'],
  ['administrator', '行政人員'],
  ['counselor', '輔導教師'],
  ['aide', '助理人員'],
  ['proctor', '職員'],
]);
/** In the order of STAFF: who is teacher and aide at one school is a teacher. The principal comes first. */
const RANK = ['principal', ...[...STAFF.keys()].filter((role) => role !== 'principal')];

/** Not of a school, or not staff: left out and counted. */
const OTHERS: ReadonlySet<string> = new Set([
  'student',
  'parent',
  'guardian',
  'relative',
  'districtadministrator',
  'systemadministrator',
]);

export type RoleKind = 'staff' | 'other' | 'unknown';

export const roleKey = (role: string): string => role.trim().toLowerCase();
export const kindOfRole = (role: string): RoleKind =>
  STAFF.has(roleKey(role)) ? 'staff' : OTHERS.has(roleKey(role)) ? 'other' : 'unknown';
export const titleOfRole = (role: string): string => STAFF.get(roleKey(role)) ?? '';
/** The smaller, the more it says of what somebody is. */
export const rankOfRole = (role: string): number => RANK.indexOf(roleKey(role));
