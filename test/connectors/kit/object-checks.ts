/** What becomes of the bytes: kept as sent, all of them, however many. */
import { expect } from 'vitest';
import type { StoredDelivery } from '../../../connectors/contract.ts';
import type { RawRow } from '../../../schemas/columns.ts';
import { contextAt, keep, readAll, sourceError } from '../support/handover.ts';
import { expectNoSecret } from './look-for-secrets.ts';
import { expectColumns } from './shape-checks.ts';
import { keepWithLog } from './take.ts';
import { type Check, inWorldOf, keptOf, onlyPart, RECORDS, sorted } from './world.ts';

const MANY = 1200;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export const OBJECT_CHECKS: readonly Check[] = [
  {
    title: 'what is kept is what was sent, byte for byte',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const { bytes } = await keepWithLog(world.connector, await onlyPart(world));
        expect(sorted(bytes.flat().map(base64))).toEqual(sorted((await world.sent()).map(base64)));
      }),
  },
  {
    title: 'a picture that lacks one of its objects is refused when it is read',
    concerns: ({ several }) => several,
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const [delivery] = await keptOf(world);
        for (const [i, { name }] of delivery!.objects.entries()) {
          const lacking: StoredDelivery = {
            ...delivery!,
            objects: delivery!.objects.filter((_, other) => other !== i),
          };
          await expect(sourceError(readAll(world.connector, lacking)), `read without ${name}`).resolves.toBeDefined();
        }
      }),
  },
  {
    title: 'many records come out as few do, and a stop is heard between them',
    run: (harness) =>
      inWorldOf(harness, MANY, async (world) => {
        const [delivery] = await keptOf(world);
        const { rows } = await readAll(world.connector, delivery!);
        expect(sorted(rows.map(world.markOf))).toEqual(sorted(world.marks));
        expect(rows.flatMap((row) => row.issues ?? [])).toEqual([]);
        expectColumns(rows);

        const stop = new AbortController();
        let before: RawRow[] | null = null;
        const reading = (async () => {
          for await (const batch of world.connector.read(delivery!, contextAt(undefined, stop.signal), {})) {
            if (before !== null) expect.unreachable('a batch came after the stop');
            before = batch;
            stop.abort(new Error('the run was stopped'));
          }
        })();
        // What came in one batch may end; what has more to give must not.
        await reading.catch((error: unknown) => expect(String(error)).toContain('the run was stopped'));
        expect(before).not.toBeNull();
      }),
  },
  {
    title: 'a stop in the middle of a fetch is heard',
    concerns: ({ several, server }) => several && server,
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const part = await onlyPart(world);
        const stop = new AbortController();
        const fetching = keep(world.connector, part, contextAt(undefined, stop.signal), undefined, () =>
          stop.abort(new Error('the run was stopped')),
        );
        await expect(fetching).rejects.toThrow('the run was stopped');
      }),
  },
  {
    title: 'a server that fails once is asked again, without a word of the secret',
    concerns: ({ server }) => server,
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        world.failOnce!();
        const { deliveries, log } = await keepWithLog(world.connector, await onlyPart(world));
        const rows = (await Promise.all(deliveries.map((one) => readAll(world.connector, one)))).flatMap((h) => h.rows);
        expect(sorted(rows.map(world.markOf))).toEqual(sorted(world.marks));
        expectNoSecret(log, world.secrets);
        expectNoSecret(world.asked!(), world.secrets);
      }),
  },
];
