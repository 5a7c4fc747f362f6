import type { Transaction } from '../connect.ts';
import { type MergeRound, seenIn } from './merge.ts';
import { RECORD_TABLES } from './record-tables.ts';

/** A complete list that a replay reads again: the picture holds by now what later deliveries told. */
export interface ReadAgain {
  source: string;
  /** How many were told when it was last read. */
  told: number;
  /** Raw objects of the deliveries that came after it. */
  later: readonly number[];
}

/**
 * Known records that a complete list does not hold and that nevertheless are not called missing, because rows of it could not be told whose they
 * are (I12). To be asked while the deliveries are still staged. Who was missing before stays so, and who was told to end is not asked for.
 * Of a list that is read again, records that a later delivery made or changed are no measure, for it may be that they were not known before; those that
 * were told then are told again while the list does not hold them: a replay under the same rules finds what was found.
 * @returns per source with such records, how many they are
 */
export async function countNotJudged(
  trx: Transaction,
  { complete, nameless, kinds }: Pick<MergeRound, 'complete' | 'nameless' | 'kinds'>,
  again: readonly ReadAgain[] = [],
): Promise<Map<string, number>> {
  const sources = complete.filter((source) => nameless.includes(source));
  const counts = new Map<string, { absent: number; before: number }>();
  if (sources.length === 0) return new Map();
  const later = again.flatMap((one) => one.later);
  for (const { kind } of kinds) {
    const table = RECORD_TABLES[kind];
    const toldToEnd = kind === 'staff' ? 'AND r.end_on IS NULL' : '';
    const { rows } = await trx.raw(
      `SELECT r.source, count(*) AS absent, count(*) FILTER (WHERE r.object_id <> ALL(:later::bigint[])) AS before
       FROM ${table.picture} r
       WHERE r.source = ANY(:sources) AND r.missing_since IS NULL ${toldToEnd} AND NOT ${seenIn(table)} GROUP BY r.source`,
      { sources, later } as never,
    );
    for (const { source, absent, before } of rows as { source: string; absent: number; before: number }[]) {
      const sum = counts.get(source) ?? { absent: 0, before: 0 };
      counts.set(source, { absent: sum.absent + absent, before: sum.before + before });
    }
  }
  const told = new Map(again.map((one) => [one.source, one.told]));
  const found = [...counts].map(([source, { absent, before }]): [string, number] => [
    source,
    Math.max(before, Math.min(told.get(source) ?? 0, absent)),
  ]);
  return new Map(found.filter(([, n]) => n > 0));
}
