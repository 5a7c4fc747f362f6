import type { Column } from '../../schemas/columns.ts';
import { readCorrectionReference } from '../../schemas/correction.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { isBlank } from '../tables/batch-builder.ts';
import { type OpenedTables, type Opening, openTables } from '../tables/open-tables.ts';
import { knownTitles } from './header.ts';
import type { Letterhead } from './letterhead.ts';
import { schoolCodeIn } from './school-code.ts';
import { shownName } from './shown-name.ts';
import { readHead, type Wanted } from './table-head.ts';

/**
 * What the first rows of a file say about the whole of it: its letterhead, and the school's code from the letterhead or the code
 * column. A file that cannot be read says nothing here; reading it will fail with the same error and tell why. What another try may mend is thrown: a list of
 * changes must not be taken for a whole one because its letterhead did not come through. @throws SourceError retryable ones
 */
export async function peek(
  body: AsyncIterable<Uint8Array>,
  path: string,
  wanted: Wanted,
  means: Pick<Opening, 'parsers' | 'signal'>,
): Promise<Letterhead> {
  const file = shownName(path);
  let opened: OpenedTables | null = null;
  let said: Letterhead = { complete: null, code: null };
  try {
    opened = await openTables(body, { ...means, file, notes: {}, score: knownTitles(wanted.titles), headOnly: true });
    for (const table of opened.tables) {
      const { header, letterhead, rows, rest } = await readHead(table, wanted, file);
      await rest.return?.();
      if (!header) continue;
      const below = rows.rows.slice(header.at + 1).filter((cells) => !isBlank(cells));
      const cellOf = (column: Column): number | undefined => header.columns.find((c) => c.column === column)?.cell;
      const cell = cellOf('institutionCode');
      const codes = cell === undefined ? [] : below.map((cells) => schoolCodeIn(cells[cell] ?? ''));
      const note = cellOf('correction');
      // A correction file whose lines above the titles were deleted: what a row says of itself stays true, also where somebody added others.
      const corrects = note !== undefined && below.some((cells) => readCorrectionReference(cells[note]) !== null);
      said = {
        complete: said.complete ?? letterhead.complete ?? (corrects ? false : null),
        // Whom the letterhead names sent the file; a row of another school may stand first.
        code: said.code ?? letterhead.code ?? codes.find((code) => code !== null) ?? null,
      };
    }
  } catch (error) {
    if (!(error instanceof SourceError) || error.retryable) throw error;
  } finally {
    await opened?.close();
  }
  return said;
}
