/**
 * The visible sheets of an XLSX workbook, row by row: cached values of formulas, dates as ISO text. Only the shared strings are held
 * in memory; hucre and SheetJS, which read XLSX too, took 650 MiB and more for a hundred thousand rows.
 */
import type { Issue } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { cellIssue, createBatchBuilder, isBlank } from './batch-builder.ts';
import { isoText, serialText } from './cell-text.ts';
import { MAX_BLANK_ROWS } from './limits.ts';
import { type Merge, mergeFiller } from './merged-cells.ts';
import type { Table, TableBatch } from './table.ts';
import { openPackage, type XlsxPackage } from './xlsx-package.ts';
import { createTextCollector, readStrings, unescapeText } from './xlsx-strings.ts';
import { readXml } from './xml-events.ts';
import { type ArchiveEntry, entryPieces } from './zip-archive.ts';

/** The last cell that Excel has is XFD1048576. */
const LAST_ROW = 1_048_575;
const LAST_COLUMN = 16_383;

/** @throws SourceError `file-workbook-broken`, `file-doctype`, `file-archive-broken` */
export async function xlsxTables(bytes: Buffer, entries: readonly ArchiveEntry[], file: string): Promise<Table[]> {
  const book = await openPackage(bytes, entries, file);
  let strings: Promise<string[]> | null = null;
  const sharedStrings = (): Promise<string[]> => {
    strings ??= book.strings ? readStrings(entryPieces(bytes, book.strings, file), file) : Promise.resolve([]);
    return strings;
  };
  return book.sheets.map(({ name, part }) => ({
    sheet: name,
    batches: sheetRows(() => entryPieces(bytes, part, file), book, sharedStrings, file),
  }));
}

async function* sheetRows(
  pieces: () => AsyncIterable<Buffer>,
  book: XlsxPackage,
  sharedStrings: () => Promise<string[]>,
  file: string,
): AsyncGenerator<TableBatch> {
  const builder = createBatchBuilder(file);
  const fill = mergeFiller(await readMerges(pieces(), file));
  const reader = createRowReader(book, await sharedStrings(), file);
  let before = -1;
  reader.onRow = (cells, row, issues) => {
    fill(cells, row);
    if (isBlank(cells) && issues.length === 0) return;
    if (row - before > MAX_BLANK_ROWS) throw new SourceError('file-far-cell', { file, row: row + 1 });
    before = row;
    builder.add(cells, row + 1, issues);
  };
  for await (const _ of readXml(pieces(), file, reader)) if (builder.full) yield builder.take();
  if (builder.size > 0) yield builder.take();
}

interface RowReader {
  onRow: (cells: string[], row: number, issues: Issue[]) => void;
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

function createRowReader({ date1904, dateStyles }: XlsxPackage, strings: readonly string[], file: string): RowReader {
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
      const shared = strings[Number(value)];
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

function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~0x20;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}

const MERGE = /<(?:\w+:)?mergeCell ref="([A-Za-z]{1,3})(\d{1,7}):[A-Za-z]{1,3}(\d{1,7})"/g;
const MERGE_LENGTH = 64;
const MAX_MERGES = 200_000;

/** They stand behind the rows that they are about, so the sheet is looked through once before it is read. */
async function readMerges(pieces: AsyncIterable<Buffer>, file: string): Promise<Merge[]> {
  const merges: Merge[] = [];
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + piece.toString('latin1');
    let looked = Math.max(0, text.length - MERGE_LENGTH);
    if (text.includes('mergeCell ')) {
      for (const match of text.matchAll(MERGE)) {
        const [whole, column, top, bottom] = match as unknown as [string, string, string, string];
        looked = Math.max(looked, match.index + whole.length);
        merges.push({ column: columnOf(column), top: Number(top) - 1, bottom: Number(bottom) - 1 });
      }
      if (merges.length > MAX_MERGES) throw new SourceError('file-workbook-broken', { file });
    }
    rest = text.slice(looked);
  }
  return merges;
}
