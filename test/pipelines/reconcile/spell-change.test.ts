import { expect, test } from 'vitest';
import { reconcilePerson } from '../../../pipelines/reconcile/person.ts';
import type { PlanChange, SpellStretch, StaffRow } from '../../../schemas/plan.ts';
import { spellOf, staffRow, stretch, THERE } from './support.ts';

const OPEN = 'infinity';
const PLANNED = [stretch('2023-08-01', '2024-08-01'), stretch('2024-08-01', OPEN, { onLeave: true })];

/** The one change of an assignment that a record of a known spell makes. */
function changeOf(changes: Partial<StaffRow>, stretches?: SpellStretch[]): PlanChange | undefined {
  const row = staffRow(changes);
  const spell = spellOf(row, stretches ? { stretches } : {});
  return reconcilePerson([{ ...row, spell }]).changes.find((c) => c.entity === 'assignment');
}
const told = (change: PlanChange | undefined) => [change?.reason, change?.rule, change?.effective];
const line = (change: PlanChange | undefined): string[] =>
  (change?.after?.stretches as SpellStretch[]).map((s) => `${s.from} ${s.title}${s.onLeave ? ' 留' : ''}`);

test('R10: a leave is effective on its 異動日期; what is proposed is the whole line', () => {
  const change = changeOf({ on_leave: true, leave_changed_on: '2024-08-01' });
  expect(told(change)).toEqual(['留職停薪異動', 'R10', '2024-08-01']);
  expect(change?.after?.stretches).toEqual(PLANNED);
  expect(told(changeOf({ on_leave: true, leave_changed_on: '2021-02-01' }))).toEqual([
    '留職停薪異動',
    'R10',
    '2023-08-01',
  ]);
});

test('the same record again proposes nothing; a corrected day proposes the day', () => {
  expect(changeOf({ on_leave: true, leave_changed_on: '2024-08-01' }, PLANNED)).toBeUndefined();
  const corrected = changeOf({ on_leave: true, leave_changed_on: '2024-09-01' }, PLANNED);
  expect(told(corrected)).toEqual(['留職停薪異動', 'R10', '2024-09-01']);
  expect(line(corrected)).toEqual(['2023-08-01 教師', '2024-09-01 教師 留']);
});

test('R07: a title beside a leave that is still to come is a change of title, from the day of registration', () => {
  const change = changeOf({ title: '組長', on_leave: true, leave_changed_on: '2024-08-01' }, PLANNED);
  expect(told(change)).toEqual(['職稱異動', 'R07', '2024-07-30']);
  expect(line(change)).toEqual(['2023-08-01 教師', '2024-07-30 組長', '2024-08-01 組長 留']);
});

test('a leave taken back before it began is a withdrawal, one that began ends with a return', () => {
  expect(told(changeOf({}, PLANNED))).toEqual(['異動撤銷', 'R10', '2024-07-30']);
  const returns = changeOf({ leave_changed_on: '2024-10-01' }, PLANNED);
  expect(told(returns)).toEqual(['留職停薪異動', 'R10', '2024-10-01']);
  expect(line(returns)).toEqual(['2023-08-01 教師', '2024-08-01 教師 留', '2024-10-01 教師']);
});

test('a new spell has its line in the plan only where it is more than one stretch', () => {
  const [, added] = reconcilePerson([staffRow({ on_leave: true, leave_changed_on: '2024-08-01' })]).changes;
  expect(line(added)).toEqual(['2024-07-30 教師', '2024-08-01 教師 留']);
  const [, plain] = reconcilePerson([staffRow({ on_leave: true, leave_changed_on: '2024-07-01' })]).changes;
  expect(plain?.after).toMatchObject({ onLeave: true, spell: 1 });
  expect(plain?.after).not.toHaveProperty('stretches');
});

const ENDED = { end_on: '2023-07-15', end_reason: '離職' };
const OUT = [stretch('2023-07-14', '2023-07-15', { endReason: '離職', began: '2023-08-01' })];
const known = (changes: Partial<StaffRow>, spell: Parameters<typeof spellOf>[1] = {}) => {
  const row = staffRow(changes);
  const { changes: proposed, findings } = reconcilePerson([{ ...row, spell: spellOf(row, spell) }]);
  return { change: proposed.find((c) => c.entity === 'assignment'), findings };
};
const STANDS_ENDED = { valid_to: '2023-07-15', end_reason: '離職', rule: 'R09', stretches: OUT };

test('R09: an end before the start counts and is told; so is it while the record says so, without another change', () => {
  const contradiction = {
    code: 'ended-before-start',
    institutionKey: 'schools:064601:國小',
    subject: 'roster/064601 064601::one',
    personRef: 'p1',
    params: { since: '2023-08-01', until: '2023-07-15' },
  };
  const first = known(ENDED);
  expect(first.findings).toEqual([contradiction]);
  expect(told(first.change)).toEqual(['離職', 'R09', '2023-07-15']);
  expect(first.change?.after?.stretches).toEqual(OUT);
  const again = known(ENDED, STANDS_ENDED);
  expect([again.change, again.findings]).toEqual([undefined, [contradiction]]);
});

test('a corrected end, or a record without one, restores the spell from its start and is told no more', () => {
  const corrected = known({ end_on: '2024-07-15', end_reason: '離職' }, STANDS_ENDED);
  expect(corrected.findings).toEqual([]);
  expect(corrected.change?.after?.stretches).toEqual([stretch('2023-08-01', '2024-07-15', { endReason: '離職' })]);
  for (const start_on of [null, '2023-08-01']) {
    const withdrawn = known({ start_on }, STANDS_ENDED);
    expect([...told(withdrawn.change), withdrawn.findings.length]).toEqual(['異動撤銷', 'R09', '2023-08-01', 0]);
    expect(withdrawn.change?.after?.stretches).toEqual([stretch('2023-08-01', OPEN)]);
  }
});

test('no contradiction: an end on the first day, one of a record that came already ended, a start that the record itself tells', () => {
  expect(known({ end_on: '2023-08-01', end_reason: '離職' }).findings).toEqual([]);
  expect(reconcilePerson([staffRow(ENDED)]).findings).toEqual([]);
  expect(known(ENDED, { ...STANDS_ENDED, began: null }).findings).toEqual([]);
  const toldStart = known({ ...ENDED, start_on: '2022-08-01' });
  expect(toldStart.findings).toEqual([]);
  expect(toldStart.change?.after?.stretches).toEqual([stretch('2022-08-01', '2023-07-15', { endReason: '離職' })]);
});

test('R08: a claim stands since the spell began, whatever changed in it later', () => {
  const old = staffRow({ title: '組長' });
  const stretches = [stretch('2023-08-01', '2024-08-05'), stretch('2024-08-05', OPEN, { title: '組長' })];
  const newer = staffRow({ source: 'roster/064602', key: 'x', institution_key: THERE, start_on: '2024-08-01' });
  const { changes, findings } = reconcilePerson([{ ...old, spell: spellOf(old, { stretches }) }, newer]);
  expect(findings.map((f) => f.code)).toEqual(['registered-elsewhere']);
  expect(changes.filter((c) => c.entity === 'assignment').map((c) => [c.action, c.reason, c.effective])).toEqual([
    ['end', '轉校', '2024-08-01'],
    ['add', '轉入', '2024-08-01'],
  ]);
});
