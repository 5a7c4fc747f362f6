/**
 * What a correction file (更正檔) carries beside a school's own rows, so that it closes what it fixes when it comes back: each row names what
 * it corrects in its 說明, and a line above the titles names the rows that are corrected by being deleted.
 */

/** Title of the column; the second where the school's own layout has the first already. */
export const CORRECTION_TITLES = ['說明', '更正說明'] as const;

/** Lines above the titles. The first makes it a list of changes: who is not in it is not missing. */
export const CHANGES_LINE = '名冊別：異動（更正檔）';
export const DELETABLE_LINE = '刪除即結案的編號：';

const REFERENCE = /更正編號\s*(\d{1,15})/;
const DELETABLE = /刪除即結案的編號\s*:?\s*([\d\s、,~-]+)/;
const PER_LINE = 200;
/** A line is typed by people in the end: it may not make us count for ever. */
const LONGEST_RANGE = 100_000;

/** Whether the lines above the titles say that a table is one of our correction files. */
export const isCorrection = (letterhead: string): boolean =>
  letterhead.normalize('NFKC').includes(CHANGES_LINE.normalize('NFKC'));

export const correctionReference = (id: number): string => `〔更正編號 ${id}〕`;

/** @returns the number of the quarantined row that this row corrects; null where its 說明 names none */
export function readCorrectionReference(text: string | undefined): number | null {
  const found = text === undefined || text === '' ? undefined : REFERENCE.exec(text.normalize('NFKC'))?.[1];
  return found === undefined ? null : Number(found);
}

/** `3~5、8` of ascending ids, in lines of a length that a cell holds. `~`, for a spreadsheet takes `3-5` for a date. */
export function deletableLines(ids: readonly number[]): string[] {
  const ranges: string[] = [];
  for (let i = 0; i < ids.length; i += 1) {
    const first = ids[i] as number;
    while (ids[i + 1] === (ids[i] as number) + 1) i += 1;
    const last = ids[i] as number;
    ranges.push(first === last ? String(first) : `${first}~${last}`);
  }
  const lines: string[] = [];
  for (let i = 0; i < ranges.length; i += PER_LINE) {
    lines.push(`${DELETABLE_LINE}${ranges.slice(i, i + PER_LINE).join('、')}`);
  }
  return lines;
}

/** What `deletableLines` wrote, read back from the lines above the titles. */
export function readDeletable(letterhead: string): number[] {
  const ids: number[] = [];
  for (const line of letterhead.split('\n')) {
    for (const range of (DELETABLE.exec(line)?.[1] ?? '').split(/[、,]/)) {
      const [first = Number.NaN, last = first] = range.trim().split('~').map(Number);
      if (range.trim() === '' || !Number.isSafeInteger(first) || !(last >= first)) continue;
      for (let id = first; id <= Math.min(last, first + LONGEST_RANGE); id += 1) ids.push(id);
    }
  }
  return ids;
}
