/** What becomes of records that are not as agreed: other fields, other types, text that nobody can store, no records at all. */
import { expect } from 'vitest';
import type { RawRow } from '../../../schemas/columns.ts';
import {
  ACCOUNT_COLUMNS,
  COURSE_COLUMNS,
  type Column,
  INSTITUTION_COLUMNS,
  STAFF_COLUMNS,
} from '../../../schemas/columns.ts';
import type { ShapeField } from '../../../schemas/drift.ts';
import type { RecordKind } from '../../../schemas/records.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import { isStorable } from '../../../schemas/storable.ts';
import { handOver } from '../support/handover.ts';
import type { Harness, StandIn } from './harness.ts';
import { type Check, inWorldOf, onlyPart, RECORDS, sorted } from './world.ts';

const COLUMNS: Readonly<Record<RecordKind, ReadonlySet<Column>>> = {
  institution: new Set(INSTITUTION_COLUMNS),
  staff: new Set(STAFF_COLUMNS),
  account: new Set(ACCOUNT_COLUMNS),
  course: new Set(COURSE_COLUMNS),
};

export const UNHEARD_OF = 'unheardOf';
/** Names that every plain object seems to have, and one that nobody has. */
const NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty', UNHEARD_OF];

/** Every value is a text that can be stored, under a column of its kind. */
export function expectColumns(rows: readonly RawRow[]): void {
  for (const { kind, values } of rows) {
    for (const [column, value] of Object.entries(values)) {
      expect(COLUMNS[kind].has(column as Column), `column ${column} of ${kind}`).toBe(true);
      expect(typeof value === 'string' && isStorable(value), `text in ${column}`).toBe(true);
    }
  }
}

export async function takeAll(world: StandIn): Promise<{ rows: RawRow[]; fields: ShapeField[] }> {
  const handed = await handOver(world.connector, await onlyPart(world));
  return { rows: handed.flatMap((h) => h.rows), fields: handed.flatMap((h) => h.notes.fields ?? []) };
}

const notedAs = (fields: readonly ShapeField[], name: string): ShapeField | undefined =>
  fields.find((field) => field.name === name || field.name.endsWith(`.${name}`));

const ofJson = ({ json }: Harness): boolean => json;

export const SHAPE_CHECKS: readonly Check[] = [
  {
    title: 'a field that is not known, whatever its name, is noted and told, and no column is made of it',
    run: async (harness) => {
      for (const name of harness.unnamed ? [UNHEARD_OF] : NAMES) {
        await inWorldOf(harness, RECORDS, async (world) => {
          await world.addField(name);
          const { rows, fields } = await takeAll(world);
          const more = fields.filter((field) => !world.fields.includes(field.name));
          expect(more, `fields that came with ${name}`).toEqual([expect.objectContaining({ column: null })]);
          const noted = harness.unnamed ? more[0] : notedAs(more, name);
          expect(noted, `${name} among ${more.map((field) => field.name)}`).toBeDefined();
          expectColumns(rows);
          expect(sorted(rows.map(world.markOf))).toEqual(sorted(world.marks));
          expect(rows.flatMap((row) => row.issues ?? [])).toEqual([]);
          const told = { kind: 'unknown-column', field: more[0]!.name, column: null };
          const drift = rows.flatMap((row) => row.drift ?? []);
          const times = !more[0]!.types ? 0 : harness.unnamed ? rows.length : 1;
          expect(drift, `drift of ${name}`).toEqual(Array.from({ length: times }, () => told));
        });
      }
    },
  },
  {
    title: 'a field whose name cannot be stored is noted by one that can',
    concerns: ofJson,
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        await world.addField('a\0b\ud800');
        const { rows, fields } = await takeAll(world);
        const names = [...fields.map(({ name }) => name), ...rows.flatMap((r) => r.drift ?? []).map((d) => d.field)];
        expect(names.filter((name) => !isStorable(name))).toEqual([]);
        expect(fields.length).toBe(world.fields.length + 1);
      }),
  },
  {
    title: 'a value of another type is told of its row, noted, and costs no other',
    concerns: ofJson,
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const field = world.textField!;
        const mark = await world.changeItem!((item) => ({ ...item, [field]: { nested: true } }));
        const { rows, fields } = await takeAll(world);
        expect(notedAs(fields, field)!.types).toContain('object');
        expect(sorted(rows.map(world.markOf))).toEqual(sorted(world.marks));
        const drifted = rows.filter((row) => (row.drift ?? []).length > 0);
        expect(drifted.map(world.markOf)).toEqual([mark]);
        expect(drifted[0]!.drift).toEqual([
          expect.objectContaining({ kind: 'wrong-type', field: notedAs(fields, field)!.name, found: 'object' }),
        ]);
        expectColumns(rows);
      }),
  },
  {
    title: 'text that cannot be stored is an issue of its row and no value of it',
    concerns: ofJson,
    run: async (harness) => {
      for (const text of ['with a \0', 'half a \ud83d']) {
        await inWorldOf(harness, RECORDS, async (world) => {
          const mark = await world.changeItem!((item) => ({ ...item, [world.textField!]: text }));
          const { rows } = await takeAll(world);
          expect(sorted(rows.map(world.markOf))).toEqual(sorted(world.marks));
          const wrong = rows.filter((row) => (row.issues ?? []).length > 0);
          expect(wrong.map(world.markOf)).toEqual([mark]);
          expect(wrong[0]!.issues!.map(({ code }) => code)).toContain('raw-text-broken');
          expectColumns(rows);
        });
      }
    },
  },
  {
    title: 'an item that is no record is a row with its issue, and costs no other',
    concerns: ofJson,
    run: async (harness) => {
      for (const nothing of [null, 'a text', ['a list']]) {
        await inWorldOf(harness, RECORDS, async (world) => {
          const mark = await world.changeItem!(() => nothing);
          const { rows } = await takeAll(world);
          expect(rows).toHaveLength(world.marks.length);
          const others = world.marks.filter((one) => one !== mark);
          const good = rows.filter((row) => row.issues === undefined);
          expect(sorted(good.map(world.markOf))).toEqual(sorted(others));
          expectColumns(rows);
        });
      }
    },
  },
  {
    title: 'a record of a school that the source may not speak for is a row with its issue, and costs no other',
    concerns: ({ schools }) => schools,
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const mark = await world.foreignRow!();
        const { rows } = await takeAll(world);
        expect(rows).toHaveLength(world.marks.length);
        expect(rows.filter((row) => (row.issues ?? []).length > 0).map(world.markOf)).toEqual([mark]);
      }),
  },
  {
    title: 'a record that comes twice comes out twice, or the source is refused: none is passed over',
    run: (harness) =>
      inWorldOf(harness, RECORDS, async (world) => {
        const twice = await world.repeatRow();
        const taken = await takeAll(world).catch((error: unknown) => {
          if (error instanceof SourceError) return null;
          throw error;
        });
        if (taken === null) return;
        expect(sorted(taken.rows.map(world.markOf))).toEqual(sorted([...world.marks, twice]));
      }),
  },
];
