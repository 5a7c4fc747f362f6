import type { Issue } from '../../schemas/records.ts';

/**
 * Some rows of a table, in order. `numbers` counts as a person opening the file counts: from 1, letterhead and blank lines
 * included. Blank rows themselves are left out. `issues` are by position in `rows`; null where nothing is wrong, the common case.
 */
export interface TableBatch {
  rows: string[][];
  numbers: number[];
  issues: Map<number, Issue[]> | null;
}

/** One sheet of a file, or the whole of a delimited one. It is read once. */
export interface Table {
  sheet: string | null;
  batches: AsyncIterable<TableBatch>;
}

/** How much a row looks like the title row that the caller wants: the number of titles it knows. */
export type TitleScore = (cells: readonly string[]) => number;
