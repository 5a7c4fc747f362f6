import type { RowIssues } from './row-issues.ts';

/** Printable ASCII without outer spaces, and the common Han block: nothing here can need cleaning, and most cells are of it. */
const ORDINARY = /^(?! )[\x20-\x7e\u4e00-\u9fff]*(?<! )$/;
/** What NFKC leaves as it is. */
const COMPOSED = /^[\0-\x7f\u4e00-\u9fff]*$/;
/** Control and format characters (zero width, bidi, BOM, tags), line and paragraph separators, and fillers that show as nothing. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f/u;
const ALL_HIDDEN = new RegExp(HIDDEN.source, 'gu');

/** Text in NFKC. Asking first is ten times cheaper than normalising. */
export const nfkc = (text: string): string => (COMPOSED.test(text) ? text : text.normalize('NFKC'));

/** Outer white space of any kind goes (U+3000 too), hidden characters go, a lone surrogate becomes U+FFFD; the rest stays as received. */
export function cleanText(raw: string): string {
  return ORDINARY.test(raw) ? raw : raw.toWellFormed().replace(ALL_HIDDEN, '').trim();
}

/** One cell, cleaned; '' for an absent one. Hidden characters inside the value are worth a warning, at its ends they are not. */
export function cleanCell(raw: string | undefined, column: string, issues: RowIssues): string {
  if (raw === undefined || ORDINARY.test(raw)) return raw ?? '';
  const text = cleanText(raw);
  if (HIDDEN.test(raw.trim()) && text !== '') issues.warn('text-hidden-removed', column, text);
  return text;
}

/** What a box ticked in a spreadsheet comes as, where a word should stand. */
export const isBoolean = (text: string): boolean => text === 'TRUE' || text === 'FALSE';

/** One cell of words, cleaned; '' for an absent one and, told, for one that holds TRUE or FALSE: no title, subject or place is called so. */
export function cleanWords(raw: string | undefined, column: string, issues: RowIssues): string {
  const text = cleanCell(raw, column, issues);
  if (!isBoolean(text)) return text;
  issues.warn('words-boolean', column, text);
  return '';
}

const NOTHING: ReadonlySet<string> = new Set(
  '-,--,---,－,—,–,無,沒有,不詳,未知,未填,空白,null,NULL,Null,none,None,NONE,n/a,N/A,NA,nil,unknown,Unknown,undefined,NaN,#N/A'.split(
    ',',
  ),
);

const LONGEST_NOTHING = Math.max(...[...NOTHING].map((word) => word.length));

/** Words that people and systems write for "no value". Most cells are too long for any: their length is cheaper than their hash. */
export const saysNothing = (text: string): boolean =>
  text === '' || (text.length <= LONGEST_NOTHING && NOTHING.has(text));

const CODE_LIKE = /^[0-9A-Z-]*$/;
const EXCEL_TEXT = /^(?:="(.*)"|'(.*))$/;
const DECIMAL_TAIL = /^(\d+)\.0+$/;

/** Text of a code or key: half width, upper case, no spaces, Excel's `="…"`, leading `'` and `.0` taken away: what Excel does to them. */
export function codeText(text: string): string {
  if (CODE_LIKE.test(text)) return text;
  const flat = text.normalize('NFKC').toUpperCase().replace(/\s+/gu, '');
  const excel = EXCEL_TEXT.exec(flat);
  const bare = excel ? (excel[1] ?? excel[2] ?? '') : flat;
  return DECIMAL_TAIL.exec(bare)?.[1] ?? bare;
}

/** White space, hidden characters and variation selectors (which pick a glyph, not a character). */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Variation_Selector}]/gu;

/** What keys of names are made of: NFKC, lower case, nothing that is not seen. Taking spaces out may bring a letter and its accent together, hence twice. */
export const keyText = (text: string): string =>
  text.toWellFormed().normalize('NFKC').replace(UNSEEN, '').toLowerCase().normalize('NFKC').replace(UNSEEN, '');
