/**
 * I3 for readers: while writers apply plans, whoever reads gets one state that was committed, of now or of a moment, and the same again when all is quiet. Writers and
 * readers have connections of their own and the machine's clock; what is read, and of when, is drawn from a seed.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { taipeiDay } from '../../pipelines/taipei-day.ts';
import { random } from '../support/random.ts';
import { ask, openReader, type Told } from './support/parallel-readers.ts';
import { openParallelWriters, type ParallelWriters } from './support/parallel-writers.ts';

const READS = 200;
const APPLIES = 16;
const READERS = 4;
/** Each read is asked twice; on a busy machine that takes a while. */
const MINUTES = 300_000;

let writers: ParallelWriters;
const told: Told[] = [];
/** Recorded moments of the applied runs, oldest first. */
let moments: string[];

const recorded = async (): Promise<string[]> =>
  await writers.small.db('ops.run').whereNotNull('recorded_at').orderBy('recorded_at').pluck('recorded_at');
/** Just after: what was recorded at the moment itself is in. */
async function justAfter(moment: string): Promise<string> {
  const { rows } = await writers.small.db.raw(`SELECT ?::timestamptz + interval '1 microsecond' AS at`, [moment]);
  return rows[0].at;
}

beforeAll(async () => {
  writers = await openParallelWriters();
  const draw = random(113);
  const on = taipeiDay(new Date().toISOString());
  const before = (await recorded()).length;
  const enough = async (): Promise<boolean> => told.length >= READS && (await recorded()).length - before >= APPLIES;
  let ended = false;
  /** Now, this very millisecond as a moment, or a moment not long ago. */
  const moment = (): string | null => {
    const which = draw();
    if (which < 0.35) return null;
    return new Date(Date.now() - (which < 0.8 ? 0 : Math.floor(draw() * 3000))).toISOString();
  };
  const first = Date.parse((await recorded())[0] as string);
  const read = async (): Promise<void> => {
    const reader = openReader(writers, on);
    const all = Object.keys(reader.asks);
    const due: string[] = [];
    closers.push(() => reader.close());
    while (!ended) {
      if (due.length === 0) due.push(...all);
      const [what] = due.splice(Math.floor(draw() * due.length), 1);
      const at = moment();
      told.push(await ask(reader, what as string, at !== null && Date.parse(at) <= first ? null : at));
      ended ||= await enough();
    }
  };
  await Promise.all([writers.write(() => ended), ...Array.from({ length: READERS }, read)]);
  moments = await recorded();
}, MINUTES);
const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
  await writers.close();
});

it('writers applied while readers read, and no read was of two states', () => {
  expect(told.length).toBeGreaterThanOrEqual(READS);
  const between = moments.filter((moment) =>
    told.some(({ began, ended }) => began < Date.parse(moment) && Date.parse(moment) < ended),
  );
  expect(between.length).toBeGreaterThanOrEqual(APPLIES);
  const mixed = told.filter(({ numbers }) => numbers.some((of) => new Set(of).size > 1));
  expect(mixed.map(({ what, numbers }) => `${what}: ${JSON.stringify(numbers)}`)).toEqual([]);
  const whole = told.filter(({ what }) => what.startsWith('roster 064601')).map(({ numbers }) => numbers[0]?.length);
  expect(new Set(whole)).toEqual(new Set([4]));
  const seen = new Set(told.flatMap(({ numbers }) => numbers.map(([n]) => n)));
  expect(seen.size).toBeGreaterThan(3);
});

it(
  'what was read of a moment is what that moment says when all is quiet, byte for byte',
  async () => {
    const due = told.filter(({ ofNow }) => !ofNow);
    const askAgain = async (): Promise<void> => {
      for (let one = due.pop(); one; one = due.pop()) expect(await one.again(), one.what).toBe(one.said);
    };
    await Promise.all(Array.from({ length: READERS }, askAgain));
  },
  MINUTES,
);

it(
  'what was read of now is what one of the applied runs left',
  async () => {
    const committed = new Map<string, Set<string>>();
    const after = await Promise.all(moments.map(justAfter));
    for (const { what, said, at } of told.filter(({ ofNow }) => ofNow)) {
      if (!committed.has(what)) committed.set(what, new Set(await Promise.all(after.map(at))));
      expect([...(committed.get(what) as Set<string>)], what).toContain(said);
    }
  },
  MINUTES,
);
