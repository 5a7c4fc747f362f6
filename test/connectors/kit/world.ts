import { expect } from 'vitest';
import type { StoredDelivery } from '../../../connectors/contract.ts';
import { contextAt } from '../support/handover.ts';
import type { Harness, StandIn } from './harness.ts';
import { keepWithLog } from './take.ts';

export interface Check {
  title: string;
  /** Only for some connectors; for all where it is not given. */
  concerns?(harness: Harness): boolean;
  run(harness: Harness): Promise<void>;
}

export const RECORDS = 7;

export async function inWorldOf(harness: Harness, records: number, use: (world: StandIn) => Promise<void>) {
  const world = await harness.start(records);
  try {
    await use(world);
  } finally {
    await world.close();
  }
}

export async function onlyPart({ connector }: StandIn) {
  const parts = await connector.discover(contextAt());
  expect(parts, 'a world with records has one part').toHaveLength(1);
  return parts[0]!;
}

/** The deliveries of the only part, kept as the pipeline keeps them. */
export const keptOf = async (world: StandIn): Promise<StoredDelivery[]> =>
  (await keepWithLog(world.connector, await onlyPart(world))).deliveries;

export const sorted = (marks: readonly (string | undefined)[]) => marks.map(String).sort();
