/**
 * A person of 學期教職員 as a canonical row. Every field is mapped or ignored by name (null); any other, and a value of another type, is drift. A
 * person of the wrong shape becomes a row with its issues, and UID still tells whose row it is (I12).
 */
import { cloudStaff } from '../../schemas/cloudschool.ts';
import type { RawRow, StaffColumn } from '../../schemas/columns.ts';
import type { Origin } from '../../schemas/records.ts';
import { asText, fieldName, judge, type ShapeCollector, withFindings } from '../json-shape.ts';

const FIELDS: Readonly<Record<string, StaffColumn | null>> = {
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
};

export interface Adapting {
  /** Of the school: its code, and its section where one is configured. */
  defaults: RawRow['values'];
  kindOf(office: string, title: string): string | undefined;
  /** Collects the fields of everybody. */
  shape: ShapeCollector;
}

const columnOf = (field: string): StaffColumn | null => FIELDS[field] ?? null;

export function toRow(person: unknown, origin: Origin, { defaults, kindOf, shape }: Adapting): RawRow {
  const values: RawRow['values'] = { ...defaults };
  const given: Record<string, unknown> =
    person !== null && typeof person === 'object' && !Array.isArray(person) ? { ...person } : {};
  const { issues, drift } = judge(cloudStaff.safeParse(person).error?.issues ?? [], given, columnOf, fieldName);
  for (const [field, value] of Object.entries(given)) {
    const column = FIELDS[field];
    shape.add(fieldName(field), column ?? null, value, 'staff');
    if (column === undefined) drift.push({ kind: 'unknown-column', field: fieldName(field), column: null });
    if (!column) continue;
    const text = column === 'subjects' ? subjectsOf(value) : asText(value);
    if (text === null) continue;
    if (!text.isWellFormed() || text.includes('\0'))
      issues.push({ code: 'raw-text-broken', column, value: null, params: { field } });
    else values[column] = text;
  }
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
