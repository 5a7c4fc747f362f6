import { describe, expect, it } from 'vitest';
import { heldSets, inSeason } from '../../../pipelines/reconcile/guards.ts';
import { type CitySize, DEFAULT_GUARDS, type GuardLimits, type Measure } from '../../../schemas/guards.ts';

const CITY: CitySize = { serving: 20_000, accounts: 1_000, institutions: 800 };
const school = (told: Partial<Measure>): Measure => ({
  institutionKey: 'schools:064601:國小',
  serving: 40,
  lost: 0,
  leaving: 0,
  changed: 0,
  added: 0,
  accounts: 5,
  accountsLost: 0,
  institution: null,
  ...told,
});
const reasons = (told: Partial<Measure>, limits: GuardLimits = DEFAULT_GUARDS): string[] =>
  heldSets([school(told)], CITY, limits, '*city:1').flatMap((set) => set.reasons.map((r) => r.guard));

describe('one institution', () => {
  it.each([
    ['8 of 40 lost are exactly 20 %', { lost: 8 }, []],
    ['9 of 40 lost', { lost: 9 }, ['lost']],
    ['2 of 5 lost are 40 %, and too few to hold', { serving: 5, lost: 2 }, []],
    ['3 of 5 lost', { serving: 5, lost: 3 }, ['lost']],
    ['20 of 40 changed are exactly half', { changed: 20 }, []],
    ['21 of 40 changed', { changed: 21 }, ['changed']],
    ['2 of 2 changed are too few to hold', { serving: 2, changed: 2 }, []],
    ['40 new beside 40 double it exactly', { added: 40 }, []],
    ['41 new beside 40 more than double it', { added: 41 }, ['added']],
    ['24 of 40 leave by their own word in August: exactly 60 %', { leaving: 24 }, []],
    ['25 of 40 do', { leaving: 25 }, ['leaving']],
    ['2 of 5 accounts deleted are too few to hold', { accountsLost: 2 }, []],
    ['3 of 5 accounts', { accountsLost: 3 }, ['accounts-lost']],
    ['several at once are all named', { lost: 40, added: 41 }, ['lost', 'added']],
  ] as const)('%s', (_, told, expected) => {
    expect(reasons(told)).toEqual(expected);
  });

  it('that had nobody is loaded for the first time, which is never held', () => {
    expect(reasons({ serving: 0, added: 500, changed: 500 })).toEqual([]);
  });

  it('a limit of its own is the installation’s to set', () => {
    const strict = { ...DEFAULT_GUARDS, lost: { percent: 0, people: 1 } };
    expect(reasons({ lost: 1 }, strict)).toEqual(['lost']);
  });
});

describe('the city', () => {
  const many = (n: number, told: Partial<Measure>): Measure[] =>
    Array.from({ length: n }, (_, i) => school({ institutionKey: `care:${i}`, ...told }));

  it('40 of 800 institutions renamed are exactly 5 %, 41 are held together, whatever each of them says', () => {
    expect(heldSets(many(40, { institution: 'changed' }), CITY, DEFAULT_GUARDS, '*city:1')).toEqual([]);
    const [held, ...others] = heldSets(many(41, { institution: 'changed' }), CITY, DEFAULT_GUARDS, '*city:1');
    expect(others).toEqual([]);
    expect(held).toMatchObject({
      holdKey: '*city:1',
      reasons: [{ guard: 'institutions-changed', count: 41, of: 800 }],
    });
    expect(held?.institutions).toHaveLength(41);
  });

  it('1,000 of 20,000 people lost, five at each of 200 schools, are exactly 5 %; 1,005 are held though no school is over its own limit', () => {
    expect(heldSets(many(200, { lost: 5 }), CITY, DEFAULT_GUARDS, '*city:1')).toEqual([]);
    expect(heldSets(many(201, { lost: 5 }), CITY, DEFAULT_GUARDS, '*city:1')).toMatchObject([{ holdKey: '*city:1' }]);
  });

  it('holds what adds to it, and of the others each that is over its own limit', () => {
    const other = school({ institutionKey: 'schools:1', added: 41 });
    const calm = school({ institutionKey: 'schools:2', added: 1 });
    const sets = heldSets([...many(201, { lost: 5 }), other, calm], CITY, DEFAULT_GUARDS, '*city:1');
    expect(sets.map((s) => s.holdKey)).toEqual(['*city:1', 'schools:1']);
  });

  it('is no matter of a handful: 9 of 12 institutions, 49 of 60 people', () => {
    const town = { serving: 60, accounts: 12, institutions: 12 };
    expect(heldSets(many(9, { institution: 'ended' }), town, DEFAULT_GUARDS, '*city:1')).toEqual([]);
    expect(heldSets(many(49, { changed: 1 }), town, DEFAULT_GUARDS, '*city:1')).toEqual([]);
    expect(heldSets(many(50, { changed: 1 }), town, DEFAULT_GUARDS, '*city:1')).toMatchObject([{ holdKey: '*city:1' }]);
  });

  it('leavings of July and August may be a fifth of it', () => {
    expect(heldSets(many(200, { leaving: 20 }), CITY, DEFAULT_GUARDS, '*city:1')).toEqual([]);
    expect(heldSets(many(201, { leaving: 20 }), CITY, DEFAULT_GUARDS, '*city:1')).toMatchObject([
      { holdKey: '*city:1', reasons: [{ guard: 'leaving' }] },
    ]);
  });
});

it('the season is July and August', () => {
  const days = ['2024-06-30', '2024-07-01', '2024-08-31', '2024-09-01'];
  expect(days.map((day) => inSeason(day, DEFAULT_GUARDS))).toEqual([false, true, true, false]);
});
