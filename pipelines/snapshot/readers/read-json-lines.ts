import { type FileReader, UnlikeFormatError } from './file-reader.ts';

const LINE_FEED = 0x0a;
const LONGEST_LINE = 1024 * 1024;

/** JSON Lines: how many lines, and the names in the first one. */
export function jsonLinesReader(): FileReader {
  const first: Uint8Array[] = [];
  let firstBytes = 0;
  let firstEnded = false;
  let rows = 0;
  let last = LINE_FEED;
  return {
    take: (piece) => {
      let end = -1;
      for (let i = piece.indexOf(LINE_FEED); i !== -1; i = piece.indexOf(LINE_FEED, i + 1)) {
        rows += 1;
        if (end === -1) end = i;
      }
      if (!firstEnded && firstBytes < LONGEST_LINE) {
        first.push(piece.slice(0, end === -1 ? piece.length : end));
        firstBytes += piece.length;
        firstEnded = end !== -1;
      }
      last = piece.at(-1) ?? last;
    },
    end: () => {
      const all = rows + (last === LINE_FEED ? 0 : 1);
      return { rows: all, head: all === 0 ? null : namesIn(Buffer.concat(first).toString('utf8')) };
    },
  };
}

function namesIn(line: string): string {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch (error) {
    throw new UnlikeFormatError('its first line is not JSON', { cause: error });
  }
  if (record === null || typeof record !== 'object' || Array.isArray(record))
    throw new UnlikeFormatError('its first line is no object');
  return Object.keys(record).join(',');
}
