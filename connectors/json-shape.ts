/** What JSON items show of the shape of their source: every field with the types that it came with, and where an item is not as agreed. */
import type { z } from 'zod';
import type { RawRow } from '../schemas/columns.ts';
import type { RowDrift, ShapeField } from '../schemas/drift.ts';
import type { Issue, RecordKind } from '../schemas/records.ts';
import { storableText } from '../schemas/storable.ts';
import { shownTitle } from './files/shown-name.ts';

const LONGEST_NAME = 40;

export const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;

/** Fields seen in all items of a delivery, in the order in which they first came. */
export class ShapeCollector {
  private readonly seen = new Map<string, { column: string | null; types: Set<string>; kind: RecordKind }>();

  /** @param name with its list in front where the source has several, `staff.email` */
  add(name: string, column: string | null, value: unknown, kind: RecordKind): void {
    let field = this.seen.get(name);
    if (field === undefined) {
      field = { column, types: new Set(), kind };
      this.seen.set(name, field);
    }
    field.types.add(typeOf(value));
  }

  fields(): ShapeField[] {
    return [...this.seen].map(([name, { column, types, kind }]) => ({ name, column, types: [...types].sort(), kind }));
  }
}

/** A field's name as notes and issues show it, which are stored: one that is an identifier, as of a list keyed by people, is masked (I8). */
export const fieldName = (field: string): string => storableText(shownTitle(field).slice(0, LONGEST_NAME));

/** The type that a schema asks for where the type is all that is wrong; null where it is something else. */
function expectedType(problem: z.core.$ZodIssue): string | null {
  if (problem.code === 'invalid_type') return problem.expected;
  if (problem.code !== 'invalid_union') return null;
  const branches = problem.errors.map(([first]) => (first?.path.length === 0 ? expectedType(first) : null));
  return branches.length > 0 && branches.every((type) => type !== null) ? branches.join(', ') : null;
}

const valueAt = (item: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], item);

/**
 * What a schema says of an item, told apart: a value of another type than agreed is drift, and the contract's modes decide; a field that must be
 * there and is not, or is empty, breaks the row.
 */
export function judge(
  problems: readonly z.core.$ZodIssue[],
  item: Readonly<Record<string, unknown>>,
  columnOf: (field: string) => string | null,
  nameOf: (field: string) => string,
): { issues: Issue[]; drift: RowDrift[] } {
  const issues: Issue[] = [];
  const drift: RowDrift[] = [];
  for (const problem of problems) {
    const field = String(problem.path[0] ?? '');
    const value = valueAt(item, problem.path);
    const column = columnOf(field);
    const expected = expectedType(problem);
    if (field !== '' && expected !== null && value !== undefined && value !== null)
      drift.push({ kind: 'wrong-type', field: nameOf(field), column, expected, found: typeOf(value) });
    else
      issues.push({
        code: 'raw-field-shape',
        column,
        value: null,
        params: { field: fieldName(field), problem: problem.message },
      });
  }
  return { issues, drift };
}

/** A value as text, also one of a type that was not agreed; null for what no column can hold. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : null;
}

/** Leaves out what is empty: most rows are as agreed. */
export function withFindings(row: RawRow, issues: Issue[], drift: RowDrift[]): RawRow {
  if (issues.length > 0) row.issues = issues;
  if (drift.length > 0) row.drift = drift;
  return row;
}
