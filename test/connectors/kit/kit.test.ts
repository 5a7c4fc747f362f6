/** A guard is worth what it stops: each check of the kit fails for a connector that breaks its rule. */
import { describe, expect, it } from 'vitest';
import type {
  Connector,
  ConnectorContext,
  Delivery,
  Part,
  RawObject,
  ReadNotes,
} from '../../../connectors/contract.ts';
import type { RawRow } from '../../../schemas/columns.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import { CHECKS, faultCheck } from './checks.ts';
import type { Harness } from './harness.ts';
import { rosterFiles } from './harnesses/school-files.ts';

type Bend = (whole: Connector) => Partial<Connector>;

const bent = (bend: Bend): Harness => ({
  ...rosterFiles,
  async start(records) {
    const world = await rosterFiles.start(records);
    return { ...world, connector: { ...world.connector, ...bend(world.connector) } };
  },
});

const changedRows =
  (change: (rows: RawRow[], notes: ReadNotes) => RawRow[]): Bend =>
  ({ read }) => ({
    async *read(delivery, ctx, notes) {
      for await (const rows of read(delivery, ctx, notes)) yield change(rows, notes);
    },
  });

const changedDeliveries =
  (change: (delivery: Delivery) => Delivery): Bend =>
  ({ fetch }) => ({
    async *fetch(part, ctx) {
      for await (const delivery of fetch(part, ctx)) yield change(delivery);
    },
  });

const changedObjects = (change: (object: RawObject) => RawObject): Bend =>
  changedDeliveries((delivery) => ({ ...delivery, objects: (delivery.objects as RawObject[]).map(change) }));

const deaf = (ctx: ConnectorContext): ConnectorContext => ({ ...ctx, signal: new AbortController().signal });
let counter = 0;

const BROKEN: readonly [why: string, check: RegExp, bend: Bend][] = [
  [
    'takes the file while looking',
    /^discovering touches nothing/,
    ({ discover, settle }) => ({
      discover: async (ctx) => {
        const parts = await discover(ctx);
        for (const part of parts) await settle(part);
        return parts;
      },
    }),
  ],
  [
    'names a person in the source',
    /^discovering touches nothing/,
    ({ discover }) => ({
      discover: async (ctx) => (await discover(ctx)).map((part): Part => ({ ...part, source: `${part.source}王小明` })),
    }),
  ],
  ['loses a row', /^every record comes out/, changedRows((rows) => rows.slice(1))],
  ['gives a row twice', /^every record comes out/, changedRows((rows) => [...rows, rows[0]!])],
  [
    'counts rows from zero',
    /^every record comes out/,
    changedRows((rows) => rows.map((row, i) => ({ ...row, origin: { object: 0, row: i } }))),
  ],
  [
    'points at an object that is not there',
    /^every record comes out/,
    changedRows((rows) => rows.map((row) => ({ ...row, origin: { ...row.origin, object: 1 } }))),
  ],
  [
    'does not say which fields came',
    /^a reading notes every field/,
    ({ read }) => ({
      async *read(delivery, ctx, notes) {
        yield* read(delivery, ctx, notes);
        delete notes.fields;
      },
    }),
  ],
  [
    'says of its own agreed rows that they drifted',
    /^a reading notes every field/,
    changedRows((rows) =>
      rows.map((row) => ({ ...row, drift: [{ kind: 'unknown-column', field: 'x', column: null }] })),
    ),
  ],
  [
    'says incomplete of what is complete',
    /^a picture says honestly/,
    changedDeliveries((d) => ({ ...d, complete: false })),
  ],
  [
    'takes the time of asking for the time of the picture',
    /^a picture says honestly/,
    changedDeliveries((d) => {
      counter += 1;
      return { ...d, asOf: () => `2024-08-01T02:00:00.${counter}+08:00` };
    }),
  ],
  [
    'says a day for a moment',
    /^a picture says honestly/,
    changedDeliveries((d) => ({ ...d, asOf: () => '2024-08-01' })),
  ],
  [
    'writes a stamp of its own into the bytes',
    /^fetching twice/,
    changedObjects((object) => ({
      ...object,
      body: (async function* () {
        yield* object.body;
        counter += 1;
        yield Buffer.from(`\n${counter}`);
      })(),
    })),
  ],
  [
    'reads a file again that was kept',
    /^a fetch that was interrupted/,
    ({ fetch }) => ({ fetch: (part, ctx) => fetch(part, ctx) }),
  ],
  [
    'has nothing of an interrupted fetch kept',
    /^a fetch that was interrupted/,
    ({ fetch }) => ({
      async *fetch(part, ctx, remembered) {
        for await (const delivery of fetch(part, ctx, remembered)) yield { ...delivery, resumable: false };
      },
    }),
  ],
  [
    'looks at the inbox for what it has',
    /^a fetch that was interrupted/,
    ({ discover, fetch }) => ({
      async *fetch(part, ctx, remembered) {
        if ((await discover(ctx)).length === 0)
          throw new SourceError('file-changed', { file: 'a.csv' }, { retryable: true });
        yield* fetch(part, ctx, remembered);
      },
    }),
  ],
  [
    'forgets when the kept file arrived',
    /^a fetch that was interrupted/,
    ({ fetch }) => ({
      async *fetch(part, ctx, remembered) {
        for await (const delivery of fetch(part, ctx, remembered))
          yield remembered?.held.length ? { ...delivery, asOf: () => ctx.now } : delivery;
      },
    }),
  ],
  [
    'looks at the inbox while reading',
    /^reading asks nothing/,
    ({ discover, read }) => ({
      async *read(delivery, ctx, notes) {
        await discover(ctx);
        yield* read(delivery, ctx, notes);
      },
    }),
  ],
  [
    'reads by pieces',
    /^reading asks nothing/,
    ({ read }) => ({
      async *read(delivery, ctx, notes) {
        for await (const piece of delivery.objects[0]!.body()) {
          for await (const rows of read(delivery, ctx, notes)) if (piece.length > 7) yield rows;
        }
      },
    }),
  ],
  ['drops what is broken', /^a broken record is a row/, changedRows((rows) => rows.filter((row) => !row.issues))],
  [
    'takes what is broken for whole',
    /^a broken record is a row/,
    changedRows((rows) => rows.map(({ issues: _, ...row }) => row)),
  ],
  [
    'quotes the value in the issue',
    /^a broken record is a row/,
    changedRows((rows) =>
      rows.map((row) =>
        row.issues ? { ...row, issues: [{ ...row.issues[0]!, value: row.values.nationalId! }] } : row,
      ),
    ),
  ],
  ['goes on fetching', /^a run that is stopped/, ({ fetch }) => ({ fetch: (part, ctx) => fetch(part, deaf(ctx)) })],
  [
    'goes on reading',
    /^a run that is stopped/,
    ({ read }) => ({
      read: (delivery, ctx, notes) => read(delivery, deaf(ctx), notes),
    }),
  ],
  [
    'takes a stop for a failure of the source',
    /^a run that is stopped/,
    ({ fetch }) => ({
      async *fetch(part, ctx) {
        if (ctx.signal.aborted) throw new SourceError('source-empty', { source: part.source });
        yield* fetch(part, ctx);
      },
    }),
  ],
  [
    'notes a name',
    /^no secret/,
    changedRows((rows, notes) => {
      notes.first = '王小明';
      return rows;
    }),
  ],
  ['names an object after a person', /^no secret/, changedObjects((object) => ({ ...object, name: 'A123456789.csv' }))],
  [
    'logs an identifier',
    /^no secret/,
    ({ fetch }) => ({
      fetch: (part, ctx) => {
        ctx.log.debug({ first: 'A123456789' }, 'fetching');
        return fetch(part, ctx);
      },
    }),
  ],
  ['leaves the file in the inbox', /^settling twice/, () => ({ settle: async () => {} })],
];

describe('the kit refuses a connector that', () => {
  it.each(BROKEN)('%s', async (_, title, bend) => {
    const check = CHECKS.find((c) => title.test(c.title))!;
    await expect(check.run(bent(bend))).rejects.toThrow();
  });

  it('breaks any rule: every check is shown to fail above', () => {
    const shown = CHECKS.filter((check) => BROKEN.some(([, title]) => title.test(check.title)));
    expect(shown).toEqual(CHECKS);
  });

  const failing = (read: Connector['read']) =>
    faultCheck('half a workbook', 'file-archive-broken').run(bent(() => ({ read })));
  it.each<[string, () => Error]>([
    ['another code', () => new SourceError('file-empty', { file: 'a.csv' })],
    ['a code without a text', () => new SourceError('no-such-code')],
    ['a text with an open place', () => new SourceError('file-archive-broken')],
    ['a name in the error', () => new SourceError('file-archive-broken', { file: '王小明.csv' })],
    [
      'a name in the cause',
      () => new SourceError('file-archive-broken', { file: 'a' }, { cause: new Error('王小明') }),
    ],
    ['an error of another kind', () => new TypeError('not a source error')],
  ])('fails with %s', async (_, error) => {
    // biome-ignore lint/correctness/useYield: it fails before the first row
    const read = async function* (): AsyncGenerator<RawRow[]> {
      throw error();
    };
    await expect(failing(read)).rejects.toThrow();
  });

  it('hands over nothing and calls it a picture', async () => {
    await expect(failing(async function* () {})).rejects.toThrow('handed over a picture');
  });
});
