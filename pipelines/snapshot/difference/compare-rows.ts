/**
 * Which rows of two snapshots differ. Both are read once, side by side; what is alike and in the same order is let go, so memory grows with what differs and not with
 * the snapshots. Pure but for what it reads.
 */
import type { PlacedRow } from './placed-rows.ts';

/** A row that is gone, one that came, or one that is not the same any more. */
export interface RowPair {
  before: PlacedRow | null;
  after: PlacedRow | null;
}
export interface Compared {
  /** Of one person or institution. */
  pairs: { before: PlacedRow; after: PlacedRow }[];
  gone: PlacedRow[];
  come: PlacedRow[];
}

type Blocks = AsyncIterable<readonly PlacedRow[]>;

/** Somebody has one row in a snapshot. @param most rows that may differ. @returns null where more do */
export async function compareRows(older: Blocks, newer: Blocks, most: number): Promise<Compared | null> {
  const pairs: Compared['pairs'] = [];
  const [gone, come] = [new Map<number, PlacedRow>(), new Map<number, PlacedRow>()];
  const kept = { was: 0, at: 0 };
  const settle = (before: PlacedRow, after: PlacedRow): void => {
    // What stays must stay in its order, or it has moved: whoever replays goes through both once.
    const inOrder = before.place > kept.was && after.place > kept.at;
    if (inOrder && before.line === after.line) {
      kept.was = before.place;
      kept.at = after.place;
    } else pairs.push({ before, after });
  };
  const take = (row: PlacedRow, own: Map<number, PlacedRow>, others: Map<number, PlacedRow>, isOlder: boolean) => {
    const other = others.get(row.entity);
    if (other === undefined) own.set(row.entity, row);
    else {
      others.delete(row.entity);
      if (isOlder) settle(row, other);
      else settle(other, row);
    }
  };
  const left = { rows: older[Symbol.asyncIterator](), read: 0, done: false };
  const right = { rows: newer[Symbol.asyncIterator](), read: 0, done: false };
  try {
    while (!left.done || !right.done) {
      const isOlder = !left.done && (right.done || left.read <= right.read);
      const side = isOlder ? left : right;
      const { value, done } = await side.rows.next();
      if (done) {
        side.done = true;
        continue;
      }
      side.read += value.length;
      for (const row of value) take(row, isOlder ? gone : come, isOlder ? come : gone, isOlder);
      // As many are read of both, so where one is far behind the other both wait.
      if (pairs.length + Math.min(gone.size, come.size) > most) return null;
    }
  } finally {
    for (const { rows } of [left, right]) await rows.return?.(undefined);
  }
  if (pairs.length + gone.size + come.size > most) return null;
  return { pairs, gone: [...gone.values()], come: [...come.values()] };
}
