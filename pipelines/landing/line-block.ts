/**
 * A block of COPY lines with blanks: where a pseudonym, a sealed value or a hash belongs there is room for it, and marks beside the bytes say where.
 * `fillBlanks` fills them, in whichever thread. Until then the block holds plain identifiers: it never leaves memory so.
 */

/** Per row: places in bytes from the block's start, 0 where a row has no such blank (a line begins with its source), and the plain value's length. */
export const MARK = { saidStart: 0, saidEnd: 1, key: 2, pseudonym: 3, sealed: 4, plainBytes: 5, hash: 6 } as const;
export const MARKS = Object.keys(MARK).length;

/** Bigger than what a socket takes at once: then a stream says by its backpressure that a block is out of our hands. */
const BLOCK_BYTES = 128 * 1024;
const BLOCK_ROWS = 512;

/** What travels between threads. */
export interface Block {
  bytes: Uint8Array<ArrayBuffer>;
  marks: Int32Array<ArrayBuffer>;
  rows: number;
}

export class LineBlock {
  private readonly bytes: Buffer<ArrayBuffer>;
  private readonly marks = new Int32Array(MARKS * BLOCK_ROWS);
  private at = 0;
  private rows = 0;

  /** @param atLeast bytes that the first row may need */
  constructor(atLeast = 0) {
    this.bytes = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, atLeast));
  }

  get empty(): boolean {
    return this.rows === 0;
  }

  hasRoom(bytes: number): boolean {
    return this.rows < BLOCK_ROWS && this.bytes.length - this.at >= bytes;
  }

  text(text: string): void {
    this.at += this.bytes.write(text, this.at);
  }

  /** Marks a blank and leaves room. @param found what the filler finds there; never longer than the room */
  blank(mark: number, room: number, found = ''): void {
    this.mark(mark);
    if (found !== '') this.bytes.write(found, this.at, 'latin1');
    this.at += room;
  }

  /** As `blank`, with any text in it. */
  plainBlank(mark: number, room: number, plain: string): void {
    this.bytes.write(plain, this.at);
    this.blank(mark, room);
  }

  mark(mark: number, value = this.at): void {
    this.marks[this.rows * MARKS + mark] = value;
  }

  endRow(): void {
    this.rows += 1;
  }

  take(): Block {
    return { bytes: this.bytes.subarray(0, this.at), marks: this.marks, rows: this.rows };
  }
}
