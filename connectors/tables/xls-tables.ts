/** The visible sheets of an XLS workbook by SheetJS, which holds all its cells in memory: hence no more than 20,000 rows. */
import { read, utils } from '@e965/xlsx';
import type { Issue } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { cellIssue, createBatchBuilder, isBlank } from './batch-builder.ts';
import { cellText } from './cell-text.ts';
import { HEAD_ROWS, MAX_BLANK_ROWS, MAX_ROWS_XLS_ODS } from './limits.ts';
import { mergeFiller } from './merged-cells.ts';
import type { Table, TableBatch } from './table.ts';

interface Cell {
  t: string;
  v?: unknown;
  w?: string;
}
/** Of a workbook read with `dense`. */
interface Sheet {
  '!data'?: (Cell | undefined)[][];
  '!merges'?: { s: { r: number; c: number }; e: { r: number; c: number } }[];
  '!fullref'?: string;
}
type Workbook = ReturnType<typeof read>;

const OPTIONS = { type: 'buffer', dense: true, cellDates: true, cellFormula: false, cellHTML: false } as const;

/** @throws SourceError `file-workbook-broken`, `file-too-many-rows` and those of the caps */
export function xlsTables(bytes: Buffer, file: string, headOnly: boolean): Table[] {
  const limit = MAX_ROWS_XLS_ODS;
  let book = open(bytes, file, headOnly ? HEAD_ROWS : limit + 1);
  if (headOnly) return tables(book, file);
  // Rows beyond may be empty but for their borders: then all of them must be looked at.
  const cut = sheetsOf(book).some((sheet) => sheet['!fullref'] && utils.decode_range(sheet['!fullref']).e.r > limit);
  if (cut && !sheetsOf(book).some(isTooLong)) book = open(bytes, file);
  if (sheetsOf(book).some(isTooLong)) throw new SourceError('file-too-many-rows', { file, limit });
  return tables(book, file);
}

function open(bytes: Buffer, file: string, sheetRows = 0): Workbook {
  try {
    return read(bytes, { ...OPTIONS, sheetRows });
  } catch (cause) {
    throw new SourceError('file-workbook-broken', { file }, { cause });
  }
}

const sheetsOf = (book: Workbook): Sheet[] => book.SheetNames.map((name) => book.Sheets[name] as unknown as Sheet);

const isTooLong = (sheet: Sheet): boolean =>
  (sheet['!data'] ?? []).slice(MAX_ROWS_XLS_ODS).some((cells) => cells && !isBlank(textsOf(cells)));

const textsOf = (cells: readonly (Cell | undefined)[]): string[] =>
  Array.from(cells, (cell) => (cell?.t === 'e' ? (cell.w ?? '#ERROR') : cellText(cell?.v)));

function tables(book: Workbook, file: string): Table[] {
  const visible = book.SheetNames.filter((_, at) => !book.Workbook?.Sheets?.[at]?.Hidden);
  return visible.map((name) => ({ sheet: name, batches: sheetRows(book.Sheets[name] as unknown as Sheet, file) }));
}

async function* sheetRows(sheet: Sheet, file: string): AsyncGenerator<TableBatch> {
  const builder = createBatchBuilder(file);
  const fill = mergeFiller((sheet['!merges'] ?? []).map(({ s, e }) => ({ top: s.r, bottom: e.r, column: s.c })));
  const rows = sheet['!data'] ?? [];
  let before = -1;
  for (let i = 0; i < rows.length; i++) {
    const cells = rows[i];
    if (!cells) continue;
    const texts = textsOf(cells);
    fill(texts, i);
    if (isBlank(texts)) continue;
    if (i - before > MAX_BLANK_ROWS) throw new SourceError('file-far-cell', { file, row: i + 1 });
    before = i;
    builder.add(texts, i + 1, issuesOf(cells, texts));
    if (builder.full) yield builder.take();
  }
  if (builder.size > 0) yield builder.take();
}

function issuesOf(cells: readonly (Cell | undefined)[], texts: readonly string[]): Issue[] {
  const issues: Issue[] = [];
  for (let i = 0; i < texts.length; i++) {
    if (cells[i]?.t === 'e') issues.push(cellIssue('raw-cell-error', i + 1, { error: texts[i]!.slice(0, 20) }));
    if (texts[i]!.includes('\0')) issues.push(cellIssue('raw-nul', i + 1));
  }
  return issues;
}
