/**
 * The random nights of twenty people, undone. The last run undone gives the state before it, quietly, and the undoing undone gives it back; an older one undone gives what
 * the nights without it would have given, where later ones are about others; and of whom a later night changed something, nothing is undone.
 */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { plusDays } from '../pipelines/reconcile/words.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';
import { limits, NIGHTS, SEED, sendNight } from './support/random-people.ts';

// Each test is some forty runs.
vi.setConfig({ testTimeout: 480_000 });

/** Undoing the first night takes back every institution of the city. */
const UNLIMITED = { percent: 10_000, people: 1, institutions: 1 };
const NOTHING = Array(4).fill({ added: 0, changed: 0, ended: 0 });
const dayOf = (n: number): string => plusDays('2024-10-01', 4 * n);
const at = (n: number, time: string): string => `${dayOf(n)}T${time}:00+08:00`;
const hashOf = ({ db, ctx }: SmallInstallation): Promise<string> => warehouseHash(db, ctx.keyring);

async function within(work: (...small: SmallInstallation[]) => Promise<void>, count = 1): Promise<void> {
  const opened: SmallInstallation[] = [];
  try {
    for (let key = 1; key <= count; key++) {
      const small = await openSmallInstallation(key, {
        config: { guards: { ...limits(10_000).guards, city: UNLIMITED } },
      });
      opened.push(small);
      await addBureau(small.db, ['lin']);
    }
    await work(...opened);
  } finally {
    for (const small of opened) await small.close();
  }
}

async function play(small: SmallInstallation, n: number, of?: (person: number) => boolean): Promise<SyncResult> {
  await sendNight(small, n, dayOf(n), of);
  const result = await small.night(at(n, '20:00'));
  expect(result.status).toBe('complete');
  return result;
}

/** Undoes a run; the night after it changes nothing, and the one after that not even an exception. */
async function undo(small: SmallInstallation, n: number, run: string, hour: number): Promise<SyncResult> {
  const result = await small.revert(at(n, `${hour}:00`), run, LIN);
  expect(result).toMatchObject({ kind: 'revert', status: 'complete' });
  const hash = await hashOf(small);
  const night = await small.night(at(n, `${hour}:10`));
  expect(Object.values(night.changes), `the night after run ${run} was undone`).toEqual(NOTHING);
  expect(await hashOf(small)).toBe(hash);
  const second = await small.night(at(n, `${hour}:20`));
  expect([second.exceptions.opened, second.exceptions.closed]).toEqual([0, 0]);
  return result;
}

it('every night undone and the undoing undone, it comes to the same as if nothing had been', () =>
  within(async (free, undone) => {
    let hours = 0;
    for (let n = 0; n < NIGHTS; n++) {
      await play(free as SmallInstallation, n);
      const before = await hashOf(undone as SmallInstallation);
      const night = await play(undone as SmallInstallation, n);
      if (Object.values(night.changes).every(({ added, changed, ended }) => added + changed + ended === 0)) continue;
      const after = await hashOf(undone as SmallInstallation);
      expect(after).toBe(await hashOf(free as SmallInstallation));
      const revert = await undo(undone as SmallInstallation, n, night.run, 21);
      expect(revert.revert?.conflicts).toEqual([]);
      expect(await hashOf(undone as SmallInstallation), `night ${n} undone`).toBe(before);
      await undo(undone as SmallInstallation, n, revert.run, 22);
      expect(await hashOf(undone as SmallInstallation), `night ${n} given back`).toBe(after);
      hours += 1;
    }
    expect(hours).toBeGreaterThan(5);
  }, 2));

it.each([2, 4])('night %i undone after others about other people gives what the nights without it give', (k) =>
  within(async (whole, without) => {
    const mine = (person: number): boolean => person % 2 === 0;
    let run = '';
    for (let n = 0; n < NIGHTS; n++) {
      const of = n < k ? undefined : n === k ? mine : (person: number) => !mine(person);
      const result = await play(whole as SmallInstallation, n, of);
      if (n === k) run = result.run;
      else await play(without as SmallInstallation, n, of);
    }
    expect(await hashOf(whole as SmallInstallation)).not.toBe(await hashOf(without as SmallInstallation));
    const revert = await undo(whole as SmallInstallation, NIGHTS, run, 21);
    expect(revert.revert).toMatchObject({ run, conflicts: [] });
    expect(await hashOf(whole as SmallInstallation)).toBe(await hashOf(without as SmallInstallation));
  }, 2));

/** What is known of each person, now or before a moment: values and every stretch of service. */
async function people({ db }: SmallInstallation, before: string | null): Promise<Map<number, string>> {
  const known = (v: string): string =>
    before === null ? `${v}.recorded_to = 'infinity'` : `${v}.recorded_from < :before AND ${v}.recorded_to >= :before`;
  const { rows } = await db.raw(
    `SELECT p.person_id, p.name || coalesce(string_agg(concat_ws(' ', a.source, a.spell, v.valid_from, v.valid_to, v.title, v.is_primary, v.on_leave, v.end_reason), '; '
              ORDER BY a.source, a.spell, v.valid_from), '') AS said
     FROM warehouse.person_version p
     LEFT JOIN warehouse.assignment a ON a.person_id = p.person_id
     LEFT JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.valid_from < v.valid_to AND ${known('v')}
     WHERE p.valid_to = 'infinity' AND ${known('p')} GROUP BY p.person_id, p.name`,
    before === null ? {} : { before },
  );
  return new Map(rows.map(({ person_id: id, said }: { person_id: number; said: string }) => [id, said]));
}

it('of whom a later night changed something nothing is undone, and each is named; all others are as they were', () =>
  within(async (small) => {
    const one = small as SmallInstallation;
    const runs: string[] = [];
    for (let n = 0; n < NIGHTS; n++) runs.push((await play(one, n)).run);
    let [undone, left] = [0, 0];
    const order = fc.sample(fc.shuffledSubarray(runs.slice(0, -1), { minLength: 3, maxLength: 5 }), {
      numRuns: 1,
      seed: SEED,
    });
    for (const [nth, run] of (order[0] as string[]).entries()) {
      const { recorded_at: moment } = await one.db('ops.run').where({ id: run }).first();
      const [now, then] = [await people(one, null), await people(one, moment)];
      const planned = await one.revert(at(NIGHTS + nth, '20:00'), run);
      expect(planned).toMatchObject({ dryRun: true, status: 'complete' });
      expect(await people(one, null)).toEqual(now);
      const result = await undo(one, NIGHTS + nth, run, 21);
      const sorted = (of: SyncResult) => of.revert?.conflicts.map((c) => JSON.stringify(c));
      expect(sorted(result)).toEqual(sorted(planned));
      const named = new Set(result.revert?.conflicts.map(({ person }) => person));
      for (const { run: later } of result.revert?.conflicts ?? []) expect(Number(later)).toBeGreaterThan(Number(run));
      const { rows: touched } = await one.db.raw(
        `SELECT DISTINCT coalesce(a.person_id, c.entity_id) AS id FROM ops.plan_change c
         LEFT JOIN warehouse.assignment a ON c.entity = 'assignment' AND a.id = c.entity_id WHERE c.run_id = ? AND c.entity IN ('assignment', 'person')`,
        [run],
      );
      const after = await people(one, null);
      for (const { id } of touched as { id: number }[]) {
        expect(after.get(id), `person ${id}, run ${run}`).toBe((named.has(id) ? now : then).get(id));
        if (named.has(id)) left += 1;
        else undone += 1;
      }
      const others = [...now.keys()].filter((id) => !touched.some((t: { id: number }) => t.id === id));
      for (const id of others) expect(after.get(id), `person ${id}`).toBe(now.get(id));
    }
    expect(undone).toBeGreaterThan(0);
    expect(left).toBeGreaterThan(5);
  }));
