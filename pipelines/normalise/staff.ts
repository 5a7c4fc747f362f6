import type { RawRow } from '../../schemas/columns.ts';
import type { StaffRecord } from '../../schemas/records.ts';
import { cleanCell, cleanWords, nfkc, saysNothing } from './clean-text.ts';
import { REVIEW, readCoded, SEX, YES_NO } from './coded-values.ts';
import type { NormaliseContext } from './context.ts';
import { nameKey, readPersonName } from './person-name.ts';
import { isPrintLine } from './print-line.ts';
import { readSpell } from './read-change.ts';
import { readEmail, readPhone } from './read-contact.ts';
import { type DayReader, readDay } from './read-day.ts';
import { readIdentifier, UNUSABLE } from './read-identifier.ts';
import { readRegistration } from './read-registration.ts';
import { makeSubjectsReader } from './read-subjects.ts';
import { makeTitleKindReader, makeTitleReader } from './read-title.ts';
import { readUnit, type Unit } from './read-unit.ts';
import { staffKeyOfDigest, staffKeyOfName, staffKeyOfSource } from './record-key.ts';
import type { RowIssues } from './row-issues.ts';

const LONGEST_STAFF_ID = 100;

/** Reads one row of people. The key is '' when none can be made; the record stands only if `issues` holds no error. */
export function makeStaffReader(
  context: NormaliseContext,
  days: DayReader,
): (values: RawRow['values'], issues: RowIssues) => StaffRecord {
  const inKindergarten = context.path === 'kindergarten';
  const readTitle = makeTitleReader(inKindergarten);
  const readTitleKind = makeTitleKindReader();
  const readSubjects = makeSubjectsReader();

  function titleCode(title: string, kindRaw: string | undefined, issues: RowIssues): number | null {
    const kindText = cleanCell(kindRaw, 'titleKind', issues);
    const kind = saysNothing(kindText) ? null : readTitleKind(kindText);
    if (kind === null && !saysNothing(kindText)) issues.warn('title-kind-unreadable', 'titleKind', kindText);
    if (title === '') return kind;
    const reading = readTitle(title);
    if (reading.kindergartenOnly) issues.warn('kindergarten-title-in-school-file', 'title', title);
    if (kind !== null) return kind;
    if (!reading.known) issues.warn('title-unknown', 'title', title);
    return reading.code;
  }

  return (values, issues) => {
    const unit = readUnit(values, context, issues);
    if (unit.section === '幼兒園' && context.path === 'school') {
      issues.reject('kindergarten-row-in-school-file', 'section', unit.section);
    }
    const staffId = readStaffId(values.staffId, issues);
    const identifier = readIdentifier(values.nationalId, values.idDigest, issues);
    const name = readPersonName(values.name, 'name', issues, 'reject');
    if (name === '' && !issues.errors.some((issue) => issue.column === 'name'))
      issues.reject('name-missing', 'name', null);
    const nameKeyText = nameKey(name);
    const birthDate = readDay(values.birthDate, 'birthDate', days, issues);
    if (identifier === null && staffId === '') issues.warn('id-missing', 'nationalId', null);
    const titleText = cleanWords(values.title, 'title', issues);
    const title = saysNothing(titleText) ? '' : titleText;
    const unnamed = staffId === '' && birthDate === null && hasNoIdentifier(identifier, values.nationalId);
    const printed = unnamed && name !== '' && isPrintLine(name, title);
    if (printed) issues.reject('row-not-a-person', 'name', name);
    const spell = readSpell(values, days, issues, inKindergarten ? 'kindergarten' : 'school');
    const registration = readRegistration(values.registeredAt, context, issues);
    return {
      kind: 'staff',
      // A line of the form is nobody whom a list might lack.
      key: staffKey(staffId, unit, printed ? null : identifier, nameKeyText, birthDate),
      institutionCode: unit.code,
      institutionSection: inKindergarten ? '幼兒園' : unit.section,
      identifier: identifier === UNUSABLE ? null : identifier,
      name,
      nameKey: nameKeyText,
      sex: doubted(readCoded(values.sex, 'sex', SEX, issues), null, 'sex-unreadable', 'sex', values.sex, issues),
      birthDate,
      title: title === '' ? null : title,
      titleCode: titleCode(title, values.titleKind, issues),
      subjects: readSubjects(cleanWords(values.subjects, 'subjects', issues)),
      primary: doubted(
        readCoded(values.primary, 'primary', YES_NO, issues),
        true,
        'primary-unreadable',
        'primary',
        values.primary,
        issues,
      ),
      startOn: spell.startOn,
      endOn: spell.endOn,
      endReason: spell.endReason,
      onLeave: spell.onLeave,
      leaveChangedOn: spell.leaveChangedOn,
      email: readEmail(values.email, issues),
      phone: readPhone(values.phone, issues),
      certificateNo: textOrNull(values.certificateNo, 'certificateNo', issues),
      review: readReview(values.review, issues),
      reviewing: textOrNull(values.reviewing, 'reviewing', issues),
      ...registration,
    };
  };
}

/** A masked or mistyped identifier is one: whose row it is cannot be told, but it is somebody's. */
const hasNoIdentifier = (identifier: ReturnType<typeof readIdentifier>, raw = ''): boolean =>
  identifier === null || (identifier === UNUSABLE && !/[A-Z*○]|\d{5}/iu.test(nfkc(raw)));

function readStaffId(raw: string | undefined, issues: RowIssues): string {
  if (raw === undefined || raw === '') return '';
  const text = nfkc(cleanCell(raw, 'staffId', issues));
  if (saysNothing(text)) return '';
  if (text.length <= LONGEST_STAFF_ID) return text;
  issues.reject('staff-id-unreadable', 'staffId', text, { longest: LONGEST_STAFF_ID });
  return '';
}

/** Source's own id; else digest; else name and birth date. None from an unusable id: it would be another key than the last good version's. */
function staffKey(
  staffId: string,
  unit: Unit,
  identifier: ReturnType<typeof readIdentifier>,
  nameKeyText: string,
  birthDate: string | null,
): string {
  if (staffId !== '') return staffKeyOfSource(staffId);
  if (unit.code === '' || identifier === UNUSABLE) return '';
  if (identifier !== null) return staffKeyOfDigest(unit.code, unit.section, identifier.digest);
  return nameKeyText === '' ? '' : staffKeyOfName(unit.code, unit.section, nameKeyText, birthDate);
}

/** A coded value that no spelling matches is doubted and replaced; one that is absent is replaced silently. */
function doubted<T, D>(
  value: T | null | undefined,
  instead: D,
  code: 'sex-unreadable' | 'primary-unreadable',
  column: string,
  raw: string | undefined,
  issues: RowIssues,
): T | D {
  if (value !== null && value !== undefined) return value;
  if (value === null) issues.warn(code, column, raw ?? '');
  return instead;
}

/** 核定 unless the source says otherwise; what cannot be read is not taken for approved (R13). */
export function readReview(raw: string | undefined, issues: RowIssues): StaffRecord['review'] {
  const review = readCoded(raw, 'review', REVIEW, issues);
  if (review === null) issues.reject('review-unknown', 'review', raw ?? '');
  return review ?? '核定';
}

export function textOrNull(raw: string | undefined, column: string, issues: RowIssues): string | null {
  if (raw === undefined || raw === '') return null;
  const text = cleanWords(raw, column, issues);
  return saysNothing(text) ? null : text;
}
