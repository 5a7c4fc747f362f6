/**
 * The random nights of sixty people, of whom the bureau takes any two, and chains of them, for one, and parts them, at random. Every night completes, the same night again changes nothing,
 * nothing stands without a person, what was known before reads the same, and with every decision taken back each has the records that are theirs.
 */
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { joinPersons, undoJudgement } from '../../pipelines/review.ts';
import { ReviewError } from '../../schemas/review-error.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { plusDays } from '../pipelines/reconcile/words.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';
import { limits, NIGHTS, SEED, SEEDED, sendNight } from './support/random-people.ts';

vi.setConfig({ testTimeout: 480_000 });

const UNLIMITED = { percent: 10_000, people: 1, institutions: 1 };
const dayOf = (n: number): string => plusDays('2024-10-01', 4 * n);
const hashOf = ({ db, ctx }: SmallInstallation, asOf?: string): Promise<string> => warehouseHash(db, ctx.keyring, asOf);

/** Nobody is known without a spell, no spell is of nobody, and each person has one standing version. */
async function contradictions({ db }: SmallInstallation): Promise<string[]> {
  const { rows } = await db.raw(
    `WITH stands AS (SELECT person_id, count(*) AS n FROM warehouse.person_version WHERE recorded_to = 'infinity' AND valid_to = 'infinity' GROUP BY 1),
     spell AS (SELECT DISTINCT a.person_id FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity')
     SELECT 'versions of ' || person_id AS line FROM stands WHERE n > 1
     UNION ALL SELECT 'no spell of ' || person_id FROM stands WHERE person_id NOT IN (SELECT person_id FROM spell)
     UNION ALL SELECT 'nobody is ' || person_id FROM spell WHERE person_id NOT IN (SELECT person_id FROM stands)
     UNION ALL SELECT 'identifier of nobody, ' || person_id FROM warehouse.person_identifier WHERE person_id NOT IN (SELECT person_id FROM stands)
     UNION ALL SELECT DISTINCT 'two homes of ' || a.source_key FROM warehouse.assignment a JOIN warehouse.assignment b USING (source, source_key)
       WHERE (a.person_id, coalesce(a.home_id, a.person_id)) <> (b.person_id, coalesce(b.home_id, b.person_id))`,
  );
  return rows.map(({ line }: { line: string }) => line);
}

/** Of whom each record and each identifier is, by name. */
async function owners({ db }: SmallInstallation): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT right(a.source, 6) || ' ' || r.name || ' ' || p.name || coalesce(' was ' || a.home_id, '') AS line
     FROM warehouse.assignment a JOIN landing.staff_record r ON r.source = a.source AND r.key = a.source_key
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     UNION SELECT DISTINCT 'identifier ' || r.name || ' ' || p.name || coalesce(' was ' || i.home_id, '')
     FROM warehouse.person_identifier i JOIN landing.staff_record r ON r.id_hmac = i.hmac
     JOIN warehouse.person_version p ON p.person_id = i.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity' ORDER BY 1`,
  );
  return rows.map(({ line }: { line: string }) => line);
}

const open = async (key: number): Promise<SmallInstallation> => {
  const small = await openSmallInstallation(key, { config: { guards: { ...limits(10_000).guards, city: UNLIMITED } } });
  await addBureau(small.db, ['lin']);
  return small;
};

/** Decides of two people of all that they are one. @returns the number of the decision; null where they are already */
async function joinAny(
  { db }: SmallInstallation,
  draw: (below: number) => number,
  when: string,
): Promise<number | null> {
  const { rows } = await db.raw('SELECT id FROM warehouse.person ORDER BY id');
  if (rows.length < 2) return null;
  const people = [rows[draw(rows.length)].id, rows[draw(rows.length)].id] as const;
  try {
    return (await joinPersons(db, { people, reason: '同一人', by: LIN, when })).number;
  } catch (error) {
    if (error instanceof ReviewError && error.code === 'review-one-already') return null;
    throw error;
  }
}

/** Numbers below another, the same for the same seed. */
function drawing(seed: number): (below: number) => number {
  const random = fc.sample(fc.nat(), { numRuns: 2000, seed });
  let at = 0;
  return (below) => (random[at++ % random.length] as number) % below;
}

it(`joined and parted at random, and all taken back at last, each has what is theirs (${SEEDED})`, async () => {
  const [free, joined] = [await open(1), await open(2)];
  const draw = drawing(SEED);
  const standing: number[] = [];
  let joins = 0;
  const known: { asOf: string; hash: string }[] = [];
  try {
    for (let n = 0; n <= NIGHTS; n++) {
      const day = dayOf(n);
      if (n < NIGHTS) {
        await sendNight(free, n, day, (person) => person < 60);
        await sendNight(joined, n, day, (person) => person < 60);
      }
      const when = `${day}T09:00:00+08:00`;
      const undone = n === NIGHTS ? standing.splice(0) : standing.filter(() => draw(4) === 0);
      for (const number of undone) {
        await undoJudgement(joined.db, { number, reason: '並非同一人', by: LIN, when });
        if (standing.includes(number)) standing.splice(standing.indexOf(number), 1);
      }
      for (let k = 0; k < 6 && n < NIGHTS; k++) {
        const number = await joinAny(joined, draw, when);
        if (number === null) continue;
        standing.push(number);
        joins += 1;
      }
      await free.night(`${day}T23:00:00+08:00`);
      const result = await joined.night(`${day}T23:00:00+08:00`);
      expect(result.status, `night ${n}`).toBe('complete');
      expect(await contradictions(joined), `night ${n}`).toEqual([]);
      const hash = await hashOf(joined);
      const again = await joined.night(`${day}T23:10:00+08:00`);
      expect(Object.values(again.changes), `night ${n} again`).toEqual(
        Array(4).fill({ added: 0, changed: 0, ended: 0 }),
      );
      expect(await hashOf(joined)).toBe(hash);
      for (const { asOf, hash: then } of known) expect(await hashOf(joined, asOf), asOf).toBe(then);
      known.push({ asOf: `${day}T23:20:00+08:00`, hash });
    }
    expect(joins).toBeGreaterThan(20);
    expect(await owners(joined)).toEqual(await owners(free));
  } finally {
    await free.close();
    await joined.close();
  }
});
