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

/** Rows of one side that the other has not shown yet. Mostly both are in one order: then they wait in a line, and only what is not next is looked up. */
class Waiting {
  readonly known = new Map<number, PlacedRow>();
  private line: PlacedRow[] = [];
  private next = 0;

  get size(): number {
    return this.known.size + this.line.length - this.next;
  }

  add(row: PlacedRow): void {
    this.line.push(row);
  }

  /** The row of somebody, once. */
  take(entity: number): PlacedRow | undefined {
    const first = this.line[this.next];
    if (first?.entity === entity) {
      this.next += 1;
      if (this.next === this.line.length) this.clearLine();
      return first;
    }
    for (; this.next < this.line.length; this.next += 1) {
      const row = this.line[this.next] as PlacedRow;
      this.known.set(row.entity, row);
    }
    this.clearLine();
    const found = this.known.get(entity);
    if (found) this.known.delete(entity);
    return found;
  }

  /** In the order of their places. */
  rows(): PlacedRow[] {
    return [...this.known.values(), ...this.line.slice(this.next)].sort((a, b) => a.place - b.place);
  }

  private clearLine(): void {
    this.line = [];
    this.next = 0;
  }
}

type Block = Promise<IteratorResult<readonly PlacedRow[], unknown>>;

/** The next block of each side is on its way while one is looked at. Who stops before it was awaited is told by what stopped him. */
function begin(rows: AsyncIterator<readonly PlacedRow[]>): Block {
  const next = rows.next();
  next.catch(() => undefined);
  return next;
}
function openSide(blocks: Blocks): {
  rows: AsyncIterator<readonly PlacedRow[]>;
  next: Block;
  read: number;
  done: boolean;
} {
  const rows = blocks[Symbol.asyncIterator]();
  return { rows, next: begin(rows), read: 0, done: false };
}

/** Somebody has one row in a snapshot. @param most rows that may differ. @returns null where more do */
export async function compareRows(older: Blocks, newer: Blocks, most: number): Promise<Compared | null> {
  const pairs: Compared['pairs'] = [];
  const [gone, come] = [new Waiting(), new Waiting()];
  const kept = { was: 0, at: 0 };
  const settle = (before: PlacedRow, after: PlacedRow): void => {
    // What stays must stay in its order, or it has moved: whoever replays goes through both once.
    const inOrder = before.place > kept.was && after.place > kept.at;
    if (inOrder && before.line === after.line) {
      kept.was = before.place;
      kept.at = after.place;
    } else pairs.push({ before, after });
  };
  const left = openSide(older);
  const right = openSide(newer);
  try {
    while (!left.done || !right.done) {
      const isOlder = !left.done && (right.done || left.read <= right.read);
      const side = isOlder ? left : right;
      const [own, others] = isOlder ? [gone, come] : [come, gone];
      const { value, done } = await side.next;
      if (done) {
        side.done = true;
        continue;
      }
      side.next = begin(side.rows);
      side.read += value.length;
      for (const row of value) {
        const other = others.take(row.entity);
        if (other === undefined) own.add(row);
        else if (isOlder) settle(row, other);
        else settle(other, row);
      }
      // As many are read of both, so where one is far behind the other both wait.
      if (pairs.length + Math.min(gone.size, come.size) > most) return null;
    }
  } finally {
    for (const { rows, next } of [left, right]) {
      await next.catch(() => undefined);
      await rows.return?.(undefined);
    }
  }
  if (pairs.length + gone.size + come.size > most) return null;
  return { pairs, gone: gone.rows(), come: come.rows() };
}
