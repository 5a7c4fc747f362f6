/** The visible sheets of an XLSX workbook, streamed row by row by hucre: cached values of formulas, date cells as ISO text. */
import { readXlsx, streamXlsxRows } from 'hucre/xlsx';
import { SourceError } from '../../schemas/source-error.ts';
import { createBatchBuilder } from './batch-builder.ts';
import { cellText } from './cell-text.ts';
import type { Table, TableBatch } from './table.ts';

const BATCH_ROWS = 1_000;

/** @throws SourceError `file-workbook-broken` */
export async function xlsxTables(bytes: Buffer, file: string): Promise<Table[]> {
  const visible: { name: string; index: number }[] = [];
  await readXlsx(bytes, {
    sheets: (info) => {
      if (!info.hidden && !info.veryHidden) visible.push({ name: info.name, index: info.index });
      return false; // Only the directory: bodies are streamed below.
    },
  }).catch((cause: unknown) => {
    throw broken(file, cause);
  });
  return visible.map(({ name, index }) => ({ sheet: name, batches: sheetRows(bytes, index, file) }));
}

async function* sheetRows(bytes: Buffer, sheet: number, file: string): AsyncGenerator<TableBatch> {
  const builder = createBatchBuilder(file);
  const rows = streamXlsxRows(bytes, { sheet })[Symbol.asyncIterator]();
  for (;;) {
    const next = await rows.next().catch((cause: unknown) => {
      throw broken(file, cause);
    });
    if (next.done) break;
    builder.add(next.value.values.map(cellText), next.value.index + 1);
    if (builder.size >= BATCH_ROWS) yield builder.take();
  }
  if (builder.size > 0) yield builder.take();
}

const broken = (file: string, cause: unknown): SourceError =>
  new SourceError('file-workbook-broken', { file }, { cause });
