/**
 * Rows on their way into a batch: blank ones left out, caps applied. What breaks the table (too many rows or columns) stops the
 * source; what breaks a row (a cell too long, a NUL) marks that row.
 */
import type { Issue } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROWS } from './limits.ts';
import type { TableBatch } from './table.ts';

export interface BatchBuilder {
  /** @throws SourceError `file-too-many-rows`, `file-too-many-columns` */
  add(cells: string[], number: number, issue?: Issue): void;
  readonly size: number;
  take(): TableBatch;
}

export function createBatchBuilder(file: string): BatchBuilder {
  let batch: TableBatch = { rows: [], numbers: [], issues: null };

  const flag = (issue: Issue): void => {
    batch.issues ??= new Map();
    const at = batch.rows.length;
    batch.issues.set(at, [...(batch.issues.get(at) ?? []), issue]);
  };

  return {
    add(cells, number, issue) {
      if (isBlank(cells)) return;
      if (number > MAX_ROWS) throw new SourceError('file-too-many-rows', { file, limit: MAX_ROWS });
      if (cells.length > MAX_COLUMNS && !isBlank(cells.slice(MAX_COLUMNS))) {
        throw new SourceError('file-too-many-columns', {
          file,
          row: number,
          columns: cells.length,
          limit: MAX_COLUMNS,
        });
      }
      if (issue) flag(issue);
      for (let i = 0; i < cells.length; i++) {
        const length = cells[i]!.length;
        if (length > MAX_CELL_LENGTH) {
          flag({
            code: 'raw-cell-too-long',
            column: null,
            value: null,
            params: { cell: i + 1, length, limit: MAX_CELL_LENGTH },
          });
        }
      }
      batch.rows.push(cells);
      batch.numbers.push(number);
    },
    get size() {
      return batch.rows.length;
    },
    take() {
      const full = batch;
      batch = { rows: [], numbers: [], issues: null };
      return full;
    },
  };
}

function isBlank(cells: readonly string[]): boolean {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell !== '' && cell.trim() !== '') return false;
  }
  return true;
}
