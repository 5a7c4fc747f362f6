/**
 * The sheets of an ODS workbook by SheetJS, which expands repeated rows and cells without a limit and inflates whatever it finds; so
 * the archive and its content are checked first: sizes as declared, no document type (entities), no more filled rows and cells
 * after repetition than a roster can have.
 */
import { read } from '@e965/xlsx';
import { SourceError } from '../../schemas/source-error.ts';
import { createBatchBuilder } from './batch-builder.ts';
import { cellText } from './cell-text.ts';
import { MAX_COLUMNS } from './limits.ts';
import type { Table, TableBatch } from './table.ts';
import { type ArchiveEntry, readEntry } from './zip-archive.ts';

/** The whole workbook is held in memory; who has more rows than any school is asked for CSV or XLSX. */
const MAX_ODS_ROWS = 20_000;
const ROW = /<table:table-row\b([^>]*)>([\s\S]*?)<\/table:table-row>/g;
const FILLED = /<table:table-cell\b([^>]*[^/])>/g;

interface Cell {
  t: string;
  v?: unknown;
}

/** @throws SourceError `file-workbook-broken`, `file-doctype`, and those of the caps */
export function odsTables(bytes: Buffer, entries: ArchiveEntry[], file: string): Table[] {
  for (const entry of entries) {
    const content = readEntry(bytes, entry, file);
    if (entry.name === 'content.xml') checkContent(content.toString('utf8'), file);
  }
  let workbook: ReturnType<typeof read>;
  try {
    workbook = read(bytes, { type: 'buffer', dense: true, cellDates: true, cellFormula: false, cellHTML: false });
  } catch (cause) {
    throw new SourceError('file-workbook-broken', { file }, { cause });
  }
  return workbook.SheetNames.map((name) => {
    const rows = (workbook.Sheets[name] as unknown as { '!data'?: (Cell | undefined)[][] })['!data'] ?? [];
    return { sheet: name, batches: sheetRows(rows, file) };
  });
}

async function* sheetRows(rows: (Cell | undefined)[][], file: string): AsyncGenerator<TableBatch> {
  const builder = createBatchBuilder(file);
  for (let i = 0; i < rows.length; i++) {
    const cells = rows[i];
    if (cells)
      builder.add(
        Array.from(cells, (cell) => cellText(cell?.v)),
        i + 1,
      );
  }
  if (builder.size > 0) yield builder.take();
}

function checkContent(xml: string, file: string): void {
  if (/<!DOCTYPE/i.test(xml.slice(0, 4096))) throw new SourceError('file-doctype', { file });
  let rows = 0;
  for (const [, attributes, content] of xml.matchAll(ROW)) {
    const filled = [...content!.matchAll(FILLED)];
    if (filled.length === 0) continue;
    rows += repeats(attributes!, 'rows');
    const columns = filled.reduce((sum, [, cell]) => sum + repeats(cell!, 'columns'), 0);
    if (rows > MAX_ODS_ROWS) throw new SourceError('file-too-many-rows', { file, limit: MAX_ODS_ROWS });
    if (columns > MAX_COLUMNS)
      throw new SourceError('file-too-many-columns', { file, row: rows, columns, limit: MAX_COLUMNS });
  }
}

const repeats = (attributes: string, what: 'rows' | 'columns'): number =>
  Number(attributes.match(new RegExp(`number-${what}-repeated="(\\d+)"`))?.[1] ?? 1);
