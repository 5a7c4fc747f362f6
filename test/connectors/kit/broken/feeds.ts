/** Connectors that break a rule about records, pages or servers each, and the check that they fail: some 200 lines, for they are many. */
import { SourceError } from '../../../../schemas/source-error.ts';
import { cloudSchool } from '../harnesses/cloudschool.ts';
import { oneRosterApi12 } from '../harnesses/oneroster-api.ts';
import { type Broken, changedDeliveries, changedObjects, changedRows, deaf, withWarn } from './bends.ts';

export const BROKEN_FEEDS: readonly Broken[] = [
  [
    'sends its key in the address',
    /^no secret/,
    ({ fetch: whole }, world) => ({
      async *fetch(part, ctx) {
        yield* whole(part, ctx);
        await fetch(`${world.asked!().at(-1)}?key=${world.secrets[0]}`);
      },
    }),
    cloudSchool,
  ],
  [
    'logs the beginning of its key',
    /^no secret/,
    ({ fetch }, world) => ({
      fetch: (part, ctx) => {
        ctx.log.info({ key: `${world.secrets[0]!.slice(0, 8)}…` }, 'fetching');
        return fetch(part, ctx);
      },
    }),
    cloudSchool,
  ],
  [
    'makes a column of what it does not know',
    /^a field that is not known/,
    changedRows((rows) => rows.map((row) => ({ ...row, values: { ...row.values, [String(Object)]: 'x' } }))),
  ],
  [
    'does not tell of a new field',
    /^a field that is not known/,
    changedRows((rows) => rows.map(({ drift: _, ...row }) => row)),
    cloudSchool,
  ],
  [
    'does not note a new field',
    /^a field that is not known/,
    ({ read }, world) => ({
      async *read(delivery, ctx, notes) {
        yield* read(delivery, ctx, notes);
        notes.fields = notes.fields!.filter(({ name }) => world.fields.includes(name));
      },
    }),
    cloudSchool,
  ],
  [
    'quarantines a row for a new field',
    /^a field that is not known/,
    changedRows((rows) =>
      rows.map((row) => (row.drift ? { ...row, issues: [{ code: 'x', column: null, value: null }] } : row)),
    ),
    cloudSchool,
  ],
  [
    'notes a name as it came',
    /^a field whose name cannot be stored/,
    ({ read }, world) => ({
      async *read(delivery, ctx, notes) {
        yield* read(delivery, ctx, notes);
        const known = (name: string) => world.fields.includes(name);
        notes.fields = notes.fields!.map((field) => (known(field.name) ? field : { ...field, name: 'a\0b' }));
      },
    }),
    cloudSchool,
  ],
  [
    'does not tell of another type',
    /^a value of another type/,
    changedRows((rows) => rows.map(({ drift: _, ...row }) => row)),
    cloudSchool,
  ],
  [
    'drops a row for another type',
    /^a value of another type/,
    changedRows((rows) => rows.filter((row) => !row.drift)),
    cloudSchool,
  ],
  [
    'lets a NUL through',
    /^text that cannot be stored/,
    changedRows((rows) => rows.map((row) => ({ ...row, values: { ...row.values, title: 'with a \0' } }))),
    cloudSchool,
  ],
  [
    'drops such text without a word',
    /^text that cannot be stored/,
    changedRows((rows) => rows.map(({ issues: _, ...row }) => row)),
    cloudSchool,
  ],
  [
    'drops what is no record',
    /^an item that is no record/,
    changedRows((rows) => rows.filter(({ values }) => values.staffId !== undefined)),
    cloudSchool,
  ],
  [
    'takes what is no record for one',
    /^an item that is no record/,
    changedRows((rows) => rows.map(({ issues: _, ...row }) => row)),
    oneRosterApi12,
  ],
  [
    'drops people of other schools',
    /^a record of a school/,
    changedRows((rows) => rows.filter((row) => !row.issues)),
    oneRosterApi12,
  ],
  [
    'takes people of other schools',
    /^a record of a school/,
    changedRows((rows) => rows.map(({ issues: _, ...row }) => row)),
    oneRosterApi12,
  ],
  [
    'drops the second row of one person',
    /^a record that comes twice/,
    changedRows((rows) => [...new Map(rows.map((row) => [row.values.name, row])).values()]),
  ],
  [
    'keeps bytes that it made anew',
    /^what is kept is what was sent/,
    changedObjects((object) => ({
      ...object,
      body: (async function* () {
        const pieces: Uint8Array[] = [];
        for await (const piece of object.body) pieces.push(piece);
        yield Buffer.from(JSON.stringify(JSON.parse(Buffer.concat(pieces).toString())));
      })(),
    })),
    cloudSchool,
  ],
  [
    'fetches one page only',
    /^what is kept is what was sent/,
    changedDeliveries((delivery) => ({
      ...delivery,
      objects: (async function* () {
        let given = false;
        for await (const object of delivery.objects) {
          if (!given) yield object;
          given = true;
        }
      })(),
    })),
    oneRosterApi12,
  ],
  [
    'reads what pages there are',
    /^a picture that lacks one of its objects/,
    ({ read }) => ({
      async *read(delivery, ctx, notes) {
        try {
          yield* read(delivery, ctx, notes);
        } catch (error) {
          if (!(error instanceof SourceError)) throw error;
        }
      },
    }),
    oneRosterApi12,
  ],
  ['drops rows beyond the tenth of a page', /^many records/, changedRows((rows) => rows.slice(0, 10))],
  [
    'hears a stop before the first row only',
    /^many records/,
    ({ read }) => ({
      async *read(delivery, ctx, notes) {
        ctx.signal.throwIfAborted();
        yield* read(delivery, deaf(ctx), notes);
      },
    }),
    cloudSchool,
  ],
  [
    'hears a stop before the first page only',
    /^a stop in the middle of a fetch/,
    ({ fetch }) => ({
      async *fetch(part, ctx) {
        ctx.signal.throwIfAborted();
        yield* fetch(part, deaf(ctx));
      },
    }),
    oneRosterApi12,
  ],
  [
    'does not ask again',
    /^a server that fails once/,
    ({ fetch }) => ({
      fetch: (part, ctx) =>
        fetch(
          part,
          withWarn(ctx, () => {
            throw new SourceError('api-status', {});
          }),
        ),
    }),
    cloudSchool,
  ],
  [
    'tells its key when it asks again',
    /^a server that fails once/,
    ({ fetch }, world) => ({
      fetch: (part, ctx) =>
        fetch(
          part,
          withWarn(ctx, () => ctx.log.info(`again with ${Buffer.from(world.secrets[0]!).toString('base64')}`)),
        ),
    }),
    cloudSchool,
  ],
];
