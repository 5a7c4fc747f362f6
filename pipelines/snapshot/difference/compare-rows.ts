/**
 * Which rows of two snapshots differ. Both are read once, side by side; what is alike and in the same order is let go, so memory grows with what differs and not with
 * the snapshots. Pure but for what it reads.
 */
import { type PlacedRow, type RowBlock, rowOf } from './placed-rows.ts';

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

type Blocks = AsyncIterable<RowBlock>;
type Block = Promise<IteratorResult<RowBlock, unknown>>;

const NOTHING: RowBlock = { first: 1, lines: [], entities: [] };

/** The next block is on its way while one is looked at. Who stops before it was awaited is told by what stopped him. */
function begin(blocks: AsyncIterator<RowBlock>): Block {
  const next = blocks.next();
  next.catch(() => undefined);
  return next;
}

/** One of the two snapshots, as far as it is read. */
class Side {
  block = NOTHING;
  /** Within the block: the row that is looked at. */
  at = 0;
  /** Rows that the other side has not shown yet, by whom they stand for. */
  readonly waiting = new Map<number, PlacedRow>();
  private readonly blocks: AsyncIterator<RowBlock>;
  private next: Block;

  constructor(blocks: Blocks) {
    this.blocks = blocks[Symbol.asyncIterator]();
    this.next = begin(this.blocks);
  }

  /** Whether the block has a row that was not looked at. */
  get hasRow(): boolean {
    return this.at < this.block.lines.length;
  }

  get place(): number {
    return this.block.first + this.at;
  }

  /** @returns false where all was read */
  async read(): Promise<boolean> {
    while (!this.hasRow) {
      const { value, done } = await this.next;
      if (done) return false;
      this.block = value;
      this.at = 0;
      this.next = begin(this.blocks);
    }
    return true;
  }

  async close(): Promise<void> {
    await this.next.catch(() => undefined);
    await this.blocks.return?.(undefined);
  }
}

/** Passes over rows that are alike in both, for as long as both have some. @returns how many */
function passAlike(left: Side, right: Side): number {
  const [a, b] = [left.block, right.block];
  const most = Math.min(a.lines.length - left.at, b.lines.length - right.at);
  let n = 0;
  while (
    n < most &&
    a.entities[left.at + n] === b.entities[right.at + n] &&
    a.lines[left.at + n] === b.lines[right.at + n]
  )
    n += 1;
  left.at += n;
  right.at += n;
  return n;
}

/** Somebody has one row in a snapshot. @param most rows that may differ. @returns null where more do */
export async function compareRows(older: Blocks, newer: Blocks, most: number): Promise<Compared | null> {
  const pairs: Compared['pairs'] = [];
  const kept = { was: 0, at: 0 };
  const settle = (before: PlacedRow, after: PlacedRow): void => {
    // What stays must stay in its order, or it has moved: whoever replays goes through both once.
    const inOrder = before.place > kept.was && after.place > kept.at;
    if (inOrder && before.line === after.line) {
      kept.was = before.place;
      kept.at = after.place;
    } else pairs.push({ before, after });
  };
  const left = new Side(older);
  const right = new Side(newer);
  /** Looks at the next row of one side: its counterpart waits, or it waits itself. */
  const step = (side: Side, other: Side): void => {
    const row = rowOf(side.block, side.at);
    side.at += 1;
    const found = other.waiting.get(row.entity);
    if (found === undefined) side.waiting.set(row.entity, row);
    else {
      other.waiting.delete(row.entity);
      if (side === left) settle(row, found);
      else settle(found, row);
    }
  };
  const awaits = (side: Side, other: Side): boolean =>
    other.waiting.size > 0 && other.waiting.has(Number(side.block.entities[side.at]));
  try {
    for (;;) {
      const [more, others] = [await left.read(), await right.read()];
      if (!more && !others) break;
      if (more && others && passAlike(left, right) > 0) {
        kept.was = left.place - 1;
        kept.at = right.place - 1;
        continue;
      }
      // The side whose row is awaited by the other one catches up, so that both are level again behind what one has more; else whichever is behind.
      if (!others || (more && (awaits(left, right) || (!awaits(right, left) && left.place <= right.place))))
        step(left, right);
      else step(right, left);
      if (pairs.length + Math.min(left.waiting.size, right.waiting.size) > most) return null;
    }
  } finally {
    await left.close();
    await right.close();
  }
  const rows = ({ waiting }: Side): PlacedRow[] => [...waiting.values()].sort((a, b) => a.place - b.place);
  if (pairs.length + left.waiting.size + right.waiting.size > most) return null;
  return { pairs, gone: rows(left), come: rows(right) };
}
