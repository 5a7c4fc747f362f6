import type { Transaction } from '../connect.ts';
import { type MergeRound, seenIn } from './merge.ts';
import { RECORD_TABLES } from './record-tables.ts';
import { tally } from './tally.ts';

/**
 * Known records that a complete list does not hold and that nevertheless are not called missing, because rows of it could not be told whose they
 * are (I12). To be asked while the deliveries are still staged. Who was missing before stays so, and who was told to end is not asked for.
 * @returns per source with such records, how many they are
 */
export async function countNotJudged(
  trx: Transaction,
  { complete, nameless, kinds }: Pick<MergeRound, 'complete' | 'nameless' | 'kinds'>,
): Promise<Map<string, number>> {
  const sources = complete.filter((source) => nameless.includes(source));
  const counts = new Map<string, number>();
  if (sources.length === 0) return counts;
  for (const { kind } of kinds) {
    const table = RECORD_TABLES[kind];
    const toldToEnd = kind === 'staff' ? 'AND r.end_on IS NULL' : '';
    const found = await tally(
      trx,
      `SELECT r.source, count(*) AS n FROM ${table.picture} r
       WHERE r.source = ANY(:sources) AND r.missing_since IS NULL ${toldToEnd} AND NOT ${seenIn(table)} GROUP BY r.source`,
      { sources },
    );
    for (const { source, n } of found) counts.set(source, (counts.get(source) ?? 0) + n);
  }
  return counts;
}
