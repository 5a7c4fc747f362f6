/** A sheet as cells, before it becomes the bytes of one format; and what is known of its rows. */
import type { DirtClass, FileFault, Outcome } from './dirt.ts';

/** Text, or a number with an optional number format (a date that a spreadsheet holds as its serial). */
export type Cell = string | { number: number; format?: string };

/** Something that the pipeline should find in a row. `row` counts as a person opening the file counts, from 1; null is the whole file. */
export interface RowNote {
  row: number | null;
  fault: DirtClass | FileFault;
  outcome: Outcome;
}

export interface Table {
  cells: Cell[][];
  /** Data rows below the title row, broken ones included: what a reader has read when it has read all. */
  rows: number;
  notes: RowNote[];
}
