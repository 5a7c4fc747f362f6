import { SCHOOL_CODE_PATTERN } from './school-code.ts';

export interface Letterhead {
  /** `名冊別：完整名冊` or `名冊別：異動`; null where the file does not say. */
  complete: boolean | null;
  /** `學校代碼：064601` */
  code: string | null;
}

/** What the lines above the titles say about the whole file. */
export function readLetterhead(rows: readonly string[][]): Letterhead {
  const text = rows
    .map((cells) => cells.join(' '))
    .join('\n')
    .normalize('NFKC');
  const kind = text.match(/名冊別\s*:?\s*(異動|變更|完整)/)?.[1];
  const code = text.match(new RegExp(`學校代[碼號]\\s*:?\\s*(${SCHOOL_CODE_PATTERN})(?![0-9A-Za-z])`))?.[1];
  return { complete: kind === undefined ? null : kind === '完整', code: code?.toUpperCase() ?? null };
}
