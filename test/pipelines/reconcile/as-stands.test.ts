/** A record whose word was undone: the roster stands for it, and other words are judged beside that. */
import { expect, it } from 'vitest';
import { reconcilePerson } from '../../../pipelines/reconcile/person.ts';
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
