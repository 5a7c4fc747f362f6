import type { Transaction } from '../connect.ts';

/** Per source, how many rows took one way. */
export type Tally = { source: string; n: number }[];
export const tally = async (trx: Transaction, sql: string, bindings: Record<string, unknown> = {}): Promise<Tally> =>
  ((await trx.raw(sql, bindings as never)) as { rows: Tally }).rows;

export const tallyOf = (counts: ReadonlyMap<string, number>): Tally =>
  [...counts].map(([source, n]) => ({ source, n }));

export const sum = (counted: Tally): number => counted.reduce((total, { n }) => total + n, 0);
