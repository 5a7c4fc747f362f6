import { expect, test } from 'vitest';
import { sha256 } from '../../../pipelines/normalise/read-identifier.ts';
import { record, rejection, SCHOOL } from './support.ts';

const STATES = { ...SCHOOL, courseStates: ['報名中', '名單確認通過'] };
const ROW = {
  institutionCode: '064601',
  courseCode: 'TC-1130801',
  courseName: '雙語教學研習',
  accountName: 'TC064601a',
  state: '名單確認通過',
  endsOn: '113/08/20',
};

test('a course is keyed by school and code, and joins the account that registered it', () => {
  const { record: course, warnings } = record(ROW, 'course', STATES);
  expect(course).toEqual({
    kind: 'course',
    key: '064601:tc-1130801',
    institutionCode: '064601',
    institutionSection: null,
    courseCode: 'TC-1130801',
    courseName: '雙語教學研習',
    accountKey: '064601:tc064601a',
    accountName: 'TC064601a',
    state: '名單確認通過',
    endsOn: '2024-08-20',
    registeredAt: '2024-08-02T15:30:00.000000+08:00',
    registeredBy: 'arrival',
  });
  expect(warnings).toEqual([]);
  const account = record({ ...ROW, accountKind: '研習承辦人', state: '啟用' }, 'account');
  expect(course.accountKey).toBe(account.record.key);
});

test('a state that the configuration lacks is kept as received, with a warning; a known one comes in the configured spelling', () => {
  expect(record({ ...ROW, state: '名單 確認通過 ' }, 'course', STATES)).toMatchObject({
    record: { state: '名單確認通過' },
    warnings: [],
  });
  const unknown = record({ ...ROW, state: '名單確認退回' }, 'course', STATES);
  expect(unknown).toMatchObject({ record: { state: '名單確認退回' }, warnings: ['course-state-unknown'] });
});

test('an account named by an identifier is masked, and its key is made of the digest', () => {
  const { record: course } = record({ ...ROW, accountName: 'a123456789' }, 'course', STATES);
  expect(course).toMatchObject({ accountName: 'a****89', accountKey: `064601:${sha256('A123456789')}` });
});

test('without code, account or state a row is rejected, and so is one of another school', () => {
  expect(rejection({ ...ROW, courseCode: '' }, 'course', STATES)).toMatchObject({
    codes: ['course-code-unreadable'],
    key: null,
  });
  expect(rejection({ ...ROW, courseCode: 'x'.repeat(61) }, 'course', STATES).codes).toEqual(['course-code-unreadable']);
  expect(rejection({ ...ROW, accountName: '' }, 'course', STATES)).toMatchObject({
    codes: ['account-name-missing'],
    key: '064601:tc-1130801',
  });
  expect(rejection({ ...ROW, state: '-' }, 'course', STATES).codes).toEqual(['course-state-missing']);
  expect(rejection({ ...ROW, institutionCode: '064602' }, 'course', STATES).codes).toEqual(['row-of-another-school']);
});

test('an identifier that slipped into the code is in no key and no issue', () => {
  const { key, issues } = rejection({ ...ROW, courseCode: 'A123456789' }, 'course', STATES);
  expect(key).toBeNull();
  expect(JSON.stringify(issues)).not.toContain('A123456789');
});

test('a number that a spreadsheet made of the code is the code again', () => {
  expect(record({ ...ROW, courseCode: '5567461.0' }, 'course', STATES).record.key).toBe('064601:5567461');
});
