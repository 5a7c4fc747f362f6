/**
 * The visible sheets of an ODS workbook, row by row. Rows and cells that repeat are written once with a number beside them, which may
 * be any: blank ones are only counted, filled ones are held to the caps before they are unfolded.
 */
import type { Issue } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { type BatchBuilder, cellIssue, createBatchBuilder, isBlank } from './batch-builder.ts';
import { MAX_BLANK_ROWS, MAX_COLUMNS, MAX_ROWS_XLS_ODS } from './limits.ts';
import { createOdsCell } from './ods-cell.ts';
import type { Table, TableBatch } from './table.ts';
import { readWholeXml, readXml, type XmlHandler } from './xml-events.ts';
import { type ArchiveEntry, entryPieces } from './zip-archive.ts';

type Attributes = Readonly<Record<string, string>>;
type Pieces = () => AsyncIterable<Buffer>;

/** @throws SourceError `file-archive-broken`, `file-doctype`, `file-workbook-broken` */
export async function odsTables(bytes: Buffer, content: ArchiveEntry, file: string): Promise<Table[]> {
  const pieces: Pieces = () => entryPieces(bytes, content, file);
  const sheets: { name: string; hidden: boolean }[] = [];
  const hiding = new Set<string>();
  let style = '';
  let depth = 0;
  await readWholeXml(pieces(), file, {
    open(name, attributes) {
      if (name === 'style') style = attributes['style:name'] ?? '';
      else if (name === 'table-properties' && attributes['table:display'] === 'false') hiding.add(style);
      else if (name === 'table' && depth++ === 0)
        sheets.push({
          name: attributes['table:name'] ?? '',
          hidden: hiding.has(attributes['table:style-name'] ?? ''),
        });
    },
    close(name) {
      if (name === 'table') depth -= 1;
    },
  });
  return sheets.flatMap(({ name, hidden }, at) =>
    hidden ? [] : [{ sheet: name, batches: sheetRows(pieces, at, file) }],
  );
}

async function* sheetRows(pieces: Pieces, sheet: number, file: string): AsyncGenerator<TableBatch> {
  const builder = createBatchBuilder(file);
  const reader = createSheetReader(builder, sheet, file);
  for await (const _ of readXml(pieces(), file, reader)) {
    if (builder.full) yield builder.take();
    if (reader.done) break;
  }
  if (builder.size > 0) yield builder.take();
}

const repeats = (attributes: Attributes, what: 'rows' | 'columns'): number => {
  const times = Number(attributes[`table:number-${what}-repeated`] ?? 1);
  return Number.isSafeInteger(times) && times > 0 ? times : 1;
};

/** What stands for a cell with an error that shows nothing: an empty cell would wipe what is known. */
const NAMELESS_ERROR = '#ERR!';

/** Values of cells that span several rows, for the rows below (see `merged-cells.ts`): here a span is known where it begins. */
interface Span {
  column: number;
  value: string;
  left: number;
}

function createSheetReader(builder: BatchBuilder, wanted: number, file: string): XmlHandler & { done: boolean } {
  const cell = createOdsCell();
  let sheet = -1;
  let depth = 0;
  let row = 0;
  let filledRows = 0;
  let before = -1;
  let rowTimes = 1;
  let cells: string[] = [];
  let column = 0;
  let issues: Issue[] = [];
  let cellTimes = 1;
  let inCell = false;
  let rowSpan = 1;
  let spans: Span[] = [];
  let opened: Span[] = [];

  const endCell = (): void => {
    inCell = false;
    const text = cell.text() || (cell.error ? NAMELESS_ERROR : '');
    if (text !== '') {
      if (column + cellTimes > MAX_COLUMNS && text.trim() !== '')
        throw new SourceError('file-too-many-columns', {
          file,
          row: row + 1,
          columns: column + cellTimes,
          limit: MAX_COLUMNS,
        });
      while (cells.length < column) cells.push('');
      for (let i = 0; i < Math.min(cellTimes, MAX_COLUMNS); i++) cells.push(text);
      if (cell.error) issues.push(cellIssue('raw-cell-error', column + 1, { error: text.slice(0, 20) }));
      if (text.includes('\0')) issues.push(cellIssue('raw-nul', column + 1));
      if (rowSpan > 1) opened.push({ column, value: text, left: rowSpan });
    }
    column += cellTimes;
  };
  const endRow = (): void => {
    if (!isBlank(cells)) {
      for (const { column: at, value } of spans) {
        while (cells.length <= at) cells.push('');
        if (cells[at]!.trim() === '') cells[at] = value;
      }
      filledRows += rowTimes;
      if (filledRows > MAX_ROWS_XLS_ODS) throw new SourceError('file-too-many-rows', { file, limit: MAX_ROWS_XLS_ODS });
      if (row - before > MAX_BLANK_ROWS) throw new SourceError('file-far-cell', { file, row: row + 1 });
      for (let i = 0; i < rowTimes; i++) builder.add([...cells], row + i + 1, issues);
      before = row + rowTimes - 1;
    }
    spans = [...spans, ...opened].flatMap((span) =>
      span.left > rowTimes ? [{ ...span, left: span.left - rowTimes }] : [],
    );
    opened = [];
    row += rowTimes;
  };

  return {
    done: false,
    open(name, attributes) {
      if (name === 'table') {
        if (depth++ === 0) sheet += 1;
      } else if (sheet !== wanted || depth !== 1) return;
      else if (name === 'table-row') {
        rowTimes = repeats(attributes, 'rows');
        [cells, issues, column] = [[], [], 0];
      } else if (name === 'table-cell' || name === 'covered-table-cell') {
        inCell = true;
        cellTimes = repeats(attributes, 'columns');
        rowSpan = Number(attributes['table:number-rows-spanned'] ?? 1);
        cell.begin(attributes);
      } else if (inCell) cell.open(name, attributes);
    },
    text(text) {
      if (inCell) cell.add(text);
    },
    close(name) {
      if (name === 'table') {
        depth -= 1;
        if (depth === 0 && sheet === wanted) this.done = true;
      } else if (sheet !== wanted || depth !== 1) return;
      else if (name === 'table-cell' || name === 'covered-table-cell') endCell();
      else if (name === 'table-row') endRow();
      else if (inCell) cell.close(name);
    },
  };
}
