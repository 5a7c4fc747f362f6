import type { RosterProfile } from '../../schemas/config.ts';
import type { RecordKind } from '../../schemas/records.ts';
import type { Table, TableBatch } from '../tables/table.ts';
import { findHeader, HEADER_ROWS, type Header } from './header.ts';
import { type Letterhead, readLetterhead } from './letterhead.ts';
import type { TitleIndex } from './title-index.ts';

/** What is wanted of a file: the same for every file of a connector. */
export interface Wanted {
  kind: RecordKind;
  titles: TitleIndex;
  /** As configured; undefined leaves it to the file's titles. */
  profile?: RosterProfile | undefined;
}

export interface TableHead {
  /** null where no row looks like titles. */
  header: Header | null;
  letterhead: Letterhead;
  /** Text of the rows above the titles. */
  aboveTitles: string;
  /** Rows read so far; those above the titles included. */
  rows: TableBatch;
  /** What follows them. Whoever stops early calls `return` on it, which closes the file. */
  rest: AsyncIterator<TableBatch>;
}

/** Reads enough of a table to know its titles and whether a row stands below them. @throws SourceError as `findHeader` and `openTables` */
export async function readHead(table: Table, wanted: Wanted, file: string): Promise<TableHead> {
  const rest = table.batches[Symbol.asyncIterator]();
  const rows: TableBatch = { rows: [], numbers: [], issues: null };
  while (rows.rows.length <= HEADER_ROWS) {
    const next = await rest.next();
    if (next.done) break;
    append(rows, next.value);
  }
  try {
    const header = findHeader(rows.rows, wanted.kind, wanted.titles, file);
    const above = rows.rows.slice(0, header?.at ?? 0);
    const aboveTitles = above.map((cells) => cells.join(' ')).join('\n');
    return { header, letterhead: readLetterhead(above), aboveTitles, rows, rest };
  } catch (error) {
    await rest.return?.();
    throw error;
  }
}

function append(rows: TableBatch, more: TableBatch): void {
  if (more.issues) {
    rows.issues ??= new Map();
    for (const [at, issues] of more.issues) rows.issues.set(rows.rows.length + at, issues);
  }
  rows.rows.push(...more.rows);
  rows.numbers.push(...more.numbers);
}
