/** A hold that mixes an undoing with what the school says: discarded, the undoing is over, and what the school said stays out (I6). */
import { afterEach, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const CHEN: ActingUser = { ...LIN, name: 'chen' };

let small: SmallInstallation;
afterEach(() => small.close());

const send = (day: string, title: (n: number) => string) =>
  small.send('064601.csv', `${day}T10:00:00+08:00`, [
    HEAD,
    ...Array.from(
      { length: 10 },
      (_, n) => `064601,${nationalId(n)},王${'一二三四五六七八九十'[n]},70/05/06,${title(n)}`,
    ),
  ]);
const night = (day: string) => small.night(`${day}T22:00:00+08:00`);
const decides = (planHash: string, verdict: 'approve' | 'discard') =>
  decide(small.db, {
    planHash,
    verdict,
    reason: '確認',
    by: CHEN,
    at: '2024-10-03T09:00:00+08:00',
    handedInBy: new Map(),
  });
const hashNow = () => warehouseHash(small.db, small.ctx.keyring);
const states = async () => (await listHolds(small.db)).map(({ state, changes }) => [state, changes]);
const keptOut = async () =>
  (await small.db('review.exception').where({ closed_at: null, code: 'plan-kept-out' }).count('* as n').first())?.n;

/** Six of ten titles change, which is approved and then asked to be undone: held, and mixed with one more title that the school sends. */
async function discardedMixture(): Promise<string> {
  small = await openSmallInstallation();
  await addBureau(small.db, ['lin', 'chen']);
  await send('2024-09-30', () => '教師');
  await night('2024-09-30');
  await send('2024-10-01', (n) => (n < 6 ? '組長' : '教師'));
  await decides((await night('2024-10-01')).held[0]!.planHash, 'approve');
  const carried = await small.carryOut('2024-10-01T23:00:00+08:00');
  expect((await small.revert('2024-10-02T09:00:00+08:00', carried.run, LIN)).status).toBe('held');
  await send('2024-10-02', (n) => (n < 6 ? '組長' : n === 9 ? '主任' : '教師'));
  const mixed = (await night('2024-10-02')).held[0]!.planHash;
  expect((await listHolds(small.db))[0]!.groups.map((g) => [g.group, g.count])).toContainEqual(['撤銷執行', 6]);
  expect(await states()).toEqual([['open', 7]]);
  await decides(mixed, 'discard');
  return mixed;
}

it('stays out on plain nights though what is left is under every limit, is told as kept out, and is not asked about again', async () => {
  await discardedMixture();
  const before = await hashNow();
  const first = await night('2024-10-03');
  expect(first).toMatchObject({ status: 'complete', held: [], warehouseHash: before });
  expect(await states()).toEqual([['discarded', 1]]);
  expect((await listHolds(small.db))[0]!.decision).toMatchObject({ verdict: 'discard', by: 'chen', reason: '確認' });
  expect(await keptOut()).toBe(1);
  const second = await night('2024-10-04');
  expect(second).toMatchObject({ status: 'complete', held: [], warehouseHash: before });
  expect([second.exceptions.opened, second.exceptions.closed]).toEqual([0, 0]);
  expect(await states()).toEqual([['discarded', 1]]);
});

it('is heard again once the school says something else', async () => {
  await discardedMixture();
  await night('2024-10-03');
  await send('2024-10-04', (n) => (n < 6 ? '組長' : n === 9 ? '導師' : '教師'));
  expect(await night('2024-10-04')).toMatchObject({ status: 'complete', changes: { assignments: { changed: 1 } } });
  expect(await states()).toEqual([]);
  expect(await keptOut()).toBe(0);
});

it('may be approved after all under its own hash, but not under that of the mixture', async () => {
  const mixed = await discardedMixture();
  await night('2024-10-03');
  await expect(decides(mixed, 'approve')).rejects.toThrow(/sha256:/);
  await decides((await listHolds(small.db))[0]!.planHash, 'approve');
  const carried = await small.carryOut('2024-10-04T10:00:00+08:00');
  expect(carried).toMatchObject({ status: 'complete', changes: { assignments: { changed: 1 } } });
  expect(await states()).toEqual([]);
});

it('that nobody decided expires the same way', async () => {
  await discardedMixture();
  await small.db('review.hold').whereNull('closed_at').update({ state: 'expired' });
  const before = await hashNow();
  expect(await night('2024-11-20')).toMatchObject({ status: 'complete', held: [], warehouseHash: before });
  expect(await states()).toEqual([['expired', 1]]);
});
