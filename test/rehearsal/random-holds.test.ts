/**
 * The random nights of twenty people twice: once without limits, once with limits so tight that almost everything is held. Where each hold is approved, in any
 * order, before the next night, both installations agree after every night (I1, I6); while one stands, a second night writes nothing (I11).
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { nights, plusDays, titleCode, type Word } from '../pipelines/reconcile/words.ts';
import { nationalId } from '../rules/story.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const SEED = Number(process.env.MINGCE_TEST_SEED ?? 20240801);
const PEOPLE = 20;
const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,職別,任教科目,主聘,異動別,異動日期';
const SCHOOLS = ['064601', '064602', '064603'];
const every = (percent: number) => ({ percent, people: 1 });
const limits = (percent: number) => ({
  guards: { lost: every(percent), changed: every(percent), added: every(percent), leaving: every(percent) },
});

let free: SmallInstallation;
let tight: SmallInstallation;
beforeAll(async () => {
  free = await openSmallInstallation(1, { config: limits(10_000) });
  tight = await openSmallInstallation(2, { config: limits(0) });
  await addBureau(tight.db, ['lin']);
});
afterAll(async () => {
  await free.close();
  await tight.close();
});

const roc = (day: string): string => `${Number(day.slice(0, 4)) - 1911}/${day.slice(5, 7)}/${day.slice(8)}`;
const line = (person: number, w: Word, night: string): string =>
  [
    w.unit,
    nationalId(`A1${String(1000000 + person * 137)}`),
    `王${String.fromCodePoint(0x5e73 + person)}`,
    '男,70/05/06',
    w.title,
    titleCode(w.title),
    '國語文',
    w.primary ? '是' : '否',
    w.change,
    w.change === '' ? '' : roc(plusDays(night, w.in)),
  ].join(',');
const hashOf = ({ db, ctx }: SmallInstallation): Promise<string> => warehouseHash(db, ctx.keyring);

const told = fc
  .sample(nights, { numRuns: PEOPLE, seed: SEED })
  .map((said) => said.map((words) => words.filter((w) => SCHOOLS.includes(w.unit))));
const choices = fc.sample(fc.nat(1000), { numRuns: 1000, seed: SEED });

/** Approves one of the holds after the other, each by itself, until none is left. @returns how many */
async function approveAll(clock: string): Promise<number> {
  for (let approved = 0; ; approved++) {
    const holds = await listHolds(tight.db);
    const hold = holds[(choices.pop() ?? 0) % Math.max(1, holds.length)];
    if (hold === undefined) return approved;
    const { planHash } = hold;
    await decide(tight.db, { planHash, verdict: 'approve', reason: '確認', by: LIN, at: clock, handedInBy: new Map() });
    await tight.carryOut(clock);
  }
}

it('approved plan by plan, in any order, it comes to the same as if nothing had been held', async () => {
  let held = 0;
  for (let n = 0; n < Math.max(...told.map((said) => said.length)); n++) {
    const night = plusDays('2024-10-01', 4 * n);
    const clock = `${night}T23:00:00+08:00`;
    for (const school of SCHOOLS) {
      const rows = told.flatMap((said, person) =>
        (said[n] ?? []).filter((w) => w.unit === school).map((w) => line(person, w, night)),
      );
      for (const small of [free, tight])
        if (rows.length > 0)
          await small.send(`${school}-${n}.csv`, `${night}T10:00:00+08:00`, ['名冊別：異動', HEAD, ...rows]);
    }
    expect((await free.night(clock)).status).toBe('complete');
    const result = await tight.night(clock);
    expect(['complete', 'held']).toContain(result.status);
    const again = await tight.night(clock);
    expect(again.held).toEqual(result.held);
    expect(again.warehouseHash).toBe(result.warehouseHash);
    expect(Object.values(again.changes)).toEqual(Array(4).fill({ added: 0, changed: 0, ended: 0 }));
    expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
    held += await approveAll(clock);
    expect(await hashOf(tight), `night ${n}`).toBe(await hashOf(free));
  }
  expect(held).toBeGreaterThan(10);
});
