/** Three schools and a kindergarten that tell of one person night by night, for stories with days of their own. */
import { expect } from 'vitest';
import type { StaffRow } from '../../../schemas/plan.ts';
import { HERE, staffRow, THERE } from './support.ts';
import type { Books } from './words.ts';

export const A = { source: 'roster/064601', key: '064601::one', institution_key: HERE } as const;
export const B = { source: 'roster/064602', key: '064602::one', institution_key: THERE } as const;
export const C = { source: 'roster/064603', key: '064603::one', institution_key: 'schools:064603:國小' } as const;
export const K = { source: 'care', key: 'one', institution_key: 'care:0942800021', path: 'kindergarten' } as const;

/** Hears each night's records, and gives what is found of the last; the same night again changes nothing. */
export function heard(books: Books, ...nights: Partial<StaffRow>[][]): string[] {
  let codes: string[] = [];
  for (const rows of nights) {
    for (const row of rows) books.hear(staffRow(row));
    codes = books.night().findings.map((f) => f.code);
    expect(books.night().changes, 'the same night again').toEqual([]);
  }
  return codes;
}

/** The days at each unit that are known now. */
export const days = (books: Books, { key }: { key: string }): string[] =>
  books.lines(key).flatMap((line) => line.map((s) => `${s.from} ${s.to}${s.isPrimary ? '' : ' secondary'}`));
