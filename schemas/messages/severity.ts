/** What an issue did to its row: nothing of the row was taken, one value was not, or all was taken with a doubt. */
import type { RecordKind } from '../records.ts';

export const SEVERITIES = ['row', 'value', 'doubt'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The value could not be used and was left out; the row was taken. */
const VALUE_DROPPED: ReadonlySet<string> = new Set([
  'id-unreadable',
  'digest-unreadable',
  'section-unknown',
  'date-unreadable',
  'date-out-of-range',
  'moment-unreadable',
  'signed-in-in-future',
  'sex-unreadable',
  'email-invalid',
  'phone-unreadable',
  'title-kind-unreadable',
  'words-boolean',
  'service-state-unreadable',
  'service-state-without-date',
  'service-state-contradicts',
  'legal-class-unknown',
  'district-unknown',
  'parent-code-unreadable',
]);

/** The value was repaired or kept as it is, or something else stands in for it. */
const DOUBTS: ReadonlySet<string> = new Set([
  'text-hidden-removed',
  'id-checksum',
  'id-missing',
  'name-glyph-lost',
  'name-entity-decoded',
  'code-zero-restored',
  'kindergarten-title-in-school-file',
  'moment-without-time',
  'registered-in-future',
  'title-unknown',
  'phone-zero-restored',
  'primary-unreadable',
  'change-date-without-change',
  'end-reason-missing',
  'leave-reason-missing',
  'end-reason-from-state',
  'account-name-is-identifier',
  'institution-name-damaged',
  'ownership-inferred',
  'quasi-public-unreadable',
  'name-with-remark',
  'course-state-unknown',
]);

/** Names that a row can do without: the people of an account, the principal of an institution. */
const OPTIONAL_NAMES: ReadonlySet<string> = new Set(['holderName', 'appliedBy', 'enabledBy', 'principal']);

/** An identifier in another column: in a name it tells that the row shifted, an address is of no use without it; elsewhere it is masked. */
const STRAY: Readonly<Record<string, Severity>> = {
  name: 'row',
  holderName: 'row',
  email: 'value',
  phone: 'value',
  appliedBy: 'value',
  enabledBy: 'value',
};

export function severityOf(issue: { code: string; column: string | null }): Severity {
  // The row was broken before anybody looked at its values.
  if (issue.code.startsWith('raw-')) return 'row';
  if (issue.code === 'id-in-other-column') return STRAY[issue.column ?? ''] ?? 'doubt';
  if (VALUE_DROPPED.has(issue.code)) return 'value';
  if (DOUBTS.has(issue.code)) return 'doubt';
  return issue.column !== null && OPTIONAL_NAMES.has(issue.column) ? 'value' : 'row';
}

/** Rows that do not belong in the file at all: deleting them is the correction. */
export const CORRECTED_BY_DELETION: ReadonlySet<string> = new Set([
  'row-of-another-school',
  'kindergarten-row-in-school-file',
  'row-not-a-person',
]);

/**
 * Columns whose last good value stays while the source gives one that cannot be read, and where each stands in its picture. Identifiers are
 * not among them (they make the key), nor what decides a spell's end.
 */
export const KEPT_COLUMNS: Readonly<Record<RecordKind, Readonly<Record<string, string>>>> = {
  staff: { sex: 'sex', birthDate: 'birth_date', startOn: 'start_on', email: 'email', phone: 'phone' },
  account: {
    enabledOn: 'enabled_on',
    lastLoginAt: 'last_login_at',
    holderName: 'holder_name',
    appliedBy: 'applied_by',
    enabledBy: 'enabled_by',
  },
  course: { endsOn: 'ends_on' },
  institution: {
    legalClass: 'legal_class',
    district: 'district',
    parentSchoolCode: 'parent_school_code',
    principal: 'principal',
  },
};
