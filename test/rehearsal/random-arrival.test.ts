/**
 * The random nights of three hundred people twice: as they come, and disturbed. There the files of a night come in any order, some twice under another
 * name, files of earlier nights come again, what is kept is read again, and the night is run again. After every night both installations hold the same, and
 * have planned the same (I1, I4, I11).
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { planHash } from '../../warehouse/plan-hash.ts';
import { plusDays } from '../pipelines/reconcile/words.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { filesOf, limits, NIGHTS, type SchoolFile, SEED, SEEDED, sendNight } from './support/random-people.ts';

// Hundreds of files, twice over, and every night at least twice.
vi.setConfig({ testTimeout: 240_000 });

let calm: SmallInstallation;
let wild: SmallInstallation;
beforeAll(async () => {
  calm = await openSmallInstallation(1, { config: limits(1_000_000) });
  // The same key: the hash of what is held goes over pseudonyms.
  wild = await openSmallInstallation(1, { config: limits(1_000_000) });
});
afterAll(async () => {
  await calm.close();
  await wild.close();
});

const NOTHING = Array(4).fill({ added: 0, changed: 0, ended: 0 });
const draws = fc.sample(fc.nat(1_000_000), { numRuns: 1000, seed: SEED });
const draw = (below: number): number => (draws.pop() as number) % below;

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: draw(1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

/** @param earlier files of the nights before, which may come again as they were */
async function sendDisturbed(
  files: readonly SchoolFile[],
  earlier: readonly SchoolFile[],
  night: string,
): Promise<number> {
  const twice = files.filter(() => draw(2) === 0).map((file) => ({ ...file, name: `twice-${file.name}` }));
  const old = earlier
    .filter(() => draw(4) === 0)
    .map((file) => ({ ...file, name: `${night}-${file.name}`, arrived: `${night}T11:00:00+08:00` }));
  for (const { name, arrived, lines } of shuffled([...files, ...twice, ...old])) await wild.send(name, arrived, lines);
  return twice.length + old.length;
}

it(`whatever comes twice, late or in another order, the same is planned and held (${SEEDED})`, async () => {
  const earlier: SchoolFile[] = [];
  let disturbances = 0;
  for (let n = 0; n < NIGHTS; n++) {
    const night = plusDays('2024-10-01', 4 * n);
    const clock = `${night}T23:00:00+08:00`;
    const files = filesOf(n, night);
    await sendNight(calm, n, night);
    disturbances += await sendDisturbed(files, earlier, night);
    earlier.push(...files);
    const one = await calm.night(clock);
    const other = await wild.night(clock);
    expect([one.status, other.status]).toEqual(['complete', 'complete']);
    expect(await planHash(wild.db, Number(other.run)), `night ${n}: the plan`).toBe(
      await planHash(calm.db, Number(one.run)),
    );
    expect(other.warehouseHash, `night ${n}: what is held`).toBe(one.warehouseHash);
    for (const { read, accepted, unchanged, quarantined, excluded, duplicate } of other.sources)
      expect(accepted + unchanged + quarantined + excluded + duplicate).toBe(read);
    const again = draw(2) === 0 ? await wild.night(clock) : await wild.replay(clock);
    expect(Object.values(again.changes), `night ${n}, again`).toEqual(NOTHING);
    expect(again.warehouseHash).toBe(one.warehouseHash);
  }
  expect(disturbances).toBeGreaterThan(NIGHTS);
});
