/** Drift of a source's shape, in words and side by side. Pure. */
import { type Deviation, type DriftKind, type DriftMode, fieldFinder, type ShapeField } from '../../schemas/drift.ts';
import type { DriftedSource } from '../../schemas/outputs/report.ts';
import { columnTitle } from './column-titles.ts';

const KIND: Readonly<Record<DriftKind, string>> = {
  'unknown-column': '新欄位',
  'missing-column': '缺少欄位',
  'new-value': '新的值',
  'wrong-type': '型別不同',
};
const MODE: Readonly<Record<DriftMode, string>> = {
  accept: '採用',
  report: '採用，待確認',
  'quarantine-row': '該列未採用',
  'quarantine-source': '整份未採用',
};

export interface DriftRow {
  kind: string;
  field: string;
  before: string;
  after: string;
  rows: number;
  mode: string;
}

const ABSENT = '（無此欄）';

export const driftRow = ({ kind, field, before, after, rows, mode }: Deviation): DriftRow => ({
  kind: KIND[kind],
  field: kind === 'new-value' ? columnTitle(field) : field,
  before: before ?? ABSENT,
  after: after ?? ABSENT,
  rows,
  mode: MODE[mode],
});

export interface ShapePair {
  before: string;
  after: string;
  differs: boolean;
}

const shown = ({ name, column, types }: ShapeField): string => {
  const type = types ? `（${types.join('、')}）` : '';
  return `${name}${type}${column === null ? '［不採用］' : ''}`;
};

/** Every field of both shapes, one a line, the same field beside itself; in the order of the old shape, new ones last. */
export function shapePairs({ before, after }: Pick<DriftedSource, 'before' | 'after'>): ShapePair[] {
  const find = fieldFinder(after.fields);
  const left = new Set(after.fields);
  const pairs = before.fields.map((old): ShapePair => {
    const found = find(old);
    const now = found && left.delete(found) ? found : undefined;
    return { before: shown(old), after: now ? shown(now) : '－', differs: now === undefined || typesDiffer(old, now) };
  });
  return [...pairs, ...[...left].map((now) => ({ before: '－', after: shown(now), differs: true }))];
}

/** A type that was not there before; one that does not come today is no difference. */
const typesDiffer = (old: ShapeField, now: ShapeField): boolean =>
  (now.types ?? []).some((type) => type !== 'null' && !(old.types ?? []).includes(type)) &&
  (old.types ?? []).some((type) => type !== 'null');

export const driftTitle = (drift: DriftedSource & { institution: string | null }): string =>
  [drift.source, drift.institution, drift.form === 'changes' ? '異動名冊' : null].filter((part) => part).join(' ');
