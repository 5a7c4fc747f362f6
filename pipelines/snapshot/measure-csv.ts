import { createHash } from 'node:crypto';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const LONGEST_HEADER = 64 * 1024;

export interface Measured {
  bytes: number;
  /** `sha256:` and 64 hex digits. */
  hash: string;
  /** Records after the header; a last one without a line end counts too. */
  rows: number;
  /** First record with its line end, as text. */
  header: string;
}

/** Reads a CSV once, a piece at a time: a line feed inside quotes ends no record (RFC 4180). */
export async function measureCsv(body: AsyncIterable<Uint8Array>): Promise<Measured> {
  const digest = createHash('sha256');
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let headEnded = false;
  let bytes = 0;
  let records = 0;
  let quoted = false;
  let last = LINE_FEED;
  for await (const piece of body) {
    digest.update(piece);
    bytes += piece.length;
    for (let i = 0; i < piece.length; i += 1) {
      const byte = piece[i];
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === LINE_FEED && !quoted) {
        records += 1;
        if (!headEnded) head.push(piece.subarray(0, i + 1));
        headEnded = true;
      }
    }
    if (!headEnded && headBytes < LONGEST_HEADER) {
      head.push(piece);
      headBytes += piece.length;
    }
    last = piece.at(-1) ?? last;
  }
  if (last !== LINE_FEED) records += 1;
  return {
    bytes,
    hash: `sha256:${digest.digest('hex')}`,
    rows: Math.max(0, records - 1),
    header: Buffer.concat(head).toString('utf8'),
  };
}
