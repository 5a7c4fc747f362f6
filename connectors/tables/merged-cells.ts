/**
 * Cells merged over several rows hold their value in the topmost only; here the rows below get it too, so that titles of which some
 * span two rows and others stand under a common one read as one row. A row that has nothing of its own stays blank: it is the lower
 * half of the one above. Cells merged over several columns say their value once, in the first.
 */
import { isBlank } from './batch-builder.ts';

/** Rows and columns from 0, both ends included. */
export interface Merge {
  top: number;
  bottom: number;
  column: number;
}

/** Called with every row in order of the sheet. */
export type MergeFiller = (cells: string[], row: number) => void;

export function mergeFiller(merges: readonly Merge[]): MergeFiller {
  const starting = new Map<number, Merge[]>();
  for (const merge of merges) {
    if (merge.bottom <= merge.top) continue;
    const beside = starting.get(merge.top);
    if (beside) beside.push(merge);
    else starting.set(merge.top, [merge]);
  }
  if (starting.size === 0) return () => undefined;
  let open: { merge: Merge; value: string }[] = [];
  return (cells, row) => {
    open = open.filter(({ merge }) => merge.bottom >= row);
    if (open.length > 0 && !isBlank(cells)) {
      for (const { merge, value } of open) {
        while (cells.length <= merge.column) cells.push('');
        if (cells[merge.column]!.trim() === '') cells[merge.column] = value;
      }
    }
    for (const merge of starting.get(row) ?? []) {
      const value = cells[merge.column] ?? '';
      if (value.trim() !== '') open.push({ merge, value });
    }
  };
}
