/**
 * Columns of the tables that are read. Real bundles misspell them (`dateLastModifed`) and change their case; one letter more, less or swapped is read as
 * what it can only mean, and reported. Other columns are ignored by name, for the notes.
 */
import { SourceError } from '../../../schemas/source-error.ts';

export type Version = '1.1' | '1.2';
export const TABLES = ['orgs', 'users', 'roles', 'demographics'] as const;
export type TableName = (typeof TABLES)[number];

interface Columns {
  needed: readonly string[];
  known: readonly string[];
}

const EVERYWHERE = ['status', 'dateLastModified'];
const USER = [
  'userIds',
  'identifier',
  'email',
  'sms',
  'phone',
  'enabledUser',
  'username',
  'middleName',
  'agentSourcedIds',
  'grades',
];

export function columnsOf(table: TableName, version: Version): Columns {
  if (table === 'orgs')
    return { needed: ['sourcedId', 'type', 'identifier'], known: [...EVERYWHERE, 'parentSourcedId', 'name'] };
  if (table === 'roles')
    return {
      needed: ['userSourcedId', 'role', 'orgSourcedId'],
      known: [...EVERYWHERE, 'sourcedId', 'roleType', 'beginDate', 'endDate'],
    };
  if (table === 'demographics') return { needed: ['sourcedId'], known: [...EVERYWHERE, 'birthDate', 'sex'] };
  const names = ['sourcedId', 'givenName', 'familyName'];
  return version === '1.1'
    ? { needed: [...names, 'role', 'orgSourcedIds'], known: [...EVERYWHERE, ...USER] }
    : { needed: names, known: [...EVERYWHERE, ...USER, 'primaryOrgSourcedId'] };
}

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
      header.guessed.push(`${table}.${cells[place]!.slice(0, 40)}=${expected.get(meant[0]!)}`);
    } else header.ignored.push(`${table}.${cells[place]!.slice(0, 40)}`);
  }
  const missing = needed.find((name) => !header.places.has(columnKey(name)));
  if (missing) throw new SourceError('oneroster-column-missing', { file, table, column: missing });
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
