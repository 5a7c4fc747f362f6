import type { InstitutionRef } from '../../../schemas/outputs/institution-ref.ts';
import type { ColumnOf } from './table-model.ts';

/** An institution in columns of their own, so that a sheet can be sorted and joined by code. On the page of one institution they say nothing new. */
export function institutionColumns<Row>(
  of: (row: Row) => InstitutionRef | null,
  { prefix = '', print = 'city' as ColumnOf<Row>['print'], none = null as string | null } = {},
): ColumnOf<Row>[] {
  const name = prefix === '' ? '機構' : prefix;
  return [
    { title: `${name}代碼`, of: (row) => of(row)?.code ?? null, print: print ?? 'city' },
    {
      title: prefix === '' ? '學制' : `${name}學制`,
      of: (row) => sectionOf(of(row)),
      print: prefix === '' ? (print ?? 'city') : 'never',
    },
    { title: name, of: (row) => of(row)?.name ?? none, print: print ?? 'city' },
    ...(prefix === ''
      ? [{ title: '行政區', of: (row: Row) => of(row)?.district ?? null, print: 'never' as const }]
      : []),
  ];
}

const sectionOf = (unit: InstitutionRef | null): string | null =>
  unit === null ? null : (unit.section ?? (unit.path === 'kindergarten' ? '幼兒園' : null));

/** `roster/064601` → 064601; null for a source of the whole city. */
export const schoolCode = (source: string): string | null => source.split('/')[1] ?? null;

/** `064601 市立瑞穗國小` → its name. */
export const schoolName = (institution: string | null): string | null =>
  institution === null ? null : institution.replace(/^\S+ /, '');
