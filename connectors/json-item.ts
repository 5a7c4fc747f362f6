/**
 * A JSON item as the values of a row, the same for every JSON source: each field is mapped to a column, ignored by name (null), or drift, as is a value
 * of another type than agreed. An item of the wrong shape becomes a row with its issues, and what can be read of it still tells whose it is (I12).
 */
import type { z } from 'zod';
import type { Column, RawRow } from '../schemas/columns.ts';
import type { RowDrift } from '../schemas/drift.ts';
import type { Issue, RecordKind } from '../schemas/records.ts';
import { asText, fieldName, judge, type ShapeCollector } from './json-shape.ts';
import { putText } from './storable-values.ts';

/** A map and no plain object: a field named `constructor` is a field like any other. */
export type FieldMap = ReadonlyMap<string, Column | null>;
export const fieldMap = (fields: Readonly<Record<string, Column | null>>): FieldMap => new Map(Object.entries(fields));

export interface ItemShape {
  kind: RecordKind;
  schema: z.ZodType;
  fields: FieldMap;
  /** In front of a field's name where the source has several lists: `staff.` */
  prefix?: string;
  /** Text of a value that a column is made of; null for what no column can hold. `asText` where it is not given. */
  textOf?(column: Column, value: unknown): string | null;
}

export interface ReadItem {
  /** Its fields; none of what is no object. */
  given: Readonly<Record<string, unknown>>;
  issues: Issue[];
  drift: RowDrift[];
}

const NO_ITEM: ReadItem['given'] = {};

export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** @param values of the row, which get a value more for each mapped field. @param shape collects the fields of all items */
export function readItem(item: unknown, shaped: ItemShape, values: RawRow['values'], shape: ShapeCollector): ReadItem {
  const { kind, schema, fields, prefix = '', textOf } = shaped;
  const given = isObject(item) ? item : NO_ITEM;
  const nameOf = (field: string): string => prefix + (fields.has(field) ? field : fieldName(field));
  const { error } = schema.safeParse(item);
  const { issues, drift } = judge(error?.issues ?? [], given, (field) => fields.get(field) ?? null, nameOf);
  for (const [field, value] of Object.entries(given)) {
    const column = fields.get(field);
    shape.add(nameOf(field), column ?? null, value, kind);
    if (column === undefined) drift.push({ kind: 'unknown-column', field: nameOf(field), column: null });
    if (!column) continue;
    const text = textOf ? textOf(column, value) : asText(value);
    if (text !== null) putText(values, issues, column, field, text);
  }
  return { given, issues, drift };
}
