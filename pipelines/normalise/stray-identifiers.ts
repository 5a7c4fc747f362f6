/**
 * An identifier in a column that is not for one: cells that shifted, a title with the number behind it, an e-mail address made of it. Stored as it came it
 * would stand and be shown in clear (I8). A name with one tells that the row shifted, so the row is rejected; elsewhere the number is masked, or the
 * value dropped where a masked one is of no use, and the school is told.
 */
import type { AccountRecord, SourceRecord, StaffRecord } from '../../schemas/records.ts';
import { IDENTIFIER_IN_TEXT } from '../../schemas/sensitive-text.ts';
import { nfkc } from './clean-text.ts';
import { maskText } from './mask-value.ts';
import type { RowIssues } from './row-issues.ts';

const IDENTIFIER = new RegExp(IDENTIFIER_IN_TEXT.source, 'g');

const holds = (text: string | null): text is string => text !== null && IDENTIFIER_IN_TEXT.test(nfkc(text));
const masked = (text: string): string => nfkc(text).replace(IDENTIFIER, maskText);

/** Masks, drops or rejects in place. */
export function keepIdentifiersOut(record: SourceRecord, issues: RowIssues): void {
  if (record.kind === 'staff') ofStaff(record, issues);
  else if (record.kind === 'account') ofAccount(record, issues);
}

function ofStaff(record: StaffRecord, issues: RowIssues): void {
  if (holds(record.name)) issues.reject('id-in-other-column', 'name', record.name);
  if (holds(record.title)) record.title = told(record.title, 'title', issues);
  if (record.subjects.some(holds))
    record.subjects = record.subjects.map((s) => (holds(s) ? told(s, 'subjects', issues) : s));
  if (holds(record.certificateNo)) record.certificateNo = told(record.certificateNo, 'certificateNo', issues);
  for (const column of ['email', 'phone'] as const) {
    const value = record[column];
    if (!holds(value)) continue;
    told(value, column, issues);
    record[column] = null;
  }
}

function ofAccount(record: AccountRecord, issues: RowIssues): void {
  if (holds(record.holderName)) issues.reject('id-in-other-column', 'holderName', record.holderName);
  for (const column of ['appliedBy', 'enabledBy'] as const) {
    const value = record[column];
    if (!holds(value)) continue;
    told(value, column, issues);
    record[column] = null;
  }
  if (holds(record.accountKind)) record.accountKind = told(record.accountKind, 'accountKind', issues);
}

function told(text: string, column: string, issues: RowIssues): string {
  const shown = masked(text);
  issues.warn('id-in-other-column', column, shown);
  return shown;
}
