import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causeOf, withHand } from '../../../pipelines/reconcile/manual.ts';
import { reconcilePerson } from '../../../pipelines/reconcile/person.ts';
import type { ManualValue, SpellStretch, StaffRow } from '../../../schemas/plan.ts';
import { HERE, spellOf, staffRow, THERE } from './support.ts';

const hand = (changes: Partial<ManualValue> = {}): ManualValue => ({
  id: 7,
  field: 'name',
  institutionKey: null,
  columns: { name: '王曉明', name_key: '王曉明' },
  setAt: '2024-09-10T09:00:00+08:00',
  endsAt: null,
  inForce: true,
  live: true,
  before: null,
  ...changes,
});
const title = (changes: Partial<ManualValue> = {}): ManualValue =>
  hand({ field: 'title', institutionKey: HERE, columns: { title: '組長', titleCode: 5 }, ...changes });
const known = (changes: Partial<StaffRow> = {}): StaffRow => {
  const row = staffRow(changes);
  const { name, name_key, sex, birth_date, email, phone, certificate_no } = row;
  return { ...row, spell: spellOf(row), person: { name, name_key, sex, birth_date, email, phone, certificate_no } };
};
const line = (row: StaffRow, ...manual: ManualValue[]): string[] =>
  reconcilePerson([row], manual)
    .changes.flatMap((c) => (c.after?.stretches ?? []) as SpellStretch[])
    .map((s) => `${s.from}..${s.to} ${s.title}${s.onLeave ? ' 留' : ''}`);

test('a value in force wins for its columns alone; nothing that it is not of is touched', () => {
  const changes = reconcilePerson([known({ phone: '0422223333' })], [hand()]).changes;
  expect(changes).toMatchObject([
    { entity: 'person', reason: '人工指定', manualValue: 7, effective: '2024-09-10', registeredAt: hand().setAt },
  ]);
  expect(changes[0]?.after).toMatchObject({ name: '王曉明', phone: '0422223333' });
});

test('it wins also of somebody whose record was undone, and brings nothing of that record back', () => {
  const undone = { ...known(), title: '組長', set_aside: true, fresh: false };
  const { changes } = reconcilePerson([undone], [hand()]);
  expect(changes.map(({ entity, reason }) => [entity, reason])).toEqual([['person', '人工指定']]);
});

test('known already, it changes nothing; and one that has ended says nothing any more', () => {
  const row = known();
  const as = { ...row, person: { ...row.person!, name: '王曉明', name_key: '王曉明' } };
  expect(reconcilePerson([as], [hand()]).changes).toEqual([]);
  const ended = hand({ inForce: false, endsAt: '2024-10-01T00:00:00+08:00' });
  expect(reconcilePerson([as], [ended]).changes).toMatchObject([
    { reason: '人工指定結束', manualValue: 7, effective: '2024-10-01', after: { name: '王小明' } },
  ]);
  expect(reconcilePerson([row], [ended]).changes).toEqual([]);
});

test('a title by hand holds from the day on which it was set, before and during a leave that is told for later', () => {
  expect(line(known(), title())).toEqual(['2023-08-01..2024-09-10 教師', '2024-09-10..infinity 組長']);
  const leaves = known({ on_leave: true, leave_changed_on: '2024-10-01' });
  expect(line(leaves, title())).toEqual([
    '2023-08-01..2024-09-10 教師',
    '2024-09-10..2024-10-01 組長',
    '2024-10-01..infinity 組長 留',
  ]);
});

test('a title of another unit is not this one’s, and a principal by hand takes nobody from a kindergarten (R11)', () => {
  expect(line(known(), title({ institutionKey: THERE }))).toEqual([]);
  const school = known({ title: '教師', start_on: '2023-08-01' });
  const garden = staffRow({ path: 'kindergarten', source: 'care', key: '0942::one', institution_key: 'care:0942' });
  const head = title({ columns: { title: '校長', titleCode: 1 } });
  const plain = reconcilePerson([garden, school], []);
  const byHand = reconcilePerson([garden, school], [head]);
  const unit = ({ changes }: typeof plain) =>
    changes.filter((c) => c.entity === 'assignment').map((c) => [c.institutionKey, c.after?.isPrimary]);
  expect(unit(byHand)).toEqual(unit(plain));
  expect(unit(plain)).toContainEqual(['care:0942', true]);
});

test('whatever was set and ended, the sources’ word stands in every column that nothing in force is of', () => {
  const values = fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.nat(3) });
  const some = fc.array(fc.record({ field: fc.constantFrom('a', 'b', 'c'), value: fc.nat(3), inForce: fc.boolean() }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(values, values, some, (before, told, set) => {
      const manual = set.map(({ field, value, inForce }, id) =>
        hand({ id, field, columns: { [field]: value }, inForce, endsAt: inForce ? null : '2024-10-01T00:00:00+08:00' }),
      );
      const after = withHand(told, manual);
      for (const column of ['a', 'b', 'c'] as const) {
        const wins = manual.find((m) => m.inForce && m.field === column);
        expect(after[column]).toBe(wins ? wins.columns[column] : told[column]);
      }
      const cause = causeOf(before, after, manual);
      if (JSON.stringify(before) === JSON.stringify(after)) expect(cause).toBeNull();
      if (cause?.reason === '人工指定') expect(manual.find((m) => m.id === cause.manualValue)?.inForce).toBe(true);
    }),
    { numRuns: 2000, seed: 20240801 },
  );
});
