/**
 * The title row among the first rows of a table. Letterhead lines may stand above it and columns may come in any order, so it is the
 * row with the most known titles that has those without which a row says nothing.
 */
import type { Column } from '../../schemas/columns.ts';
import { REQUIRED_COLUMNS } from '../../schemas/contracts.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { COLUMN_ALIASES } from './column-aliases.ts';
import { otherKind } from './other-kind.ts';
import { shownTitle } from './shown-name.ts';
import type { KnownTitle, TitleIndex } from './title-index.ts';

/** How many rows may stand above the titles. */
export const HEADER_ROWS = 20;

/** Two equal titles of these leave open whom a row is about. Of any other column the first one counts. */
const DECISIVE: ReadonlySet<Column> = new Set<Column>([
  'institutionCode',
  'code',
  'nationalId',
  'idDigest',
  'name',
  'accountName',
  'holderName',
  'courseCode',
]);

const IDENTIFIER: Column = 'nationalId';

export interface Header {
  /** Position in the rows searched. */
  at: number;
  width: number;
  /** All of them as they stand, empty ones included. */
  titles: string[];
  /** Canonical columns and the cell each is read from. */
  columns: { column: Column; cell: number; title: string }[];
  /** Titles that mean nothing to us, or less than another of the same column. */
  ignored: string[];
  /** Those of `ignored` whose column another title gives, and that column. */
  known: Map<string, Column>;
  /** Titles dropped by name: passwords. */
  dropped: string[];
}

/**
 * @returns null where no row looks like titles
 * @throws SourceError `file-column-missing`, `file-column-twice`; `file-is-…` for titles of another kind of file
 */
export function findHeader(
  rows: readonly string[][],
  kind: RecordKind,
  titles: TitleIndex,
  file: string,
): Header | null {
  let best: Header | null = null;
  for (const [at, cells] of rows.slice(0, HEADER_ROWS).entries()) {
    const header = readTitles(cells, at, titles, file);
    if (header && lacking(header, kind).length === 0 && header.columns.length > (best?.columns.length ?? 0))
      best = header;
  }
  const foreign = best
    ? otherKind(best.titles, kind, titles, file)
    : firstOf(rows.slice(0, HEADER_ROWS), (cells) => otherKind(cells, kind, titles, file));
  if (foreign) throw foreign;
  if (best && isMore(best, kind)) return best;
  const near = rows.slice(0, HEADER_ROWS).map((cells, at) => readTitles(cells, at, titles, file));
  const closest = best ?? near.reduce((a, b) => ((b?.columns.length ?? 0) > (a?.columns.length ?? 0) ? b : a), null);
  // One known word may stand in any letterhead or data row: such a row is not shown, for it may hold a person's data.
  if (!closest || (!best && closest.columns.length < 2)) return null;
  const column = COLUMN_ALIASES[kind][lacking(closest, kind)[0] ?? IDENTIFIER]![0]!;
  const found = [...closest.columns.map((c) => c.title), ...(best ? [] : closest.ignored)]
    .map((title) => shownTitle(title).slice(0, 20))
    .slice(0, 30);
  throw new SourceError('file-column-missing', { file, column, found: found.join('、') });
}

function firstOf<Row, Found>(rows: readonly Row[], find: (row: Row) => Found | null): Found | null {
  for (const row of rows) {
    const found = find(row);
    if (found !== null) return found;
  }
  return null;
}

/** How many known titles a row holds: what tells a delimiter from a comma inside a text. */
export const knownTitles =
  (titles: TitleIndex) =>
  (cells: readonly string[]): number =>
    cells.filter((cell) => titles(cell)).length;

/** A name among titles that say nothing to us is anybody's or anything's: a list of departments has one too. */
const isMore = (header: Header, kind: RecordKind): boolean =>
  kind !== 'staff' || header.columns.length > 1 || header.ignored.length === 0;

const lacking = (header: Header, kind: RecordKind): Column[] =>
  REQUIRED_COLUMNS[kind].filter((column) => !header.columns.some((c) => c.column === column));

function readTitles(cells: readonly string[], at: number, titles: TitleIndex, file: string): Header | null {
  const found = new Map<Column, { cell: number; title: string; rank: number }>();
  const header: Header = {
    at,
    width: cells.length,
    titles: cells.map((cell) => cell.trim()),
    columns: [],
    ignored: [],
    known: new Map(),
    dropped: [],
  };
  let clash: string | null = null;
  for (const [cell, raw] of cells.entries()) {
    const title = raw.trim();
    const known: KnownTitle | undefined = title === '' ? undefined : titles(title);
    if (!known) header.ignored.push(title === '' ? `#${cell + 1}` : shownTitle(title));
    else if (known.column === null) header.dropped.push(title);
    else {
      const other = found.get(known.column);
      if (other && other.rank === known.rank && DECISIVE.has(known.column)) clash = title;
      const wins = !other || known.rank < other.rank;
      if (wins) found.set(known.column, { cell, title, rank: known.rank });
      if (other) {
        header.ignored.push(wins ? other.title : title);
        header.known.set(wins ? other.title : title, known.column);
      }
    }
  }
  if (found.size === 0) return null;
  if (clash !== null && found.size > 1) throw new SourceError('file-column-twice', { file, column: clash });
  header.columns = [...found].map(([column, { cell, title }]) => ({ column, cell, title }));
  return header;
}
