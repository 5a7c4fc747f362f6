/**
 * The random nights of ninety people, some of whom are joined and parted, and nights undone, in two cities alike. One forgets its history again and again, up to a moment in between: whatever is asked as of
 * that moment or later is answered as before, and every later night does what it does in the other city.
 */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { forgetBefore } from '../../pipelines/forget-history.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { joinPersons, undoJudgement } from '../../pipelines/review.ts';
import { rosterOf } from '../../pipelines/roster.ts';
import { ReviewError } from '../../schemas/review-error.ts';
import type { RunClaim } from '../../warehouse/fence.ts';
import { historyHorizon } from '../../warehouse/history/horizon.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { visible } from '../../warehouse/views/snapshot-visible.ts';
import { plusDays } from '../pipelines/reconcile/words.ts';
import { recordedBefore } from '../support/as-of.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';
import { first, limits, NIGHTS, SEED, sendNight } from './support/random-people.ts';

vi.setConfig({ testTimeout: 900_000 });

const UNLIMITED = { percent: 10_000, people: 1, institutions: 1 };
const dayOf = (n: number): string => plusDays('2024-10-01', 4 * n);
const PEOPLE = 90;
const DAYS = ['2024-09-15', '2024-10-20', '2024-12-31'];

const open = async (): Promise<SmallInstallation> => {
  const small = await openSmallInstallation(1, { config: { guards: { ...limits(10_000).guards, city: UNLIMITED } } });
  await addBureau(small.db, ['lin']);
  return small;
};

/** Numbers below another, the same for the same seed. */
function drawing(): (below: number) => number {
  const random = fc.sample(fc.nat(), { numRuns: 2000, seed: SEED });
  let at = 0;
  return (below) => (random[at++ % random.length] as number) % below;
}

const newest = async ({ db }: SmallInstallation): Promise<RunClaim> => {
  const { id, epoch } = await db('ops.run').orderBy('id', 'desc').first();
  return { runId: id, epoch };
};

/** What a snapshot of a cut-off would see, and by which name it would call everybody. Files of one night are landed in any order, so the number of one tells nothing. */
async function seen({ db }: SmallInstallation, through: string, cutOff: string): Promise<unknown> {
  const moments = { through, cutOff, day: cutOff.slice(0, 10) };
  const entities = ['institution', 'person', 'assignment', 'account'] as const;
  const { rows } = await db.raw(
    entities
      .map(
        (e) =>
          `SELECT '${e}' AS e, v.${e}_id AS id, md5((to_jsonb(v) - 'object_id')::text) AS v FROM warehouse.${e}_version v WHERE ${visible('v', e)}`,
      )
      .join(' UNION ALL ')
      .concat(
        ` UNION ALL SELECT 'name', i.id, (SELECT f.name FROM warehouse.person_version f WHERE f.person_id = i.id AND f.recorded_from <= :through
            ORDER BY f.recorded_from, f.valid_from LIMIT 1) FROM warehouse.person i
          UNION ALL SELECT 'served', a.id, bool_or(w.valid_from < w.valid_to)::text FROM warehouse.assignment a
            JOIN warehouse.assignment_version w ON w.assignment_id = a.id AND w.recorded_from <= :through AND w.registered_at < :cutOff AND w.valid_from <= :day
            GROUP BY a.id ORDER BY 1, 2, 3`,
      ),
    moments,
  );
  return rows;
}

/** Everything that can be asked as of a moment and of the moments after it, or of now. */
async function answers(small: SmallInstallation, from: string, moments: readonly string[]): Promise<unknown[]> {
  const { db, ctx } = small;
  const told: unknown[] = [await warehouseHash(db, ctx.keyring)];
  const { rows: people } = await db.raw(
    `SELECT person_id AS id FROM warehouse.person_version WHERE recorded_to = 'infinity' AND valid_to = 'infinity' ORDER BY 1`,
  );
  for (const moment of [from, ...moments.filter((m) => Date.parse(m) > Date.parse(from))]) {
    told.push([moment, await warehouseHash(db, ctx.keyring, moment)]);
    for (const school of ['064601:國小', '064602:國小', '064603:國小'])
      for (const on of DAYS)
        told.push(await rosterOf(db, school, recordedBefore(moment, on)).catch((error: Error) => error.message));
    for (const cutOff of [from, moments.at(-1) as string]) told.push(await seen(small, moment, cutOff));
  }
  for (const { id } of people.slice(0, 10)) {
    const { spells, identifiers, values } = await explainPerson(db, id);
    told.push([spells, identifiers, values.map(({ column, value }) => [column, value])]);
  }
  return told;
}

/** Reports of the runs from one on, without when the machine made them. */
async function reports({ db }: SmallInstallation, firstRun: number): Promise<unknown[]> {
  const runs = await db('ops.run').where('id', '>=', firstRun).orderBy('id').select('id');
  const told: unknown[] = [];
  for (const { id } of runs) {
    const { run, ...report } = await buildReport(db, id);
    told.push([report, { ...run, startedAt: '', finishedAt: '' }]);
  }
  return told;
}

/** What a night did, but for the number of versions that it looked through. */
async function did({ db }: SmallInstallation): Promise<unknown> {
  const { rows } = await db.raw(
    `SELECT code, institution_key, subject, person_ref, params, opened_run_id, closed_run_id FROM review.exception ORDER BY id`,
  );
  return rows;
}

it(`what is asked as of the horizon or later is answered as before, and later nights do the same (seed ${SEED}, ${PEOPLE} people)`, async () => {
  const [whole, forgets] = [await open(), await open()];
  const both = [whole, forgets];
  const draw = drawing();
  const moments: string[] = [];
  const standing: number[] = [];
  let forgotten = 0;
  try {
    for (let n = 0; n < NIGHTS; n++) {
      const day = dayOf(n);
      const when = `${day}T09:00:00+08:00`;
      const { rows: known } = await whole.db.raw('SELECT id FROM warehouse.person ORDER BY id');
      for (let k = 0; k < 2 && known.length > 1; k++) {
        const people = [known[draw(known.length)].id, known[draw(known.length)].id] as const;
        for (const { db } of both) {
          const joined = await joinPersons(db, { people, reason: '同一人', by: LIN, when }).catch((error) => {
            if (error instanceof ReviewError) return null;
            throw error;
          });
          if (joined !== null && db === whole.db) standing.push(joined.number);
        }
      }
      const parted = n % 3 === 2 ? standing.shift() : undefined;
      for (const small of both) {
        if (parted !== undefined)
          await undoJudgement(small.db, { number: parted, reason: '並非同一人', by: LIN, when });
        await sendNight(small, n, day, first(PEOPLE));
        expect((await small.night(`${day}T20:00:00+08:00`)).status).toBe('complete');
      }
      moments.push(`${day}T20:05:00+08:00`);
      if (n % 4 === 3) {
        const { runId } = await newest(whole);
        for (const small of both) await small.revert(`${day}T21:00:00+08:00`, runId, LIN);
        moments.push(`${day}T21:05:00+08:00`);
      }
      expect(await did(forgets), `night ${n}`).toEqual(await did(whole));
      const hash = await warehouseHash(whole.db, whole.ctx.keyring);
      expect(await warehouseHash(forgets.db, forgets.ctx.keyring), `night ${n}`).toBe(hash);
      if (n < 2) continue;
      const horizon = moments[Math.max(0, moments.length - 3 - draw(2))] as string;
      const [asked, told] = [await answers(forgets, horizon, moments), await answers(whole, horizon, moments)];
      expect(asked).toEqual(told);
      forgotten += await forgetBefore(forgets.ctx, await newest(forgets), horizon);
      expect(await answers(forgets, horizon, moments), `horizon ${horizon}`).toEqual(told);
      const { firstRun } = await historyHorizon(forgets.db);
      expect(await reports(forgets, firstRun)).toEqual(await reports(whole, firstRun));
    }
    const versions = async ({ db }: SmallInstallation): Promise<number> =>
      Number((await db('warehouse.assignment_version').count('* as n').first())?.n);
    expect(forgotten).toBeGreaterThan(100);
    expect(await versions(forgets)).toBeLessThan(await versions(whole));
  } finally {
    for (const small of both) await small.close();
  }
});
