/**
 * Rows on their way into a batch: blank ones left out, caps applied. What breaks the table (too many rows or columns) stops the
 * source; what breaks a row (a cell too long, a NUL) marks that row. A cell that is too long is cut there: its row is not used.
 */
import type { Issue } from '../../schemas/records.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROWS } from './limits.ts';
import type { TableBatch } from './table.ts';

const BATCH_ROWS = 1_000;
const BATCH_LENGTH = 1024 * 1024;

export interface BatchBuilder {
  /** @throws SourceError `file-too-many-rows`, `file-too-many-columns` */
  add(cells: string[], number: number, issues?: readonly Issue[]): void;
  readonly size: number;
  /** Holds so much that it had better be taken. */
  readonly full: boolean;
  take(): TableBatch;
}

export function createBatchBuilder(file: string): BatchBuilder {
  let batch: TableBatch = { rows: [], numbers: [], issues: null };
  let length = 0;

  const flag = (issues: readonly Issue[]): void => {
    batch.issues ??= new Map();
    const at = batch.rows.length;
    batch.issues.set(at, [...(batch.issues.get(at) ?? []), ...issues]);
  };

  return {
    add(cells, number, issues) {
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
      if (issues && issues.length > 0) flag(issues);
      for (let i = 0; i < cells.length; i++) {
        const cell = cells[i]!;
        length += cell.length;
        if (cell.length > MAX_CELL_LENGTH) {
          flag([
            {
              code: 'raw-cell-too-long',
              column: null,
              value: null,
              params: { cell: i + 1, length: cell.length, limit: MAX_CELL_LENGTH },
            },
          ]);
          cells[i] = cell.slice(0, MAX_CELL_LENGTH);
        }
      }
      batch.rows.push(cells);
      batch.numbers.push(number);
    },
    get size() {
      return batch.rows.length;
    },
    get full() {
      return batch.rows.length >= BATCH_ROWS || length >= BATCH_LENGTH;
    },
    take() {
      const full = batch;
      batch = { rows: [], numbers: [], issues: null };
      length = 0;
      return full;
    },
  };
}

export function isBlank(cells: readonly string[]): boolean {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (cell !== '' && cell.trim() !== '') return false;
  }
  return true;
}

/** What is wrong with one cell of a row, counted from 1. */
export const cellIssue = (code: string, cell: number, params: Record<string, string | number> = {}): Issue => ({
  code,
  column: null,
  value: null,
  params: { cell, ...params },
});

/** What stands for a character that could not be read. */
export const BROKEN = '\ufffd';

/** @param cell its number from 1. The place in it is counted in characters, as a person counts them. */
export const brokenIssue = (text: string, cell: number): Issue =>
  cellIssue('raw-character-broken', cell, { at: Array.from(text.slice(0, text.indexOf(BROKEN))).length + 1 });
