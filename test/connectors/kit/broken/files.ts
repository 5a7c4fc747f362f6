/** Connectors of files that break a rule each, and the check that they fail. */
import type { Part } from '../../../../connectors/contract.ts';
import { SourceError } from '../../../../schemas/source-error.ts';
import { type Broken, changedDeliveries, changedObjects, changedRows, deaf } from './bends.ts';

let counter = 0;

export const BROKEN_FILES: readonly Broken[] = [
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
    'makes up why somebody left',
    /^every record comes out/,
    changedRows((rows) => rows.map((row) => ({ ...row, values: { ...row.values, endReason: '離職' } }))),
  ],
  [
    'notes one field only',
    /^a reading notes every field/,
    changedRows((rows, notes) => {
      notes.fields = notes.fields!.slice(0, 1);
      return rows;
    }),
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
    ({ fetch }) => ({
      async *fetch(part, ctx) {
        for await (const delivery of fetch(part, ctx)) yield { ...delivery, asOf: () => ctx.now };
      },
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
