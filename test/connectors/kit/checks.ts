/**
 * What `connectors/contract.ts` asks of every connector, as checks that throw. Each starts a world of its own, so the order does not
 * matter. `kit.test.ts` shows that each of them fails for a connector that breaks its rule.
 */
import { expect } from 'vitest';
import type { Connector, Part, StoredObject } from '../../../connectors/contract.ts';
import { contextAt, handOver, readAll } from '../support/handover.ts';
import type { StandIn } from './harness.ts';
import { expectNoSecret, failureOf } from './look-for-secrets.ts';
import { OBJECT_CHECKS } from './object-checks.ts';
import { expectColumns, SHAPE_CHECKS } from './shape-checks.ts';
import { keepWithLog, recut } from './take.ts';
import { type Check, inWorldOf, keptOf, onlyPart, RECORDS, sorted } from './world.ts';

const LATER = '2024-08-02T18:30:00+08:00';
const ISO_MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Fetches again as a run that is taken up again does, which holds some objects. */
async function goOn({ connector }: StandIn, part: Part, held: readonly StoredObject[]) {
  let resumable = true;
  const noting: Connector = {
    ...connector,
    async *fetch(...args) {
      for await (const delivery of connector.fetch(...args)) {
        resumable &&= delivery.resumable ?? false;
        yield delivery;
      }
    },
  };
  const kept = await keepWithLog(noting, part, contextAt(), { held, landed: null });
  return { ...kept, resumable };
}

const MAIN_CHECKS: readonly Check[] = [
  {
    title: 'discovering touches nothing, and says the same twice',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const before = await world.trace();
        const part = await onlyPart(world);
        expect(await onlyPart(world)).toEqual(part);
        expect(await world.trace()).toEqual(before);
        expect(part.source.split('/')[0]).toBe(part.drop);
        expect(part.drop).toBe(world.connector.name);
        expectNoSecret(part, world.secrets);
      }),
  },
  {
    title: 'every record comes out exactly once, with its origin and no issue',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const handed = await handOver(world.connector, await onlyPart(world));
        const rows = handed.flatMap((h) => h.rows);
        expect(sorted(rows.map(world.markOf))).toEqual(sorted(world.marks));
        for (const { rows: own, delivery } of handed) {
          const places = own.map(({ origin }) => `${origin.object}:${origin.row}`);
          expect(new Set(places).size, 'no two records at one place').toBe(places.length);
          for (const { origin } of own) {
            expect(Number.isInteger(origin.row) && origin.row >= 1, `row ${origin.row}`).toBe(true);
            expect(delivery.objects[origin.object], `object ${origin.object}`).toBeDefined();
          }
        }
        expect(rows.flatMap((row) => row.issues ?? [])).toEqual([]);
        expect(rows.map((row) => row.values.endReason ?? '').filter((reason) => reason !== '')).toEqual([]);
        expectColumns(rows);
      }),
  },
  {
    title: 'a reading notes every field of what came, and finds nothing that is not as agreed',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        for (const delivery of await keptOf(world)) {
          const { rows, notes } = await readAll(world.connector, delivery);
          expect(sorted((notes.fields ?? []).map(({ name }) => name))).toEqual(sorted(world.fields));
          expect(rows.flatMap((row) => row.drift ?? [])).toEqual([]);
        }
      }),
  },
  {
    title: 'a picture says honestly whether it is complete, and of which moment it is',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const [first] = await keptOf(world);
        expect(first!.complete).toBe(harness.complete);
        expect(first!.asOf).toMatch(ISO_MOMENT);
        expect(Number.isNaN(Date.parse(first!.asOf))).toBe(false);
        const later = await keepWithLog(world.connector, await onlyPart(world), contextAt(LATER));
        if (harness.moment === 'source') expect(later.deliveries[0]!.asOf, 'asked later').toBe(first!.asOf);
        else expect(Date.parse(later.deliveries[0]!.asOf), 'of the run').toBe(Date.parse(LATER));
      }),
  },
  {
    title: 'fetching twice gives the same bytes when nothing changed',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const part = await onlyPart(world);
        const first = await keepWithLog(world.connector, part);
        const second = await keepWithLog(world.connector, part);
        expect(first.bytes.flat().reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(0);
        expect(second.bytes).toEqual(first.bytes);
      }),
  },
  {
    title: 'a fetch that was interrupted goes on with what was kept of it; a file of an inbox may be gone by then',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const part = await onlyPart(world);
        const whole = await keepWithLog(world.connector, part);
        const all = whole.deliveries.flatMap(({ objects }) => objects);
        const [first] = all;
        const goneOn = await goOn(world, part, [first!]);
        if (harness.leaves) expect(goneOn.resumable, 'what leaves the inbox is kept once').toBe(true);
        if (!goneOn.resumable) return;
        expect(goneOn.deliveries[0]!.objects[0], 'the object that was kept').toBe(first);
        expect(goneOn.bytes).toEqual(whole.bytes);
        if (!harness.leaves) return;
        await world.connector.settle(part);
        const { deliveries } = await goOn(world, part, all);
        expect(deliveries).toEqual(whole.deliveries);
        expect(deliveries.flatMap(({ objects }) => objects).every((object, i) => object === all[i])).toBe(true);
      }),
  },
  {
    title: 'reading asks nothing but the bytes: gone is the world, cut otherwise are the pieces, the same are the rows',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const { deliveries, bytes } = await keepWithLog(world.connector, await onlyPart(world));
        const before = await world.trace();
        const first = await Promise.all(deliveries.map((delivery) => readAll(world.connector, delivery)));
        expect(await world.trace()).toEqual(before);
        await world.close();
        for (const [i, delivery] of deliveries.entries()) {
          const again = await readAll(world.connector, recut(delivery, bytes[i]!, 7));
          expect(again.rows).toEqual(first[i]!.rows);
        }
      }),
  },
  {
    title: 'a broken record is a row with its issue, and costs no other',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const broken = await world.breakRow();
        const rows = (await handOver(world.connector, await onlyPart(world))).flatMap((h) => h.rows);
        expect(sorted(rows.map(world.markOf))).toEqual(sorted(world.marks));
        const wrong = rows.filter((row) => (row.issues ?? []).length > 0);
        expect(wrong.map(world.markOf)).toEqual([broken]);
        for (const row of wrong) expectNoSecret(row.issues, world.secrets);
      }),
  },
  {
    title: 'a run that is stopped stops the fetch and the read, for the reason of the run',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const part = await onlyPart(world);
        const [delivery] = await keptOf(world);
        const stopped = contextAt(undefined, AbortSignal.abort(new Error('the run was stopped')));
        await expect(keepWithLog(world.connector, part, stopped), 'fetch').rejects.toThrow('the run was stopped');
        await expect(readAll(world.connector, delivery!, stopped), 'read').rejects.toThrow('the run was stopped');
      }),
  },
  {
    title: 'no secret and no personal value is in a name, a note, an address or the log',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        expect(world.secrets.length).toBeGreaterThan(0);
        const { deliveries, log } = await keepWithLog(world.connector, await onlyPart(world));
        for (const delivery of deliveries) {
          const { notes } = await readAll(world.connector, delivery);
          expect(Object.keys(notes).length, 'a reading leaves notes').toBeGreaterThan(0);
          expectNoSecret([delivery.source, delivery.asOf, delivery.objects.map((o) => o.name), notes], world.secrets);
        }
        expectNoSecret(log, world.secrets);
        expectNoSecret(world.asked?.() ?? [], world.secrets);
      }),
  },
  {
    title: 'settling twice is harmless; what was landed leaves an inbox and nothing else',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const part = await onlyPart(world);
        await keptOf(world);
        const before = await world.trace();
        await world.connector.settle(part);
        await world.connector.settle(part);
        const left = await world.connector.discover(contextAt());
        expect(left).toEqual(harness.leaves ? [] : [part]);
        if (!harness.leaves) expect(await world.trace()).toEqual(before);
      }),
  },
];

export const CHECKS: readonly Check[] = [...MAIN_CHECKS, ...SHAPE_CHECKS, ...OBJECT_CHECKS];

/** One failure of the whole source: its code, a text that is filled, and nothing that could be taken for a picture. */
export const faultCheck = (fault: string, code: string): Check => ({
  title: `${fault}: ${code}, and nothing is handed over`,
  run: (harness) =>
    inWorldOf(harness, RECORDS, async (world) => {
      await world.fail(fault);
      expect(await failureOf(world)).toBe(code);
    }),
});
