/** Where the reading of a text stands, and what broke of it: lines and bytes as a person's editor counts them, for a message. */
import { brokenIn, type Encoding } from './guess-encoding.ts';

interface Where {
  /** From 1. */
  line: number;
  /** From 0; a piece's first character may begin some bytes before. */
  offset: number;
}

export interface TextPlace {
  /** Takes note of bytes and the text that they became. @returns how many characters of it are broken */
  pass(bytes: Buffer, text: string, encoding: Encoding): number;
  /** What comes next. */
  now(): Where;
  /** The first broken character; what comes next where none is. */
  broken(): Where;
  /** About how many characters beyond ASCII there were. */
  readonly wide: number;
}

export function createTextPlace(): TextPlace {
  let bytesRead = 0;
  let lengthRead = 0;
  let lines = 0;
  let first: Where | null = null;
  let tail: Buffer = Buffer.alloc(0);
  let bytesEach = 3;

  const now = (): Where => ({ line: lines + 1, offset: bytesRead });

  return {
    now,
    broken: () => first ?? now(),
    get wide() {
      return (bytesRead - lengthRead) / (bytesEach - 1);
    },
    pass(bytes, text, encoding) {
      // Text of UTF-16 is read by a decoder that ends at what is broken.
      const suspect = text.includes('\ufffd') && !encoding.startsWith('utf-16');
      const broken = suspect ? brokenIn(text, Buffer.concat([tail, bytes])) : 0;
      if (encoding === 'big5') bytesEach = 2;
      if (broken > 0) {
        const before = text.slice(0, text.indexOf('\ufffd'));
        first ??= { line: lines + 1 + linesIn(before), offset: bytesRead + bytesOf(before, encoding) };
      }
      tail = bytes.subarray(-2); // A character that came as U+FFFD may stand half in this piece.
      bytesRead += bytes.length;
      lengthRead += text.length;
      lines += linesIn(text);
      return broken;
    },
  };
}

const bytesOf = (text: string, encoding: Encoding): number =>
  encoding === 'big5' ? text.replace(/[^\p{ASCII}]/gu, '  ').length : Buffer.byteLength(text);

function linesIn(text: string): number {
  const end = text.includes('\n') ? '\n' : '\r';
  let found = 0;
  for (let at = text.indexOf(end); at !== -1; at = text.indexOf(end, at + 1)) found++;
  return found;
}
