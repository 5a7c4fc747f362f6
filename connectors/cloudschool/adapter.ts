/** A person of 學期教職員 as a canonical row; UID still tells whose row it is where the person is of the wrong shape (I12). */
import { cloudStaff } from '../../schemas/cloudschool.ts';
import type { RawRow } from '../../schemas/columns.ts';
import type { Origin } from '../../schemas/records.ts';
import { fieldMap, type ItemShape, readItem } from '../json-item.ts';
import { asText, type ShapeCollector, withFindings } from '../json-shape.ts';

const PERSON: ItemShape = {
  kind: 'staff',
  schema: cloudStaff,
  fields: fieldMap({
    姓名: 'name',
    性別: 'sex',
    UID: 'staffId',
    身分證編碼: 'idDigest',
    職稱: 'title',
    任教科目: 'subjects',
    // Names for a login, and where somebody sits: nothing that the roster keeps.
    帳號: null,
    UID2: null,
    處室: null,
  }),
  textOf: (column, value) => (column === 'subjects' ? subjectsOf(value) : asText(value)),
};

export interface Adapting {
  /** Of the school: its code, and its section where one is configured. */
  defaults: RawRow['values'];
  kindOf(office: string, title: string): string | undefined;
  /** Collects the fields of everybody. */
  shape: ShapeCollector;
}

export function toRow(person: unknown, origin: Origin, { defaults, kindOf, shape }: Adapting): RawRow {
  const values: RawRow['values'] = { ...defaults };
  const { given, issues, drift } = readItem(person, PERSON, values, shape);
  const kind = kindOf(asText(given.處室) ?? '', values.title ?? '');
  if (kind !== undefined) values.titleKind = kind;
  return withFindings({ kind: 'staff', values, origin }, issues, drift);
}

/** 科目 of each class taught, each once. */
function subjectsOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return null;
  const names = value.map((one: unknown) => asText((one as { 科目?: unknown } | null)?.科目) ?? '');
  return [...new Set(names.filter((name) => name !== ''))].join('、');
}
