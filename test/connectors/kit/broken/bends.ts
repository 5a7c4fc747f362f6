/** Ways to make a connector break a rule. */
import type { Connector, ConnectorContext, Delivery, RawObject, ReadNotes } from '../../../../connectors/contract.ts';
import type { RawRow } from '../../../../schemas/columns.ts';
import type { Harness, StandIn } from '../harness.ts';
import { rosterFiles } from '../harnesses/school-files.ts';

export type Bend = (whole: Connector, world: StandIn) => Partial<Connector>;

/** A connector that breaks a rule: one of files, or of another kind where the rule concerns that only. */
export const bent = (bend: Bend, whole: Harness = rosterFiles): Harness => ({
  ...whole,
  async start(records) {
    const world = await whole.start(records);
    return { ...world, connector: { ...world.connector, ...bend(world.connector, world) } };
  },
});

export const changedRows =
  (change: (rows: RawRow[], notes: ReadNotes) => RawRow[]): Bend =>
  ({ read }) => ({
    async *read(delivery, ctx, notes) {
      for await (const rows of read(delivery, ctx, notes)) yield change(rows, notes);
    },
  });

export const changedDeliveries =
  (change: (delivery: Delivery) => Delivery): Bend =>
  ({ fetch }) => ({
    async *fetch(part, ctx) {
      for await (const delivery of fetch(part, ctx)) yield change(delivery);
    },
  });

export const changedObjects = (change: (object: RawObject) => RawObject): Bend =>
  changedDeliveries((delivery) => ({ ...delivery, objects: (delivery.objects as RawObject[]).map(change) }));

/** A log of which a word is heard that its owner did not say. */
export const withWarn = (ctx: ConnectorContext, warn: () => void): ConnectorContext => ({
  ...ctx,
  log: Object.create(ctx.log, { warn: { value: warn } }) as ConnectorContext['log'],
});

export const deaf = (ctx: ConnectorContext): ConnectorContext => ({ ...ctx, signal: new AbortController().signal });

/** What it does, which check it fails, and how; of files where no other harness is named. */
export type Broken = [why: string, check: RegExp, bend: Bend, of?: Harness];
