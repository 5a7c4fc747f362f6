/**
 * Landing's reading of values: one raw row in, one trusted record or one rejection out. Pure: same row and context, same answer, no
 * clock; never throws on any text. Invariants: no issue holds a full personal value (I8), and a rejected row has its key when one can be
 * made, so that the last good version stays in force (I12).
 */
import type { RawRow } from '../../schemas/columns.ts';
import type { NormalisedRow, SourceRecord } from '../../schemas/records.ts';
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
      // Cells of a broken file row may have shifted; only a source that names its records by itself can still be believed.
      const named = row.values.staffId ?? (kind === 'institution' ? row.values.code : undefined);
      const key = named ? readers[kind](row.values, new RowIssues(kind)).key || null : null;
      return { outcome: 'rejected', kind, key, issues: row.issues, origin };
    }
    const issues = new RowIssues(kind);
    const record = readers[kind](row.values, issues);
    keepIdentifiersOut(record, issues);
    if (issues.errors.length === 0) return { outcome: 'record', record, origin, warnings: issues.warnings };
    return {
      outcome: 'rejected',
      kind,
      key: record.key || null,
      issues: [...issues.errors, ...issues.warnings],
      origin,
    };
  };
}

function momentOf(field: string, text: string): string {
  const moment = parseMoment(text);
  if (moment === null) throw new RangeError(`${field} is "${text}"; give an ISO moment with an offset`);
  return moment;
}
