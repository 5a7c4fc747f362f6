/**
 * Columns of the tables that are read. Real bundles misspell them (`dateLastModifed`) and change their case; one letter more, less or swapped is read as
 * what it can only mean, and reported. Other columns are ignored by name, for the notes.
 */
import type { ShapeField } from '../../../schemas/drift.ts';
import {
  ONEROSTER_TABLES,
  type OneRosterTable,
  type OneRosterVersion,
  oneRosterColumns,
} from '../../../schemas/oneroster-tables.ts';
import { SourceError } from '../../../schemas/source-error.ts';
import { shownTitle } from '../../files/shown-name.ts';

export type Version = OneRosterVersion;
export const TABLES = ONEROSTER_TABLES;
export type TableName = OneRosterTable;
export const columnsOf = oneRosterColumns;

/** Never read, stored or noted with a value. */
const DROPPED: ReadonlySet<string> = new Set(['password']);
const SHORTEST_GUESSED = 6;

export interface TableHeader {
  /** Place of each known column, and of every other one by its key. */
  places: ReadonlyMap<string, number>;
  width: number;
  /** `dateLastModifed=dateLastModified` */
  guessed: string[];
  ignored: string[];
  dropped: string[];
  /** All that have a title and are not dropped, `users.email`, with the column that they were taken for. */
  fields: ShapeField[];
}

/** Names of columns and fields are alike without case, spaces and marks; the dot of `metadata.` stays. */
export const columnKey = (title: string): string =>
  title
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}.]/gu, '');

/** @throws SourceError `oneroster-column-missing`, `oneroster-column-twice` */
export function readHeader(cells: readonly string[], table: TableName, version: Version, file: string): TableHeader {
  const { needed, known } = columnsOf(table, version);
  const expected = new Map([...needed, ...known].map((name) => [columnKey(name), name] as const));
  const header = {
    places: new Map<string, number>(),
    width: cells.length,
    guessed: [],
    ignored: [],
    dropped: [],
    fields: [],
  } as TableHeader & {
    places: Map<string, number>;
  };
  const titles = cells.map((cell) => columnKey(cell));
  for (const [place, key] of titles.entries()) {
    if (key === '') continue;
    if (header.places.has(key) && expected.has(key))
      throw new SourceError('oneroster-column-twice', { file, table, column: expected.get(key)! });
    if (DROPPED.has(key)) header.dropped.push(`${table}.${key}`);
    else if (!header.places.has(key)) header.places.set(key, place);
  }
  for (const [place, key] of titles.entries()) {
    if (key === '' || expected.has(key) || DROPPED.has(key)) continue;
    const meant = [...expected.keys()].filter((other) => !header.places.has(other) && withinOneEdit(key, other));
    if (key.length >= SHORTEST_GUESSED && meant.length === 1) {
      header.places.set(meant[0]!, place);
      header.guessed.push(`${table}.${shownTitle(cells[place]!)}=${expected.get(meant[0]!)}`);
    } else header.ignored.push(`${table}.${shownTitle(cells[place]!)}`);
  }
  const missing = needed.find((name) => !header.places.has(columnKey(name)));
  if (missing) throw new SourceError('oneroster-column-missing', { file, table, column: missing });
  const columns = new Map([...expected].map(([key, name]) => [header.places.get(key), `${table}.${name}`] as const));
  header.fields = titles.flatMap((key, place): ShapeField[] => {
    if (key === '' || DROPPED.has(key)) return [];
    const name = `${table}.${shownTitle(cells[place]!.trim())}`;
    return [{ name, column: columns.get(place) ?? null, kind: 'staff' }];
  });
  return header;
}

/** One letter more, less, other, or two neighbours swapped. */
export function withinOneEdit(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const swapped =
    short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return swapped || short.slice(at + 1) === long.slice(at + 1);
}
