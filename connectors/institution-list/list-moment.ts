/**
 * The moment that a list speaks for. It only orders the lists of one source, and it must be the same wherever the file is checked out,
 * so it comes from the content and never from the file's time. A list of school year 113 (which begins on 2024-08-01) is given
 * 2024-01-01: a reading, chosen so that a newer year always wins and no list lies in the future of a night before its school year.
 * A list that names no year (layout `schools`) has one constant moment; its newest content counts.
 */
import { UNDATED } from '../../schemas/undated.ts';
import { titleKey } from '../files/title-index.ts';
import { type Opening, openTables } from '../tables/open-tables.ts';

const YEAR_TITLE = titleKey('學年度');

/** @throws SourceError when the file cannot be read at all */
export async function listMoment(
  body: AsyncIterable<Uint8Array>,
  file: string,
  means: Pick<Opening, 'parsers' | 'signal'>,
): Promise<string> {
  const score = (cells: readonly string[]): number => cells.length;
  const { tables, close } = await openTables(body, { ...means, file, notes: {}, score });
  try {
    for (const table of tables) {
      for await (const { rows } of table.batches) {
        const cell = rows[0]?.findIndex((title) => titleKey(title) === YEAR_TITLE) ?? -1;
        const year = Number(rows[1]?.[cell] ?? 0);
        return Number.isInteger(year) && year > 0 && year < 1000 ? `${year + 1911}-01-01T00:00:00+08:00` : UNDATED;
      }
    }
    return UNDATED;
  } finally {
    await close();
  }
}
