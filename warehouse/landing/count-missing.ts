import type { Transaction } from '../connect.ts';
import { tally } from './tally.ts';

/** Known keys that the last complete picture of each source no longer holds and that were not told to have ended. */
export async function countMissing(trx: Transaction, sources: readonly string[]): Promise<Map<string, number>> {
  const counted = await tally(
    trx,
    `SELECT source, count(*) AS n FROM (
       SELECT source FROM landing.staff_record WHERE source = ANY(:sources) AND missing_since IS NOT NULL AND end_on IS NULL
       UNION ALL SELECT source FROM landing.institution_record WHERE source = ANY(:sources) AND missing_since IS NOT NULL
       UNION ALL SELECT source FROM landing.account_record WHERE source = ANY(:sources) AND missing_since IS NOT NULL
       UNION ALL SELECT source FROM landing.course_record WHERE source = ANY(:sources) AND missing_since IS NOT NULL) AS m
     GROUP BY source`,
    { sources },
  );
  return new Map(counted.map(({ source, n }) => [source, n]));
}
