/**
 * The random nights of twenty people twice: once without limits, once with limits so tight that almost everything is held. Where each hold is approved, in any
 * order, before the next night, both installations agree after every night (I1, I6); while one stands, a second night writes nothing (I11).
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { plusDays } from '../pipelines/reconcile/words.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';
import { first, limits, NIGHTS, SEED, sendNight } from './support/random-people.ts';

// Each hold is a run, and there are some forty.
vi.setConfig({ testTimeout: 240_000 });

/** Each of them is a hold or two, decided one after the other. */
const FEW = first(20);

let free: SmallInstallation;
let tight: SmallInstallation;
beforeAll(async () => {
  free = await openSmallInstallation(1, { config: limits(1_000_000) });
  tight = await openSmallInstallation(2, { config: limits(0) });
  await addBureau(tight.db, ['lin']);
});
afterAll(async () => {
  await free.close();
  await tight.close();
});

const hashOf = ({ db, ctx }: SmallInstallation): Promise<string> => warehouseHash(db, ctx.keyring);

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

it(`approved plan by plan, in any order, it comes to the same as if nothing had been held (seed ${SEED})`, async () => {
  let held = 0;
  for (let n = 0; n < NIGHTS; n++) {
    const night = plusDays('2024-10-01', 4 * n);
    const clock = `${night}T23:00:00+08:00`;
    await sendNight(free, n, night, FEW);
    await sendNight(tight, n, night, FEW);
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
