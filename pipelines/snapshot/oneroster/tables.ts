/**
 * Tables of a OneRoster 1.2 CSV bundle (1EdTech, CSV Binding 1.2.1) as far as a roster of staff has them: every column of the standard, in its order; columns of ours
 * behind it, named as the standard asks. All files are bulk, so status and dateLastModified stay empty.
 */
import { csvLine } from '../csv.ts';

export const ORGS = [
  'sourcedId',
  'status',
  'dateLastModified',
  'name',
  'type',
  'identifier',
  'parentSourcedId',
] as const;
export const ROLES = [
  'sourcedId',
  'status',
  'dateLastModified',
  'userSourcedId',
  'roleType',
  'role',
  'beginDate',
  'endDate',
  'orgSourcedId',
  'userProfileSourcedId',
] as const;
export const USERS = [
  'sourcedId',
  'status',
  'dateLastModified',
  'enabledUser',
  'username',
  'userIds',
  'givenName',
  'familyName',
  'middleName',
  'identifier',
  'email',
  'sms',
  'phone',
  'agentSourcedIds',
  'grades',
  'password',
  'userMasterIdentifier',
  'preferredGivenName',
  'preferredMiddleName',
  'preferredFamilyName',
  'primaryOrgSourcedId',
  'pronouns',
  'metadata.mingce.legalName',
  'metadata.mingce.jobTitle',
  'metadata.mingce.titleKind',
  'metadata.mingce.subjects',
] as const;

/** In this order in the archive. */
const FILES =
  'academicSessions,categories,classes,classResources,courses,courseResources,demographics,enrollments,lineItemLearningObjectiveIds,lineItems,lineItemScoreScales,orgs,resources,resultLearningObjectiveIds,results,resultScoreScales,roles,scoreScales,userProfiles,userResources,users'.split(
    ',',
  );
const PRESENT: ReadonlySet<string> = new Set(['orgs', 'roles', 'users']);

/** Names every file of the standard, there or not. */
export const manifestText = (): string =>
  [
    ['propertyName', 'value'],
    ['manifest.version', '1.0'],
    ['oneroster.version', '1.2'],
    ...FILES.map((file) => [`file.${file}`, PRESENT.has(file) ? 'bulk' : 'absent']),
    ['source.systemName', 'Mingce'],
    ['source.systemCode', 'mingce'],
  ]
    .map((cells) => csvLine(cells))
    .join('');

/** A line of a table; cells that are not given are empty. */
export const recordLine = <Name extends string>(
  columns: readonly Name[],
  cells: Readonly<Partial<Record<Name, string | number | null>>>,
): string => csvLine(columns.map((column) => cells[column] ?? null));
