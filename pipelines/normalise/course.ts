import type { RawRow } from '../../schemas/columns.ts';
import type { CourseRecord } from '../../schemas/records.ts';
import { readAccountName } from './account-name.ts';
import { cleanCell, codeText, nfkc, saysNothing } from './clean-text.ts';
import { codedText } from './coded-values.ts';
import type { NormaliseContext } from './context.ts';
import { bareCode, looksLikeId } from './national-id.ts';
import { type DayReader, readDay } from './read-day.ts';
import { readRegistration } from './read-registration.ts';
import { readUnit } from './read-unit.ts';
import { accountKey, courseKey } from './record-key.ts';
import type { RowIssues } from './row-issues.ts';
import { textOrNull } from './staff.ts';

const LONGEST_COURSE_CODE = 60;
const DECIMAL_TAIL = /^\d+\.0+$/;

/**
 * Reads one course (研習課程). States are configuration: another is kept with a warning, so that a course never vanishes from what holds its account
 * back (R21). A row without code, account or state says nothing and is rejected.
 */
export function makeCourseReader(
  context: NormaliseContext,
  days: DayReader,
): (values: RawRow['values'], issues: RowIssues) => CourseRecord {
  const states = new Map((context.courseStates ?? []).map((state) => [codedText(state), state]));

  const readState = (raw: string | undefined, issues: RowIssues): string => {
    const text = cleanCell(raw, 'state', issues);
    if (saysNothing(text)) {
      issues.reject('course-state-missing', 'state', null);
      return '';
    }
    const known = states.get(codedText(text));
    if (known === undefined) issues.warn('course-state-unknown', 'state', text);
    return known ?? text;
  };

  return (values, issues) => {
    const unit = readUnit(values, context, issues);
    const courseCode = readCourseCode(values.courseCode, issues);
    const account = readAccountName(values.accountName, issues);
    return {
      kind: 'course',
      key: unit.code === '' || courseCode === '' ? '' : courseKey(unit.code, courseCode),
      institutionCode: unit.code,
      institutionSection: unit.section,
      courseCode,
      courseName: textOrNull(values.courseName, 'courseName', issues),
      accountKey: account === null ? '' : accountKey(unit.code, account.forKey),
      accountName: account?.shown ?? '',
      state: readState(values.state, issues),
      endsOn: readDay(values.endsOn, 'endsOn', days, issues),
      ...readRegistration(values.registeredAt, context, issues),
    };
  };
}

/** As written, in half width; '' where there is none or where it cannot be one: an identifier there is a shifted cell, and no key may hold it (I8). */
function readCourseCode(raw: string | undefined, issues: RowIssues): string {
  const text = nfkc(cleanCell(raw, 'courseCode', issues));
  const code = DECIMAL_TAIL.test(text) ? codeText(text) : text;
  if (!saysNothing(code) && code.length <= LONGEST_COURSE_CODE && !looksLikeId(bareCode(code))) return code;
  issues.reject('course-code-unreadable', 'courseCode', saysNothing(code) ? null : code);
  return '';
}
