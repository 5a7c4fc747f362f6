/**
 * Text in columns on a terminal: an East Asian character is two columns wide (Unicode UAX #11, the ranges that Taiwan's names and our
 * own texts use), a combining mark none.
 */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const NONE = /[\p{Mn}\p{Me}\p{Cf}]/u;

const widthOf = (character: string): number => (NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

const spaces = (width: number): string => ' '.repeat(Math.max(0, width));

export const padEnd = (text: string, width: number): string => text + spaces(width - displayWidth(text));
export const padStart = (text: string, width: number): string => spaces(width - displayWidth(text)) + text;

/** Marks that may not begin a line (避頭點). */
const CLOSING = /[，。、；：！？）」』》】\u2026%)\]]/;

/** Breaks a text into lines of at most `width` columns: between East Asian characters anywhere, in Latin text at spaces. */
export function wrap(text: string, width: number): string[] {
  const pieces = text.match(/[\u0021-\u007e\u00a1-\u02ff]+|\s+|./gu) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (displayWidth(line + piece) <= width || line === '' || CLOSING.test(piece)) line += piece;
    else {
      lines.push(line.trimEnd());
      line = piece.trimStart();
    }
  }
  if (line.trim() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** Joins items and breaks lines only between them: a count stays beside its name. */
export function wrapItems(items: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const item of items) {
    const longer = line === '' ? item : `${line}${separator}${item}`;
    if (line !== '' && displayWidth(longer) > width) {
      lines.push(`${line}${separator}`.trimEnd());
      line = item;
    } else line = longer;
  }
  if (line !== '') lines.push(line);
  return lines.flatMap((l) => wrap(l, width));
}
