/**
 * Landing's reading of values: one raw row in, one trusted record or one rejection out. Pure: same row and context, same answer, no
 * clock; never throws on any text. Invariants: no issue holds a full personal value (I8), and a rejected row has its key when one can be
 * made, so that the last good version stays in force (I12).
 */
import type { RawRow } from '../../schemas/columns.ts';
import type { Issue, NormalisedRow, PersonLikeness, SourceRecord } from '../../schemas/records.ts';
import { makeAccountReader } from './account.ts';
import type { NormaliseContext } from './context.ts';
import { makeCourseReader } from './course.ts';
import { makeInstitutionReader } from './institution.ts';
import { makeDayReader } from './read-day.ts';
import { parseMoment } from './read-moment.ts';
import { RowIssues } from './row-issues.ts';
import { makeStaffReader } from './staff.ts';
import { keepIdentifiersOut } from './stray-identifiers.ts';

export type { NormaliseContext, NormalisePath } from './context.ts';

/** @throws RangeError when `asOf` or `registeredFallback` is not a moment: a programming error, not the data's. */
export function makeNormaliser(given: NormaliseContext): (row: RawRow) => NormalisedRow {
  const context: NormaliseContext = {
    ...given,
    asOf: momentOf('asOf', given.asOf),
    registeredFallback: momentOf('registeredFallback', given.registeredFallback),
  };
  const days = makeDayReader(context.asOf);
  const readers: Record<RawRow['kind'], (values: RawRow['values'], issues: RowIssues) => SourceRecord> = {
    staff: makeStaffReader(context, days),
    institution: makeInstitutionReader(context),
    account: makeAccountReader(context, days),
    course: makeCourseReader(context, days),
  };
  return (row) => {
    const { kind, origin } = row;
    if (row.issues !== undefined && row.issues.length > 0) {
      const issues = new RowIssues(kind);
      const record = readers[kind](row.values, issues);
      const believed = isBelieved(row, row.issues, record, issues);
      return {
        outcome: 'rejected',
        kind,
        key: believed ? record.key || null : null,
        person: believed ? likenessOf(record) : null,
        issues: row.issues,
        origin,
      };
    }
    const issues = new RowIssues(kind);
    const record = readers[kind](row.values, issues);
    keepIdentifiersOut(record, issues);
    if (issues.errors.length === 0) return { outcome: 'record', record, origin, warnings: issues.warnings };
    return {
      outcome: 'rejected',
      kind,
      key: record.key || null,
      person: likenessOf(record),
      issues: [...issues.errors, ...issues.warnings],
      origin,
    };
  };
}

/** Found in one cell, which stays where it is. */
const IN_PLACE: ReadonlySet<string> = new Set([
  'raw-cell-error',
  'raw-cell-too-long',
  'raw-character-broken',
  'raw-formula-without-value',
]);

/**
 * Whether the key of a row with a fault of its file names its record. Cells may have shifted: then only a source that names its records by itself is
 * believed. Where they cannot have, a person's whole identifier is; another record where nothing but the contract is against it, since the faulty
 * cell could be the one that names it.
 */
function isBelieved(row: RawRow, faults: readonly Issue[], record: SourceRecord, read: RowIssues): boolean {
  if (row.values.staffId ?? (row.kind === 'institution' ? row.values.code : undefined)) return true;
  const drifted = faults.every(({ code }) => code.startsWith('drift-'));
  if (record.kind !== 'staff') return drifted && read.errors.length === 0;
  return (
    (record.identifier?.strong ?? false) && faults.every(({ code }) => code.startsWith('drift-') || IN_PLACE.has(code))
  );
}

const likenessOf = (record: SourceRecord): PersonLikeness | null =>
  record.kind === 'staff' && record.nameKey !== '' && record.birthDate !== null
    ? {
        nameKey: record.nameKey,
        birthDate: record.birthDate,
        institutionCode: record.institutionCode,
        section: record.institutionSection,
        strong: record.identifier?.strong ?? false,
      }
    : null;

function momentOf(field: string, text: string): string {
  const moment = parseMoment(text);
  if (moment === null) throw new RangeError(`${field} is "${text}"; give an ISO moment with an offset`);
  return moment;
}
