/** Ids of what a plan adds follow each other without a gap, however the plan is cut into blocks; what was not needed goes back. */
import { expect, it } from 'vitest';
import { PlanIds } from '../../warehouse/plan-ids.ts';
import { ownDatabase } from '../support/own-database.ts';

const own = ownDatabase();

/** The ids that a plan of such blocks of people gives. */
const given = (blocks: readonly number[], end: 'give back' | 'abandon' = 'give back'): Promise<number[]> =>
  own.db.transaction(async (trx) => {
    const ids = new PlanIds(trx);
    const all: number[] = [];
    for (const people of blocks) {
      await ids.reserve(new Map([['person', people]]));
      for (let nth = 0; nth < people; nth += 1) all.push(ids.next('person'));
    }
    if (end === 'give back') await ids.giveBack();
    return all;
  });

const counted = (from: number, count: number): number[] => Array.from({ length: count }, (_, nth) => from + nth);

it('blocks of any size, one plan after the other', async () => {
  expect(await given([1])).toEqual([1]);
  expect(await given([500, 500, 3, 1200, 7])).toEqual(counted(2, 2210));
  expect(await given([0, 2])).toEqual([2212, 2213]);
  expect(await given([60_000, 60_000, 1])).toEqual(counted(2214, 120_001));
});

it('a plan that is given up leaves a gap, and no id is given twice', async () => {
  const [before] = await given([5, 9, 1], 'abandon');
  const [after] = await given([1]);
  expect(after).toBeGreaterThan((before as number) + 14);
});

it('more than was reserved is a fault of the caller', async () => {
  await own.db.transaction(async (trx) => {
    const ids = new PlanIds(trx);
    expect(() => ids.next('person')).toThrow('no id of a person is reserved');
    await ids.reserve(new Map([['assignment', 1]]));
    ids.next('assignment');
    expect(() => ids.next('assignment')).toThrow('no id of a assignment');
  });
});
