/**
 * The canonical columns that a connector may hand over, per kind of record. Values are text exactly as received; making sense of
 * them is the normaliser's work (`pipelines/normalise/`). A connector maps each field of its source to one of these, ignores it by name, or raises.
 */
import type { RowDrift } from './drift.ts';
import type { Issue, Origin, RecordKind } from './records.ts';

export const INSTITUTION_COLUMNS = [
  'code',
  'section',
  'name',
  'ownership',
  'legalClass',
  'quasiPublic',
  /** Tells a connector which rows are of the city; it goes no further. */
  'county',
  'district',
  'address',
  'phone',
  'principal',
  'parentSchoolCode',
  'status',
  'review',
  'registeredAt',
] as const;

export const STAFF_COLUMNS = [
  'staffId',
  'institutionCode',
  'section',
  'nationalId',
  'idDigest',
  'name',
  'sex',
  'birthDate',
  'title',
  'titleKind',
  'subjects',
  'primary',
  'change',
  'changeDate',
  'startOn',
  'endOn',
  'endReason',
  /** 在職狀況: whether the person is still there, or how they left. */
  'serviceState',
  'registeredAt',
  'email',
  'phone',
  'certificateNo',
  'review',
  'reviewing',
  'correction',
] as const;

export const ACCOUNT_COLUMNS = [
  'institutionCode',
  'section',
  'accountName',
  'accountKind',
  'nationalId',
  'idDigest',
  'holderName',
  'state',
  'enabledOn',
  'lastLoginAt',
  /** R20: who applied for the account, and who enabled it. */
  'appliedBy',
  'enabledBy',
  'registeredAt',
  'correction',
] as const;

export const COURSE_COLUMNS = [
  'institutionCode',
  'section',
  'courseCode',
  'courseName',
  'accountName',
  'state',
  'endsOn',
  'registeredAt',
  'correction',
] as const;

export type InstitutionColumn = (typeof INSTITUTION_COLUMNS)[number];
export type StaffColumn = (typeof STAFF_COLUMNS)[number];
export type AccountColumn = (typeof ACCOUNT_COLUMNS)[number];
export type CourseColumn = (typeof COURSE_COLUMNS)[number];
export type Column = InstitutionColumn | StaffColumn | AccountColumn | CourseColumn;

/** Columns whose value is never shown in full in an issue, a log or a page of the quarantine. */
export const PERSONAL_COLUMNS: ReadonlySet<string> = new Set<Column>([
  'nationalId',
  'idDigest',
  'name',
  'holderName',
  'appliedBy',
  'enabledBy',
  'birthDate',
  'email',
  'phone',
  'principal',
  'certificateNo',
  'staffId',
]);

/**
 * One row as its source gave it: absent columns are missing, empty cells are ''. `issues` is not empty where the row itself is broken
 * (too many cells, an unclosed quote): such a row is quarantined without a look at its values.
 */
export interface RawRow {
  kind: RecordKind;
  values: Partial<Record<Column, string>>;
  origin: Origin;
  issues?: Issue[];
  /** Where the row is not as its source's contract has it: the contract's modes decide what comes of it. */
  drift?: RowDrift[];
}
