import { expect, test } from 'vitest';
import { reconcilePerson } from '../../../pipelines/reconcile/person.ts';
import type { StaffRow } from '../../../schemas/plan.ts';
import { HERE, spellOf, staffRow, THERE } from './support.ts';

/** The same person's post at the other school, as 兼任 since 2023-08-01. */
const SECONDARY = staffRow({ source: 'roster/064602', key: '064602::one', institution_key: THERE, is_primary: false });
const known = (row: StaffRow, spell: Parameters<typeof spellOf>[1] = {}): StaffRow => ({
  ...row,
  spell: spellOf(row, spell),
});
const asked = (...rows: StaffRow[]): string[] =>
  reconcilePerson(rows)
    .findings.filter((finding) => finding.code === 'no-primary-unit')
    .map((finding) => `${finding.institutionKey} ${finding.params.since}`);

const RETIRED = known(staffRow({ end_on: '2024-08-01', end_reason: '退休' }));

test('R08: whoever leaves the primary unit and stays elsewhere as 兼任 is asked about there, and is not given another primary unit', () => {
  const { changes, findings } = reconcilePerson([RETIRED, known(SECONDARY)]);
  expect(findings).toEqual([
    {
      code: 'no-primary-unit',
      institutionKey: THERE,
      subject: 'roster/064602 064602::one',
      personRef: 'p1',
      params: { since: '2024-08-01' },
    },
  ]);
  expect(changes.filter((c) => c.entity === 'assignment').map((c) => [c.action, c.reason])).toEqual([['end', '退休']]);
});

test('it goes on being asked while nothing changes, at every unit that remains, from the last day of a primary unit', () => {
  const gone = known(staffRow({ end_on: '2024-08-01', end_reason: '退休' }), {
    valid_to: '2024-08-01',
    end_reason: '退休',
    rule: 'R09',
  });
  const third = {
    ...known(SECONDARY),
    source: 'roster/064603',
    key: '064603::one',
    institution_key: 'schools:064603:國小',
  };
  expect(asked(gone, known(SECONDARY), third)).toEqual([`${THERE} 2024-08-01`, 'schools:064603:國小 2024-08-01']);
  const lost = known(staffRow({ source: 'roster/064604', key: 'x', institution_key: 'schools:064604:國小' }), {
    valid_to: '2024-06-01',
    end_reason: '轉校',
    rule: 'R08',
  });
  expect(asked(gone, lost, known(SECONDARY))).toEqual([`${THERE} 2024-08-01`]);
});

test('it is not asked where a unit claims the person, where the other post has ended, or where there never was a primary unit', () => {
  expect(asked(RETIRED, known({ ...SECONDARY, is_primary: true }))).toEqual([]);
  expect(asked(known(staffRow()), known(SECONDARY))).toEqual([]);
  expect(asked(RETIRED, known({ ...SECONDARY, end_on: '2024-08-01', end_reason: '離職' }))).toEqual([]);
  expect(asked(known(SECONDARY))).toEqual([]);
  expect(asked(RETIRED)).toEqual([]);
  const unplaced = staffRow({ source: 'roster/064609', key: 'z', institution_key: null });
  expect(asked(RETIRED, known(SECONDARY), unplaced)).toEqual([]);
});

test('a secondary post that ended was no primary unit, even where the last row left 主聘 out', () => {
  const other = known(staffRow({ end_on: '2024-08-01', end_reason: '離職' }), { is_primary: false });
  expect(asked(other, known(SECONDARY))).toEqual([]);
});

test('two new registrations on one day are a conflict, not a lack, and the unit that told a later end gives way', () => {
  const claims = ['064602', '064603'].map((code) =>
    staffRow({ source: `roster/${code}`, key: code, institution_key: `schools:${code}:國小` }),
  );
  const { findings } = reconcilePerson([RETIRED, ...claims, known({ ...SECONDARY, institution_key: HERE })]);
  expect(findings.map((f) => f.code)).toEqual(['registered-elsewhere', 'two-registrations', 'two-registrations']);
});
