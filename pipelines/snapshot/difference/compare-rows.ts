/**
 * Which rows of two snapshots differ. Both are read once, side by side; what is alike and in the same order is let go, so memory grows with what differs and not with
 * the snapshots. Pure but for what it reads.
 */
import type { PlacedRow, RowSource } from './placed-rows.ts';

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

/** What comes, a part at a time. The next one is on its way while one is looked at; who stops before it was awaited is told by what stopped him. */
class Parts<T> {
  private readonly parts: AsyncIterator<T>;
  private next: Promise<IteratorResult<T, unknown>>;

  constructor(parts: AsyncIterable<T>) {
    this.parts = parts[Symbol.asyncIterator]();
    this.next = this.begin();
  }

  /** @returns undefined where all came */
  async take(): Promise<T | undefined> {
    const { value, done } = await this.next;
    if (done) return undefined;
    this.next = this.begin();
    return value;
  }

  async close(): Promise<void> {
    await this.next.catch(() => undefined);
    await this.parts.return?.(undefined);
  }

  private begin(): Promise<IteratorResult<T, unknown>> {
    const next = this.parts.next();
    next.catch(() => undefined);
    return next;
  }
}

const LINE_FEED = 0x0a;

/** One of the two snapshots, as far as it is read: at the beginning of a line, and at its entity. */
class Side {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  entities: string[] = [];
  nth = 0;
  /** Of the row that is looked at, counted from 1. */
  place = 1;
  /** Rows that the other side has not shown yet, by whom they stand for. */
  readonly waiting = new Map<string, PlacedRow>();
  private readonly lines: Parts<Buffer>;
  private readonly numbers: Parts<string[]>;

  constructor({ lines, entities }: RowSource) {
    this.lines = new Parts(lines);
    this.numbers = new Parts(entities);
  }

  /** Of the row that is looked at. */
  get entity(): string {
    return this.entities[this.nth] as string;
  }

  /** The row that is looked at, which is left behind. */
  shift(): PlacedRow {
    const end = this.bytes.indexOf(LINE_FEED, this.at);
    const row = { entity: Number(this.entity), place: this.place, line: this.bytes.toString('utf8', this.at, end) };
    this.at = end + 1;
    this.nth += 1;
    this.place += 1;
    return row;
  }

  /** @returns false where all was read */
  async read(): Promise<boolean> {
    while (this.at === this.bytes.length) {
      const more = await this.lines.take();
      if (more === undefined) return false;
      this.bytes = more;
      this.at = 0;
    }
    while (this.nth === this.entities.length) {
      const more = await this.numbers.take();
      if (more === undefined) throw new Error('a snapshot has more rows than it knows whom they stand for');
      this.entities = more;
      this.nth = 0;
    }
    return true;
  }

  async close(): Promise<void> {
    await this.lines.close();
    await this.numbers.close();
  }
}

/** Passes over rows that are alike in both, for as long as both have some. @returns how many */
function passAlike(left: Side, right: Side): number {
  const [a, b] = [left.bytes, right.bytes];
  const most = Math.min(left.entities.length - left.nth, right.entities.length - right.nth);
  let n = 0;
  for (; n < most && left.entities[left.nth + n] === right.entities[right.nth + n]; n += 1) {
    const end = a.indexOf(LINE_FEED, left.at) + 1;
    const otherEnd = right.at + end - left.at;
    if (end === 0 || otherEnd > b.length || a.compare(b, right.at, otherEnd, left.at, end) !== 0) break;
    left.at = end;
    right.at = otherEnd;
  }
  for (const side of [left, right]) {
    side.nth += n;
    side.place += n;
  }
  return n;
}

/** Somebody has one row in a snapshot. @param most rows that may differ. @returns null where more do */
export async function compareRows(older: RowSource, newer: RowSource, most: number): Promise<Compared | null> {
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
    const { entity } = side;
    const row = side.shift();
    const found = other.waiting.get(entity);
    if (found === undefined) side.waiting.set(entity, row);
    else {
      other.waiting.delete(entity);
      if (side === left) settle(row, found);
      else settle(found, row);
    }
  };
  const awaits = (side: Side, other: Side): boolean => other.waiting.has(side.entity);
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
