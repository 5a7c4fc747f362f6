/**
 * The visible sheets of an XLSX workbook, row by row: cached values of formulas, dates as ISO text. Only the shared strings are held
 * in memory; hucre and SheetJS, which read XLSX too, took 650 MiB and more for a hundred thousand rows.
 */
import type { Issue } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { cellIssue, createBatchBuilder, isBlank } from './batch-builder.ts';
import { isoText, serialText } from './cell-text.ts';
import { HEAD_ROWS, MAX_BLANK_ROWS } from './limits.ts';
import { mergeFiller } from './merged-cells.ts';
import type { Table, TableBatch } from './table.ts';
import { columnOf, readMerges } from './xlsx-merges.ts';
import { openPackage, type XlsxPackage } from './xlsx-package.ts';
import { createTextCollector, readStrings, unescapeText } from './xlsx-strings.ts';
import { readXml } from './xml-events.ts';
import { type ArchiveEntry, entryPieces } from './zip-archive.ts';

/** The last cell that Excel has is XFD1048576. */
const LAST_ROW = 1_048_575;
const LAST_COLUMN = 16_383;

type Pieces = () => AsyncIterable<Buffer>;
/** Of the shared strings, those up to number `last` at least. */
type Strings = (last?: number) => Promise<readonly string[]>;

/** @throws SourceError `file-workbook-broken`, `file-doctype`, `file-archive-broken` */
export async function xlsxTables(
  bytes: Buffer,
  entries: readonly ArchiveEntry[],
  file: string,
  headOnly: boolean,
): Promise<Table[]> {
  const book = await openPackage(bytes, entries, file);
  const read: Strings = async (last) =>
    book.strings ? readStrings(entryPieces(bytes, book.strings, file), file, last) : [];
  let whole: Promise<readonly string[]> | null = null;
  const strings: Strings = (last) => {
    if (last !== undefined) return read(last);
    whole ??= read();
    return whole;
  };
  return book.sheets.map(({ name, part }) => ({
    sheet: name,
    batches: sheetRows(() => entryPieces(bytes, part, file), book, strings, file, headOnly),
  }));
}

async function* sheetRows(
  pieces: Pieces,
  book: XlsxPackage,
  strings: Strings,
  file: string,
  headOnly: boolean,
): AsyncGenerator<TableBatch> {
  const builder = createBatchBuilder(file);
  const fill = mergeFiller(await readMerges(pieces(), file));
  const shared = await strings(headOnly ? await lastStringOfHead(pieces, book, file) : undefined);
  // Below its head a sheet may name strings that were not read: no matter, for nobody looks there.
  const reader = createRowReader(book, (at) => shared[at] ?? (headOnly ? '' : undefined), file);
  let before = -1;
  reader.onRow = (cells, row, issues) => {
    fill(cells, row);
    if (isBlank(cells) && issues.length === 0) return;
    if (row - before > MAX_BLANK_ROWS) throw new SourceError('file-far-cell', { file, row: row + 1 });
    before = row;
    if (!headOnly || builder.size < HEAD_ROWS) builder.add(cells, row + 1, issues);
  };
  for await (const _ of readXml(pieces(), file, reader)) {
    if (headOnly && builder.size >= HEAD_ROWS) break;
    if (builder.full) yield builder.take();
  }
  if (builder.size > 0) yield builder.take();
}

/** Strings stand in the order of their first use, so the head of a sheet needs but the first of them. */
async function lastStringOfHead(pieces: Pieces, book: XlsxPackage, file: string): Promise<number> {
  let last = -1;
  let rows = 0;
  const note = (at: number): string => {
    last = Math.max(last, at);
    return '?';
  };
  const reader = createRowReader(book, note, file);
  reader.onRow = (cells) => {
    if (cells.length > 0) rows += 1;
  };
  for await (const _ of readXml(pieces(), file, reader)) if (rows > HEAD_ROWS) break;
  return last;
}

interface RowReader {
  onRow: (cells: string[], row: number, issues: Issue[]) => void;
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

function createRowReader(
  { date1904, dateStyles }: XlsxPackage,
  sharedString: (at: number) => string | undefined,
  file: string,
): RowReader {
  const broken = (): SourceError => new SourceError('file-workbook-broken', { file });
  const inline = createTextCollector();
  let row = -1;
  let cells: string[] = [];
  let issues: Issue[] = [];
  let column = -1;
  let type = '';
  let style = -1;
  let value: string | null = null;
  let inValue = false;
  let formula = false;

  const finish = (): string => {
    if (value === null) {
      if (formula) issues.push(cellIssue('raw-formula-without-value', column + 1));
      return type === 'inlineStr' ? inline.end() : '';
    }
    if (type === 's') {
      const shared = sharedString(Number(value));
      if (shared === undefined) throw broken();
      return shared;
    }
    if (type === 'str') return unescapeText(value);
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
    if (type === 'e') issues.push(cellIssue('raw-cell-error', column + 1, { error: value.slice(0, 20) }));
    if (type === 'e' || value === '') return value;
    if (type === 'd') return isoText(value);
    const number = Number(value);
    if (Number.isNaN(number)) return value;
    return dateStyles[style] ? serialText(number, date1904) : String(number);
  };

  return {
    onRow: () => undefined,
    open(name, attributes) {
      if (name === 'c') {
        const at = attributes.r;
        column = at === undefined ? column + 1 : columnOf(at);
        if (column < 0 || column > LAST_COLUMN) throw broken();
        type = attributes.t ?? 'n';
        style = Number(attributes.s ?? -1);
        value = null;
        formula = false;
        inline.begin();
      } else if (name === 'v') {
        value = '';
        inValue = true;
      } else if (name === 'f') formula = true;
      else if (name === 'row') {
        row = attributes.r === undefined ? row + 1 : Number(attributes.r) - 1;
        if (!Number.isInteger(row) || row < 0 || row > LAST_ROW) throw broken();
        cells = [];
        issues = [];
        column = -1;
      } else inline.open(name);
    },
    text(text) {
      if (!inValue) inline.add(text);
      else value += text;
    },
    close(name) {
      if (name === 'v') inValue = false;
      else if (name === 'c') {
        const text = finish();
        if (text === '') return;
        while (cells.length < column) cells.push('');
        cells[column] = text;
        if (text.includes('\0')) issues.push(cellIssue('raw-nul', column + 1));
      } else if (name === 'row') this.onRow(cells, row, issues);
      else inline.close(name);
    },
  };
}
