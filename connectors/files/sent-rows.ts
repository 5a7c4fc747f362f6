import { isCorrection } from '../../schemas/correction.ts';
import { unmarkText } from '../../schemas/spreadsheet-text.ts';
import type { SentTable, StoredObject } from '../contract.ts';
import { type Opening, openTables } from '../tables/open-tables.ts';
import type { Table } from '../tables/table.ts';
import { knownTitles } from './header.ts';
import { chooseProfile } from './profiles.ts';
import { onlyTable } from './read-rows.ts';
import { shownName } from './shown-name.ts';
import type { Wanted } from './table-head.ts';

/** Some rows of a kept file with its titles, in the order and the words of the school. A password is not read, here either. @throws SourceError */
export async function sentRows(
  object: StoredObject,
  numbers: ReadonlySet<number>,
  wanted: Wanted,
  means: Pick<Opening, 'parsers' | 'signal'>,
): Promise<SentTable> {
  const file = shownName(object.name);
  const opened = await openTables(object.body(), { ...means, file, notes: {}, score: knownTitles(wanted.titles) });
  try {
    return await rowsOf(opened.tables, file, numbers, wanted, means.signal);
  } finally {
    await opened.close();
  }
}

async function rowsOf(
  tables: readonly Table[],
  file: string,
  numbers: ReadonlySet<number>,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<SentTable> {
  const { header, rows: first, rest, aboveTitles } = await onlyTable(tables, wanted, file, {});
  if (!header) throw new Error('a table without titles was chosen');
  const titles = Array.from(first.rows[header.at] ?? [], (title) => title.trim());
  const columns = titles.map((_, cell) => header.columns.find((c) => c.cell === cell)?.column ?? null);
  const dropped = titles.map((title) => header.dropped.includes(title));
  const { profile, guessed } = chooseProfile(wanted.profile, header.titles, aboveTitles);
  // Written once more, a correction file would get a second apostrophe where it has one.
  const meant = isCorrection(aboveTitles) ? unmarkText : (cell: string) => cell;
  const table: SentTable = { titles, columns, letterhead: guessed ? profile.letterhead : null, rows: new Map() };
  const take = (batch: typeof first): void => {
    for (const [at, number] of batch.numbers.entries()) {
      if (numbers.has(number)) {
        table.rows.set(
          number,
          Array.from(batch.rows[at] ?? [], (cell, place) => (dropped[place] ? '' : meant(cell))),
        );
      }
    }
  };
  try {
    take(first);
    for (let next = await rest.next(); !next.done && table.rows.size < numbers.size; next = await rest.next()) {
      signal.throwIfAborted();
      take(next.value);
    }
  } finally {
    await rest.return?.();
  }
  return table;
}
