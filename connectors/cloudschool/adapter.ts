/**
 * A person of 學期教職員 as a canonical row. Every field is mapped or ignored by name (null); any other is named in the notes. A person of the wrong
 * shape becomes a row with its issues, and UID still tells whose row it is (I12).
 */
import { cloudStaff } from '../../schemas/cloudschool.ts';
import type { RawRow, StaffColumn } from '../../schemas/columns.ts';
import type { Issue, Origin } from '../../schemas/records.ts';

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
  unknownFields: Set<string>;
}

export function toRow(person: unknown, origin: Origin, { defaults, kindOf, unknownFields }: Adapting): RawRow {
  const values: RawRow['values'] = { ...defaults };
  const issues: Issue[] = [];
  const given: Record<string, unknown> = person !== null && typeof person === 'object' ? { ...person } : {};
  for (const [field, value] of Object.entries(given)) {
    const column = FIELDS[field];
    if (column === undefined) unknownFields.add(`學期教職員.${field.slice(0, 40)}`);
    if (!column) continue;
    const text = column === 'subjects' ? subjectsOf(value) : textOf(value);
    if (text === null) continue;
    if (!text.isWellFormed() || text.includes('\0')) {
      issues.push({ code: 'raw-text-broken', column, value: null, params: { field } });
    } else values[column] = text;
  }
  const kind = kindOf(textOf(given.處室) ?? '', values.title ?? '');
  if (kind !== undefined) values.titleKind = kind;
  for (const { path, message } of cloudStaff.safeParse(person).error?.issues ?? []) {
    const field = String(path[0] ?? '');
    issues.push({
      code: 'raw-field-shape',
      column: FIELDS[field] ?? null,
      value: null,
      params: { field, problem: message },
    });
  }
  return issues.length > 0 ? { kind: 'staff', values, origin, issues } : { kind: 'staff', values, origin };
}

/** null for what no cell can hold: the shape's issue tells. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(value) : null;
}

/** 科目 of each class taught, each once. */
function subjectsOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return null;
  const names = value.map((one: unknown) => textOf((one as { 科目?: unknown } | null)?.科目) ?? '');
  return [...new Set(names.filter((name) => name !== ''))].join('、');
}
