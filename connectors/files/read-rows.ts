/**
 * From the cells of one file to rows with canonical columns: every row below the titles comes out once, broken ones with their
 * issues. Where a title stands is found once per file; the loop per row only copies cells, for it runs a million times.
 */
import type { Column, RawRow } from '../../schemas/columns.ts';
import { isCorrection, readDeletable } from '../../schemas/correction.ts';
import type { ShapeField } from '../../schemas/drift.ts';
import type { Issue, RecordKind } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { unmarkText } from '../../schemas/spreadsheet-text.ts';
import type { ReadNotes, StoredObject } from '../contract.ts';
import { type OpenedTables, type Opening, openTables } from '../tables/open-tables.ts';
import type { Table, TableBatch } from '../tables/table.ts';
import { type Header, knownTitles } from './header.ts';
import { leftErrors } from './left-errors.ts';
import { isOtherKind } from './other-kind.ts';
import { chooseProfile, type Profile } from './profiles.ts';
import { putRight, type Shifting } from './shifted-cells.ts';
import { shownName, shownTitle } from './shown-name.ts';
import { readHead, type TableHead, type Wanted } from './table-head.ts';
import { titleKey } from './title-index.ts';

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
  const { unclear } = head.letterhead;
  if (unclear !== undefined) {
    await head.rest.return?.();
    throw new SourceError('file-list-kind-unclear', { file, said: unclear });
  }
  notes.headerRow = head.rows.numbers[header.at]!;
  notes.columns = header.columns.map((c) => `${c.title}=${c.column}`);
  notes.ignoredColumns = header.ignored;
  notes.fields = shapeOf(header);
  if (header.dropped.length > 0) notes.droppedColumns = header.dropped;
  const { profile, guessed } = chooseProfile(reading.profile, header.titles, head.aboveTitles);
  notes.profile = profile.name;
  if (guessed) notes.profileGuessed = true;

  const deletable = readDeletable(head.aboveTitles.normalize('NFKC'));
  if (deletable.length > 0) notes.deletable = deletable.map(String);
  const toRows = rowMaker(header, reading, profile, notes, isCorrection(head.aboveTitles));
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

/**
 * Columns as the file has them; a second title of the same meaning is one too, for another mapping may read it. One without a title, a password and our own
 * 說明 are no part of its shape.
 */
function shapeOf(header: Header): ShapeField[] {
  const columns = new Map<string, Column | null>(header.columns.map(({ title, column }) => [title, column]));
  for (const title of header.ignored) {
    if (!/^#\d+$/.test(title) && !columns.has(title)) columns.set(title, header.known.get(title) ?? null);
  }
  return [...columns]
    .filter(([, column]) => column !== 'correction')
    .map(([title, column]) => ({ name: shownTitle(title), column }));
}

/**
 * The one sheet with titles and rows. Two of them (this year's and last year's) leave open which one counts; one of another kind of file (the
 * school's accounts beside its roster) is left out.
 */
export async function onlyTable(
  tables: readonly Table[],
  reading: Wanted,
  file: string,
  notes: ReadNotes,
): Promise<TableHead> {
  if (tables.length === 0) throw new SourceError('file-no-visible-sheet', { file });
  const fitting: { sheet: string | null; head: TableHead }[] = [];
  let foreign: SourceError | null = null;
  for (const table of tables) {
    const head = await readHead(table, reading, file).catch((error: unknown) => {
      if (!isOtherKind(error)) throw error;
      foreign ??= error;
      return null;
    });
    if (head === null) continue;
    if (head.header) fitting.push({ sheet: table.sheet, head });
    else await head.rest.return?.();
  }
  const filled = fitting.filter(({ head }) => head.rows.rows.length > head.header!.at + 1);
  const chosen = filled[0] ?? fitting[0];
  if (!chosen) throw foreign ?? new SourceError('file-header-missing', { file });
  for (const other of fitting) if (other !== chosen) await other.head.rest.return?.();
  if (filled.length > 1) {
    await chosen.head.rest.return?.();
    throw new SourceError('file-several-sheets', { file, sheets: filled.map(({ sheet }) => sheet).join('、') });
  }
  if (chosen.sheet !== null) notes.sheet = chosen.sheet;
  return chosen.head;
}

type RowMaker = (batch: TableBatch, from: number) => RawRow[];

function rowMaker(
  header: Header,
  reading: FileReading,
  profile: Profile,
  notes: ReadNotes,
  correction: boolean,
): RowMaker {
  const names = header.columns.map((c) => c.column);
  const places = header.columns.map((c) => c.cell);
  const codes = names.map((name) => profile.codes[name]);
  const defaults = Object.entries(reading.defaults).filter(([column]) => !names.includes(column as Column));
  const template: RawRow['values'] = Object.fromEntries([...defaults, ...names.map((name) => [name, ''])]);
  const { kind, object }: { kind: RecordKind; object: number } = reading;
  const { width } = header;
  const shifting = shiftingOf(header, profile);
  // Cells that ran over the titles stand under a blank one in a correction file: a row that still has them was not corrected.
  const untitled = correction
    ? header.ignored.flatMap((title) => /^#(\d+)$/.exec(title)?.[1] ?? []).map((n) => Number(n) - 1)
    : [];

  /** Of a broken character the column is told: nobody finds the 4th cell of a row by counting. */
  const columnOf = ({ code, column, params }: Issue): string | null =>
    code === 'raw-character-broken' ? (names[places.indexOf(Number(params?.cell) - 1)] ?? null) : column;

  return ({ rows, numbers, issues }, from) => {
    const made: RawRow[] = [];
    for (let i = from; i < rows.length; i++) {
      if (numbers[i]! < profile.firstDataRow) continue;
      const given = rows[i]!;
      if (isTitlesAgain(given, header)) {
        notes.repeatedTitles = Number(notes.repeatedTitles ?? 0) + 1;
        continue;
      }
      const right = shifting && given.length > width && !issues?.has(i) ? putRight(given, shifting) : undefined;
      if (right && right !== given) notes.rowsPutRight = Number(notes.rowsPutRight ?? 0) + 1;
      const cells = right ?? given;
      const overflown = untitled.some((place) => (cells[place] ?? '').trim() !== '');
      const beyond = given.length > width && !right ? extraCells(given, width, right === null) : null;
      const extra = overflown ? tooMany(cells, width - untitled.length) : beyond;
      const values: RawRow['values'] = { ...template };
      for (let c = 0; c < names.length; c++) {
        const cell = cells[places[c]!];
        if (!cell) continue;
        const meant = correction ? unmarkText(cell) : cell;
        values[names[c]!] = codes[c]?.get(meant.trim()) ?? meant;
      }
      const row: RawRow = { kind, values, origin: { object, row: numbers[i]! } };
      // What is wrong with a cell that no column is read from is not wrong with the row.
      const wrong = (issues?.get(i) ?? []).filter(({ params }) => !params?.cell || places.includes(+params.cell - 1));
      if (correction) wrong.push(...leftErrors(cells, places, wrong));
      const told = extra ? [...wrong, extra] : wrong;
      if (told.length > 0) row.issues = told.map((issue) => ({ ...issue, column: columnOf(issue) }));
      made.push(row);
    }
    return made;
  };
}

/** The title row once more, as a printed register has it on every page: no more a record than a blank row is. */
function isTitlesAgain(cells: readonly string[], { titles, columns }: Header): boolean {
  const { cell, title } = columns[0]!;
  // A row of data is told apart by one cell.
  if (cells[cell]?.trim() !== title) return false;
  return Array.from({ length: Math.max(cells.length, titles.length) }).every(
    (_, place) => (cells[place] ?? '').trim() === (titles[place] ?? ''),
  );
}

/** null where the layout has no free text that nobody quotes. */
function shiftingOf({ titles, columns, width }: Header, profile: Profile): Shifting | null {
  const keys = titles.map((title) => titleKey(title));
  const placesOf = (wanted: readonly string[]): number[] =>
    wanted.map((title) => keys.findIndex((key) => key.startsWith(titleKey(title)))).filter((place) => place !== -1);
  const freeText = placesOf(profile.freeText);
  if (freeText.length === 0) return null;
  return { width, freeText, phones: placesOf(profile.phones), read: columns.map((c) => c.cell) };
}

/** Cells beyond the last title: most often a comma inside an address, which shifts everything after it. @param shifted known even where they are empty */
function extraCells(cells: readonly string[], width: number, shifted: boolean): Issue | null {
  return shifted || cells.slice(width).some((cell) => cell.trim() !== '') ? tooMany(cells, width) : null;
}

const tooMany = (cells: readonly string[], expected: number): Issue => ({
  code: 'raw-cells-extra',
  column: null,
  value: null,
  params: { cells: cells.length, expected },
});
