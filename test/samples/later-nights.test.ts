import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { institutionItems, staffItems } from '../../samples/care-system/feed.ts';
import { deliveries } from '../../samples/inbox/deliver.ts';
import { encode } from '../../samples/inbox/encode.ts';
import type { Delivery } from '../../samples/inbox/roster-deliveries.ts';
import { nightTruth } from '../../samples/truth/night-truth.ts';
import { type Chronicle, openChronicle } from '../../samples/world/chronicle.ts';
import { instant, nightAt, nightOf, REHEARSAL_CLOCKS } from '../../samples/world/clocks.ts';
import type { NightEvent } from '../../samples/world/event.ts';
import { codeOf } from '../../samples/world/state.ts';

const LAST = 26;
const long = openChronicle(113, { last: LAST });
const AFTER_SIX = Array.from({ length: LAST - 5 }, (_, i) => i + 6);

const digestOf = async ({ table, profile }: Delivery): Promise<string> =>
  createHash('sha256')
    .update(await encode(table.cells, profile))
    .digest('hex');

/** Everything that a night hands in, serves and has in its books. */
async function digestOfNight(chronicle: Chronicle, index: number): Promise<string> {
  const hash = createHash('sha256');
  for (const one of deliveries(chronicle, index))
    hash.update(`${one.inbox} ${one.path} ${one.arrival}\n`).update(await encode(one.table.cells, one.profile));
  const { world } = chronicle.chapter(index);
  const served = [institutionItems(world), staffItems(chronicle.setting, world)];
  hash.update(JSON.stringify([...served, nightTruth(chronicle, nightOf(index).clock)]));
  return hash.digest('hex').slice(0, 16);
}

test('the six nights around the cut-off are byte for byte what they were before others followed, however long the series', async () => {
  const digests: string[] = [];
  for (const index of REHEARSAL_CLOCKS.keys()) digests.push(await digestOfNight(long, index));
  expect(digests).toEqual([
    '6dd7d069c4257d16',
    '8107b30932e60472',
    '0c012c003b6d31e3',
    '5e8ee9c7d369f78a',
    '3e35aee48de1b226',
    '3cbd23df9d2d4332',
  ]);
});

test('the same seed makes the same later night, whatever was asked before', async () => {
  expect(await digestOfNight(openChronicle(113, { last: 18 }), 18)).toBe(await digestOfNight(long, 18));
});

test('from the seventh on a night follows every day, and a moment belongs to the night before it', () => {
  for (const index of AFTER_SIX) {
    const { clock } = nightOf(index);
    expect(instant(clock) - instant(nightOf(index - 1).clock)).toBe(86_400_000);
    expect(nightAt(clock)).toBe(index);
    expect(nightAt(clock.replace('T02', 'T01'))).toBe(index - 1);
  }
});

test('after the last night of a series nothing more happens', () => {
  expect(openChronicle(113).nightAt('2025-01-01T02:00:00+08:00')).toBe(5);
  expect(long.nightAt('2025-01-01T02:00:00+08:00')).toBe(LAST);
  expect(() => long.chapter(LAST + 1)).toThrow(/nights 0 to 26/);
});

test('nobody works on Saturdays and Sundays; on every other day something of most kinds happens', () => {
  for (const index of AFTER_SIX) {
    const { staged, closed } = nightOf(index);
    expect(closed).toBe(['Sat', 'Sun'].includes(new Date(`${staged.day}T12:00:00Z`).toUTCString().slice(0, 3)));
    const { events } = long.chapter(index);
    const found = new Set(events.map(({ type }) => type));
    if (closed) expect([events, deliveries(long, index)]).toEqual([[], []]);
    else
      expect([...found]).toEqual(
        expect.arrayContaining(['hire', 'move', 'end', 'absence', 'return', 'change', 'propose', 'refuse', 'vanish']),
      );
  }
  const what = AFTER_SIX.flatMap((index) => long.chapter(index).events).map((e) =>
    e.type === 'institution' ? e.what : e.type,
  );
  expect(what).toEqual(expect.arrayContaining(['opening', 'rename', 'quasi-public']));
});

/** Schools of which anything happens in a night. */
const codesIn = (events: readonly NightEvent[]): Set<string> =>
  new Set(
    events.flatMap((e) => [
      ...('post' in e ? [codeOf(e.post.unit)] : []),
      ...('before' in e && 'unit' in e.before ? [codeOf(e.before.unit)] : []),
      ...('after' in e && 'unit' in e.after ? [codeOf(e.after.unit)] : []),
    ]),
  );

test('a school that sends a file again sends its bytes, and some send a whole list in which nothing is new', async () => {
  const sent = new Map<string, Delivery[]>();
  const again = { newest: 0, older: 0 };
  let unchanged = 0;
  for (let index = 0; index <= LAST; index++) {
    const codes = codesIn(long.chapter(index).events);
    for (const one of deliveries(long, index).filter(({ inbox }) => inbox === 'roster')) {
      const before = sent.get(one.code) ?? [];
      if (one.again) {
        again[one.again] += 1;
        const original = before.at(one.again === 'newest' ? -1 : -2) as Delivery;
        expect(await digestOf(one), one.path).toBe(await digestOf(original));
        expect(one.path).not.toBe(original.path);
        continue;
      }
      sent.set(one.code, [...before, one]);
      if (index > 5 && one.complete && !codes.has(one.code)) unchanged += 1;
    }
  }
  expect(Math.min(again.newest, again.older, unchanged)).toBeGreaterThan(3);
});

test('after all nights no two people share an identifier, nor two of one institution a name', () => {
  const { world } = long.chapter(LAST);
  const posts = [...world.posts.values()].flat();
  const byUid = new Map(posts.map(({ person }) => [person.uid, person.id]));
  expect(new Set(byUid.values()).size).toBe(byUid.size);
  for (const [unit, list] of world.posts)
    expect(new Set(list.map(({ person }) => person.name)).size, unit).toBe(list.length);
});

test('what opens has a number of its own, in the district that it says, and people to begin with', () => {
  const opened = AFTER_SIX.flatMap((index) => long.chapter(index).events).flatMap((e) =>
    e.type === 'opening' ? [e.kindergarten] : [],
  );
  const { first } = long.setting;
  const { world } = long.chapter(LAST);
  expect(world.kindergartens.size).toBe(first.kindergartens.size + opened.length);
  for (const { sid, district, name } of opened) {
    expect(sid).toMatch(/^09\d{8}$/);
    const neighbour = [...first.kindergartens.values()].find((k) => k.district === district);
    expect(sid.slice(0, 5), name).toBe(neighbour?.sid.slice(0, 5));
    expect(world.posts.get(sid)?.length).toBeGreaterThanOrEqual(6);
  }
});
