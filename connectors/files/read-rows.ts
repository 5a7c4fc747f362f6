/**
 * From the cells of one file to rows with canonical columns: every row below the titles comes out once, broken ones with their
 * issues. Where a title stands is found once per file; the loop per row only copies cells, for it runs a million times.
 */
import type { Column, RawRow } from '../../schemas/columns.ts';
import type { Issue, RecordKind } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import type { ReadNotes, StoredObject } from '../contract.ts';
import { type OpenedTables, type Opening, openTables } from '../tables/open-tables.ts';
import type { Table, TableBatch } from '../tables/table.ts';
import { type Header, knownTitles } from './header.ts';
import { shownName } from './shown-name.ts';
import { readHead, type TableHead, type Wanted } from './table-head.ts';

export interface FileReading extends Wanted, Pick<Opening, 'parsers' | 'signal'> {
  /** Position of the file in its delivery. */
  object: number;
  /** Filled in where the file has no such column: the school's code from folder or name. */
  defaults: Partial<Record<Column, string>>;
  /** A complete list without anybody is refused; a list of changes may be empty. */
  complete: boolean;
}

/** @throws SourceError */
export async function* readRows(
  object: StoredObject,
  reading: FileReading,
  notes: ReadNotes,
): AsyncGenerator<RawRow[]> {
  const file = shownName(object.name);
  notes.file = file;
  const opened = await openTables(object.body(), { ...reading, file, notes, score: knownTitles(reading.titles) });
  try {
    yield* rowsOf(opened, reading, file, notes);
  } finally {
    await opened.close();
  }
}

async function* rowsOf(
  { tables }: OpenedTables,
  reading: FileReading,
  file: string,
  notes: ReadNotes,
): AsyncGenerator<RawRow[]> {
  const head = await onlyTable(tables, reading, file, notes);
  const header = head.header!;
  notes.headerRow = head.rows.numbers[header.at]!;
  notes.columns = header.columns.map((c) => `${c.title}=${c.column}`);
  notes.ignoredColumns = header.ignored;
  if (header.dropped.length > 0) notes.droppedColumns = header.dropped;

  const toRows = rowMaker(header, reading);
  let count = 0;
  try {
    const first = toRows(head.rows, header.at + 1);
    count += first.length;
    if (first.length > 0) yield first;
    for (let next = await head.rest.next(); !next.done; next = await head.rest.next()) {
      const rows = toRows(next.value, 0);
      count += rows.length;
      if (rows.length > 0) yield rows;
    }
  } finally {
    await head.rest.return?.();
  }
  notes.rows = count;
  if (count === 0 && reading.complete) throw new SourceError('file-no-rows', { file, row: notes.headerRow });
}

/** The one sheet with titles and rows. Two of them (this year's and last year's) leave open which one counts. */
async function onlyTable(
  tables: readonly Table[],
  reading: FileReading,
  file: string,
  notes: ReadNotes,
): Promise<TableHead> {
  const fitting: { sheet: string | null; head: TableHead }[] = [];
  for (const table of tables) {
    const head = await readHead(table, reading, file);
    if (head.header) fitting.push({ sheet: table.sheet, head });
    else await head.rest.return?.();
  }
  const filled = fitting.filter(({ head }) => head.rows.rows.length > head.header!.at + 1);
  const chosen = filled[0] ?? fitting[0];
  if (!chosen) throw new SourceError('file-header-missing', { file });
  for (const other of fitting) if (other !== chosen) await other.head.rest.return?.();
  if (filled.length > 1) {
    await chosen.head.rest.return?.();
    throw new SourceError('file-several-sheets', { file, sheets: filled.map(({ sheet }) => sheet).join('、') });
  }
  if (chosen.sheet !== null) notes.sheet = chosen.sheet;
  return chosen.head;
}

function rowMaker(header: Header, reading: FileReading): (batch: TableBatch, from: number) => RawRow[] {
  const names = header.columns.map((c) => c.column);
  const places = header.columns.map((c) => c.cell);
  const defaults = Object.entries(reading.defaults).filter(([column]) => !names.includes(column as Column));
  const template: RawRow['values'] = Object.fromEntries([...defaults, ...names.map((name) => [name, ''])]);
  const { kind, object }: { kind: RecordKind; object: number } = reading;
  const { width } = header;

  return ({ rows, numbers, issues }, from) => {
    const made: RawRow[] = [];
    for (let i = from; i < rows.length; i++) {
      const cells = rows[i]!;
      const values: RawRow['values'] = { ...template };
      for (let c = 0; c < names.length; c++) {
        const cell = cells[places[c]!];
        if (cell) values[names[c]!] = cell;
      }
      const row: RawRow = { kind, values, origin: { object, row: numbers[i]! } };
      // What is wrong with a cell that no column is read from is not wrong with the row.
      const wrong = (issues?.get(i) ?? []).filter(({ params }) => !params?.cell || places.includes(+params.cell - 1));
      const extra = cells.length > width ? extraCells(cells, width) : null;
      if (extra) row.issues = [...wrong, extra];
      else if (wrong.length > 0) row.issues = wrong;
      made.push(row);
    }
    return made;
  };
}

/** Cells beyond the last title: most often a comma inside an address, which shifts everything after it. */
function extraCells(cells: readonly string[], width: number): Issue | null {
  const filled = cells.slice(width).some((cell) => cell.trim() !== '');
  return filled
    ? { code: 'raw-cells-extra', column: null, value: null, params: { cells: cells.length, expected: width } }
    : null;
}
