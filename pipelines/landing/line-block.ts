/**
 * A block of COPY lines of one kind. Their blanks wait for `fillBlanks`, in whichever thread. Until then the block holds plain identifiers: it never
 * leaves memory so. The text is kept in UTF-16, as the engine has it: to turn a whole block into UTF-8 at once costs a third of doing it line by line.
 */
import type { RecordKind } from '../../schemas/records.ts';

/** Characters. Bigger than what a socket takes at once: then a stream says by its backpressure that a block is out of our hands. */
const BLOCK_UNITS = 128 * 1024;
const UTF16_BYTES_PER_UNIT = 2;

/** What travels between threads. */
export interface Block {
  kind: RecordKind;
  /** UTF-16 before the blanks are filled, UTF-8 after. */
  bytes: Uint8Array<ArrayBuffer>;
}

export class LineBlock {
  private readonly kind: RecordKind;
  private readonly bytes: Buffer<ArrayBuffer>;
  private at = 0;

  /** @param first line that it begins with, however long */
  constructor(kind: RecordKind, first: string) {
    this.kind = kind;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(BLOCK_UNITS, first.length) * UTF16_BYTES_PER_UNIT);
    this.add(first);
  }

  /** @returns false where the line does not fit: nothing is written then */
  add(line: string): boolean {
    if (this.bytes.length - this.at < line.length * UTF16_BYTES_PER_UNIT) return false;
    this.at += this.bytes.write(line, this.at, 'utf16le');
    return true;
  }

  take(): Block {
    return { kind: this.kind, bytes: this.bytes.subarray(0, this.at) };
  }
}
