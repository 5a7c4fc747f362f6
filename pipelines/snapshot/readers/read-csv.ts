import type { FileReader } from './file-reader.ts';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const LONGEST_HEADER = 64 * 1024;

/** A CSV: records after the header (a line feed inside quotes ends no record, a last one without a line end counts too), and the header with its line end. */
export function csvReader(): FileReader {
  const head: Uint8Array[] = [];
  let headBytes = 0;
  let headEnded = false;
  let records = 0;
  let quoted = false;
  let last = LINE_FEED;
  return {
    take: (piece) => {
      for (let i = 0; i < piece.length; i += 1) {
        const byte = piece[i];
        if (byte === QUOTE) quoted = !quoted;
        else if (byte === LINE_FEED && !quoted) {
          records += 1;
          if (!headEnded) head.push(piece.slice(0, i + 1));
          headEnded = true;
        }
      }
      if (!headEnded && headBytes < LONGEST_HEADER) {
        head.push(piece.slice());
        headBytes += piece.length;
      }
      last = piece.at(-1) ?? last;
    },
    end: () => ({
      rows: Math.max(0, records + (last === LINE_FEED ? 0 : 1) - 1),
      head: Buffer.concat(head).toString('utf8'),
    }),
  };
}
