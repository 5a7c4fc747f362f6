import { makeNormaliser, type NormaliseContext } from '../../../pipelines/normalise/normalise-row.ts';
import { RowIssues } from '../../../pipelines/normalise/row-issues.ts';
import type { Column } from '../../../schemas/columns.ts';
import type { Issue, NormalisedRow, RecordKind, SourceRecord } from '../../../schemas/records.ts';

const BASE: NormaliseContext = {
  source: 'roster/064601',
  drop: 'roster',
  path: 'school',
  partCode: '064601',
  asOf: '2024-08-02T16:00:00+08:00',
  registeredFallback: '2024-08-02T15:30:00+08:00',
};
export const SCHOOL = BASE;
export const CARE: NormaliseContext = { ...BASE, source: 'care', drop: 'care', path: 'kindergarten', partCode: null };
export const LIST: NormaliseContext = { ...BASE, source: 'schools', drop: 'schools', path: 'list', partCode: null };

export type Values = Partial<Record<Column, string>>;

export const normalise = (
  values: Values,
  kind: RecordKind = 'staff',
  context: NormaliseContext = SCHOOL,
): NormalisedRow => makeNormaliser(context)({ kind, values, origin: { object: 0, row: 2 } });

/** The record of a row that must be taken. */
export function record<K extends RecordKind>(
  values: Values,
  kind: K,
  context: NormaliseContext = SCHOOL,
): { record: Extract<SourceRecord, { kind: K }>; warnings: string[] } {
  const row = normalise(values, kind, context);
  if (row.outcome !== 'record') throw new Error(`rejected: ${row.issues.map((issue) => issue.code).join(', ')}`);
  return {
    record: row.record as Extract<SourceRecord, { kind: K }>,
    warnings: row.warnings.map((issue) => issue.code),
  };
}

/** The key and codes of a row that must be rejected. */
export function rejection(
  values: Values,
  kind: RecordKind = 'staff',
  context: NormaliseContext = SCHOOL,
): { key: string | null; codes: string[]; issues: Issue[] } {
  const row = normalise(values, kind, context);
  if (row.outcome !== 'rejected') throw new Error('taken, not rejected');
  return { key: row.key, codes: row.issues.map((issue) => issue.code), issues: row.issues };
}

export const noIssues = (kind: RecordKind = 'staff'): RowIssues => new RowIssues(kind);
export const codes = (issues: Issue[]): string[] => issues.map((issue) => issue.code);
