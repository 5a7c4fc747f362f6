import { SCHOOL_CODE_PATTERN } from './school-code.ts';

export interface Letterhead {
  /** `名冊別：完整名冊` or `名冊別：異動`; null where the file does not say. */
  complete: boolean | null;
  /** What stands behind 名冊別 where it is not clear which of the two it says; shortened. */
  unclear?: string;
  /** `學校代碼：064601` */
  code: string | null;
}

const LONGEST_SAID = 30;
/** A box of a form that is not ticked, and what it would say. */
const UNTICKED = /[□☐◻]\s*[^\s■☑✔✓□☐◻/、,]*/g;

/** 異動 or 完整, also as a form has it: □完整名冊 ■異動. */
function listKind(text: string): Pick<Letterhead, 'complete' | 'unclear'> {
  const said = text.match(/名冊別[\s:]*([^\n]*)/)?.[1]?.trim() ?? '';
  if (said === '') return { complete: null };
  const kinds = new Set(
    said
      .replaceAll(UNTICKED, '')
      .match(/異動|變更|完整/g)
      ?.map((word) => word === '完整'),
  );
  const [complete] = kinds;
  return kinds.size === 1 ? { complete: complete! } : { complete: null, unclear: said.slice(0, LONGEST_SAID) };
}

/** What the lines above the titles say about the whole file. */
export function readLetterhead(rows: readonly string[][]): Letterhead {
  const text = rows
    .map((cells) => cells.join(' '))
    .join('\n')
    .normalize('NFKC');
  const code = text.match(new RegExp(`學校代[碼號]\\s*:?\\s*(${SCHOOL_CODE_PATTERN})(?![0-9A-Za-z])`))?.[1];
  return { ...listKind(text), code: code?.toUpperCase() ?? null };
}
