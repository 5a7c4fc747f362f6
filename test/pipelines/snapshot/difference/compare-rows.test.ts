/** Whatever two snapshots are, what differs makes the newer one of the older one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Compared, compareRows } from '../../../../pipelines/snapshot/difference/compare-rows.ts';
import type { RowBlock } from '../../../../pipelines/snapshot/difference/placed-rows.ts';

type Rows = readonly { entity: number; line: string }[];

async function* blocks(rows: Rows, size: number): AsyncGenerator<RowBlock> {
  for (let i = 0; i < rows.length; i += size) {
    const some = rows.slice(i, i + size);
    yield { first: i + 1, lines: some.map(({ line }) => line), entities: some.map(({ entity }) => String(entity)) };
  }
}

/** Goes through both once, as whoever replays a delta does. */
function replay(older: Rows, { pairs, gone, come }: Compared, rows: number): string[] {
  const out = new Set([...pairs.map(({ before }) => before.place), ...gone.map(({ place }) => place)]);
  const told = new Map([...pairs.map(({ after }) => after), ...come].map((row) => [row.place, row.line] as const));
  const stay = older.filter((_, i) => !out.has(i + 1)).map(({ line }) => line);
  const made = Array.from({ length: rows }, (_, i) => told.get(i + 1) ?? (stay.shift() as string));
  expect(stay).toEqual([]);
  return made;
}

const side = fc.uniqueArray(fc.record({ entity: fc.nat(40), line: fc.constantFrom('a', 'b', 'c') }), {
  selector: ({ entity }) => entity,
  maxLength: 30,
});

it('replayed on the older one it is the newer one, whatever their orders and however they are read', async () => {
  await fc.assert(
    fc.asyncProperty(
      side,
      side,
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 8 }),
      async (older, newer, a, b) => {
        const compared = (await compareRows(blocks(older, a), blocks(newer, b), 1000)) as Compared;
        expect(replay(older, compared, newer.length)).toEqual(newer.map(({ line }) => line));
        const known = new Set(older.map(({ entity }) => entity));
        expect(compared.come.every(({ entity }) => !known.has(entity))).toBe(true);
        expect(compared.pairs.every(({ before, after }) => before.entity === after.entity)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

it('in files of one order only what is unlike is told, and one row that moves is one', async () => {
  const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ entity: i, line: `line ${i}` }));
  const older = rows(1000);
  const newer = rows(1000).filter(({ entity }) => entity !== 500);
  newer.splice(10, 0, { entity: 2000, line: 'new' });
  newer[700] = { entity: newer[700]?.entity as number, line: 'other' };
  const moved = newer.splice(900, 1);
  newer.splice(100, 0, ...moved);
  const found = (await compareRows(blocks(older, 64), blocks(newer, 50), 1000)) as Compared;
  expect([found.pairs.length, found.gone.length, found.come.length]).toEqual([2, 1, 1]);
});

it('more than may differ is told by null, and what is read is let go', async () => {
  const rows = (line: string) => Array.from({ length: 100 }, (_, i) => ({ entity: i, line }));
  let ended = 0;
  async function* watched(of: Rows): AsyncGenerator<RowBlock> {
    try {
      yield* blocks(of, 10);
    } finally {
      ended += 1;
    }
  }
  expect(await compareRows(watched(rows('a')), watched(rows('b')), 50)).toBeNull();
  expect(ended).toBe(2);
  expect(await compareRows(blocks(rows('a'), 10), blocks(rows('a'), 10), 0)).toEqual({ pairs: [], gone: [], come: [] });
});
