/** Merged cells of a sheet of an XLSX workbook. */
import { SourceError } from '../../schemas/source-error.ts';
import type { Merge } from './merged-cells.ts';

const MERGE = /<(?:\w+:)?mergeCell ref="([A-Za-z]{1,3})(\d{1,7}):[A-Za-z]{1,3}(\d{1,7})"/g;
const MERGE_LENGTH = 64;
const MAX_MERGES = 200_000;

/** They stand behind the rows that they are about, so the sheet is looked through once before it is read. */
export async function readMerges(pieces: AsyncIterable<Buffer>, file: string): Promise<Merge[]> {
  const merges: Merge[] = [];
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + piece.toString('latin1');
    let looked = Math.max(0, text.length - MERGE_LENGTH);
    if (text.includes('mergeCell ')) {
      for (const match of text.matchAll(MERGE)) {
        const [whole, column, top, bottom] = match as unknown as [string, string, string, string];
        looked = Math.max(looked, match.index + whole.length);
        merges.push({ column: columnOf(column), top: Number(top) - 1, bottom: Number(bottom) - 1 });
      }
      if (merges.length > MAX_MERGES) throw new SourceError('file-workbook-broken', { file });
    }
    rest = text.slice(looked);
  }
  return merges;
}

/** Of `C7`: 2. -1 where there is no letter. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const letter = reference.charCodeAt(i) & ~0x20;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return column - 1;
}
