/** A record whose word was undone: the roster stands for it, and other words are judged beside that. */
import { expect, it } from 'vitest';
import { institutionAsHeard } from '../../../pipelines/reconcile/as-stands.ts';
import { reconcilePerson } from '../../../pipelines/reconcile/person.ts';
import { INSTITUTION_FIELDS, type InstitutionRow, type ManualValue } from '../../../schemas/plan.ts';
import { spellOf, staffRow, stretch, THERE } from './support.ts';

const person = {
  name: '王小明',
  name_key: '王小明',
  sex: '男',
  birth_date: '1981-05-06',
  email: null,
  phone: null,
  certificate_no: null,
};
const known = staffRow({ person, fresh: false });
const aside = staffRow({
  person,
  title: '組長',
  end_on: '2024-08-01',
  end_reason: '離職',
  set_aside: true,
  fresh: false,
});

it('nothing of what it says is taken up, whatever else of the person is said', () => {
  const undone = { ...aside, spell: spellOf(aside) };
  const other = staffRow({
    person,
    source: 'roster/064602',
    key: '064602::one',
    institution_key: THERE,
    is_primary: false,
    start_on: '2024-08-01',
  });
  const { changes } = reconcilePerson([undone, other]);
  expect(changes.map(({ action, source, reason }) => [action, source, reason])).toEqual([
    ['add', 'roster/064602', '新進'],
  ]);
  const said = reconcilePerson([{ ...undone, set_aside: false, fresh: true }, other]);
  expect(said.changes.map(({ action, reason }) => [action, reason])).toContainEqual(['end', '離職']);
});

it('where nothing stands of it, it says nothing; where nobody says anything new, nothing changes', () => {
  expect(reconcilePerson([{ ...aside, spell: null }])).toEqual({ changes: [], findings: [] });
  const stale = { ...known, title: '組長', spell: spellOf(known) };
  expect(reconcilePerson([stale]).changes).toEqual([]);
  expect(reconcilePerson([{ ...stale, fresh: true }]).changes.map(({ reason }) => reason)).toEqual(['職稱異動']);
});

it('a new word of another unit takes the person over from what stands, not from what was undone (R08)', () => {
  const undone = { ...aside, spell: spellOf(aside, { stretches: [stretch('2023-08-01', 'infinity')] }) };
  const other = staffRow({
    person,
    source: 'roster/064602',
    key: '064602::one',
    institution_key: THERE,
    start_on: '2024-09-01',
  });
  const { changes } = reconcilePerson([undone, other]);
  expect(changes.map(({ action, reason, effective }) => [action, reason, effective])).toEqual([
    ['end', '轉校', '2024-09-01'],
    ['add', '轉入', '2024-09-01'],
  ]);
});

it('a spell that was taken back is given again under its number and id', () => {
  const row = staffRow({ person, vacant: { id: 77, spell: 2 } });
  const [change] = reconcilePerson([row]).changes;
  expect(change).toMatchObject({ action: 'add', entityId: 77, after: { spell: 2 } });
});

it('an institution’s record whose word was undone says what stands, and what a value set by hand stands over', () => {
  const current = {
    ...Object.fromEntries(INSTITUTION_FIELDS.map((field) => [field, null])),
    name: '甲國小',
    phone: '2',
  };
  const told = { ...current, name: '乙國小', phone: '3', set_aside: true, current } as unknown as InstitutionRow;
  const hand: ManualValue = {
    id: 1,
    field: 'phone',
    institutionKey: null,
    columns: { phone: '2' },
    setAt: '2024-09-10T09:00:00+08:00',
    endsAt: null,
    inForce: true,
    live: true,
    before: { phone: '1' },
  };
  expect(institutionAsHeard(told, [hand])).toMatchObject({ name: '甲國小', phone: '1' });
  expect(institutionAsHeard(told, [{ ...hand, live: false }])).toMatchObject({ phone: '2' });
  expect(institutionAsHeard({ ...told, current: null }, [hand])).toBeNull();
  expect(institutionAsHeard({ ...told, set_aside: false }, [hand])).toMatchObject({ name: '乙國小', phone: '3' });
});
