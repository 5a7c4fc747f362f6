import { cleanCell, isBoolean, keyText, nfkc } from './clean-text.ts';
import { foldVariants } from './fold-variants.ts';
import type { RowIssues } from './row-issues.ts';

/** The longest name that the household register holds. */
export const LONGEST_NAME = 50;

const COMMON_HAN = /^[\u4e00-\u9fff]+$/;
/** Also one whose semicolon a column too short cut off, and one that was escaped twice. */
const ENTITY = /&(?:amp;)*#(?:(\d{1,7});|x([0-9a-f]{1,6});|(\d{5,7})(?!\d))/giu;
const ONE_ENTITY = new RegExp(ENTITY.source, 'iu');
/** A character that did not survive: `?`, U+FFFD, private use (unmapped Big5). */
const LOST = /[?？\ufffd\ue000-\uf8ff\u{f0000}-\u{10fffd}]/u;
/** 陳○○, 陳**, 陳OO: masked before it reached us. */
const MASKED = /[○◯〇●＊*]|(?<=\p{Script=Han})[OＯ](?![a-z'’])/u;
/** Signs that no registered name holds: a remark, a number, or a second person. */
const NOT_OF_A_NAME = /[\d()[\]【】,;:、/]/u;
const DOTS = /[‧·・･•．∙⋅]/gu;
const DOT_BETWEEN_HAN = /(?<=\p{Script=Han})\.(?=\p{Script=Han})/gu;
const APOSTROPHES = /[’‘ʼʻ`´]/gu;
const HYPHENS = /[‐‑‒–—−]/gu;

export const isLost = (text: string): boolean => !COMMON_HAN.test(text) && LOST.test(text);

/**
 * The key that names are matched on: NFKC, lower case, one middle dot, no spaces, variant glyphs folded. 黃/黄, 鍾/鐘 and 涂/凃 stay apart: they
 * are distinct surnames, alike only for scoring. Never shown, and idempotent.
 */
export function nameKey(name: string): string {
  if (COMMON_HAN.test(name)) return foldVariants(name);
  const dotted = keyText(name).replace(DOTS, '·').replace(DOT_BETWEEN_HAN, '·');
  return foldVariants(dotted.replace(APOSTROPHES, "'").replace(HYPHENS, '-'));
}

/** `&#20957;` is how a system without the character wrote it; decoded until none is left, at most once per character of the text. */
function decodeEntities(text: string): string {
  let decoded = text;
  while (ONE_ENTITY.test(decoded)) {
    decoded = decoded.replace(
      ENTITY,
      (_, closed: string | undefined, hex: string | undefined, open: string | undefined) => {
        const decimal = closed ?? open;
        const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal);
        const sound = code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
        return sound ? String.fromCodePoint(code) : '\ufffd';
      },
    );
  }
  return decoded;
}

/**
 * The legal name as given, cleaned; '' when there is none or it cannot stand: masked or too long. That rejects the row where the name is its person
 * (`reject`) and only drops the value where it is an addition (`warn`).
 */
export function readPersonName(
  raw: string | undefined,
  column: string,
  issues: RowIssues,
  onBad: 'reject' | 'warn' = 'warn',
): string {
  if (raw !== undefined && raw.length <= LONGEST_NAME && COMMON_HAN.test(raw)) return raw;
  let name = cleanCell(raw, column, issues);
  if (ONE_ENTITY.test(name)) {
    name = cleanCell(decodeEntities(name), column, issues);
    issues.warn('name-entity-decoded', column, name);
  }
  if (name.length > LONGEST_NAME && Array.from(name).length > LONGEST_NAME) {
    issues[onBad]('name-too-long', column, name, { longest: LONGEST_NAME });
    return '';
  }
  if (isBoolean(name)) {
    issues[onBad]('name-boolean', column, name);
    return '';
  }
  if (LOST.test(name)) issues.warn('name-glyph-lost', column, name);
  if (NOT_OF_A_NAME.test(nfkc(name))) issues.warn('name-with-remark', column, name);
  if (MASKED.test(name)) {
    issues[onBad]('name-masked', column, name);
    return '';
  }
  return name;
}
