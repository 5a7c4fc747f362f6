/** Writes and measures text in the fonts of a document. Points throughout; `y` is the upper edge of a line. */
import type { Document } from './sheet.ts';
import type { SubsetFonts, Weight } from './subset-fonts.ts';
import { wrapLines } from './wrap-lines.ts';

export interface TextStyle {
  size: number;
  weight?: Weight;
  color?: string;
}

export interface Pen {
  width(text: string, style: TextStyle): number;
  wrap(text: string, width: number, style: TextStyle): string[];
  write(text: string, x: number, y: number, style: TextStyle): void;
  /** Ends at `x`. */
  writeEnding(text: string, x: number, y: number, style: TextStyle): void;
}

export const INK = '#1b2530';
/** Of the size of the letters. */
export const LINE_HEIGHT = 1.4;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;

/** A character that the typeface does not have is told by its code: a blank box would say less, and nothing could be looked up. */
const told = (character: string): string =>
  character === '\n'
    ? '\n'
    : INVISIBLE.test(character)
      ? ''
      : /\s|\p{Cc}/u.test(character)
        ? ' '
        : `〔U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}〕`;
/** A letter and its marks are one character where there is one: the typeface has few marks by themselves. Compatibility ideographs stay what they are. */
export const composed = (text: string): string => text.replaceAll(/\p{L}\p{M}+/gu, (letter) => letter.normalize('NFC'));
/** What `told` may need. */
export const TOLD = '〔〕U+0123456789ABCDEF ';

export function makePen(doc: Document, { layers, files }: SubsetFonts): Pen {
  const layer = (character: string): number | undefined => layers.get(character.codePointAt(0) as number);
  for (const weight of ['regular', 'bold'] as const)
    for (const [i, file] of files[weight].entries()) doc.registerFont(`${weight}${i}`, file);

  const shown = (text: string): string => {
    let out = '';
    for (const character of composed(text)) out += layer(character) === undefined ? told(character) : character;
    return out;
  };
  const advances: Record<Weight, Map<string, number>> = { regular: new Map(), bold: new Map() };
  /** Of a text of size 1. */
  const advance = (character: string, weight: Weight): number => {
    const known = advances[weight].get(character);
    if (known !== undefined) return known;
    const width =
      doc
        .font(`${weight}${layer(character) ?? 0}`)
        .fontSize(1000)
        .widthOfString(character) / 1000;
    advances[weight].set(character, width);
    return width;
  };
  const measure = (text: string, { size, weight = 'regular' }: TextStyle): number => {
    let width = 0;
    for (const character of text) width += advance(character, weight);
    return width * size;
  };
  const write: Pen['write'] = (text, x, y, style) => {
    const { size, weight = 'regular', color = INK } = style;
    doc.fontSize(size).fillColor(color);
    let at = x;
    for (const run of runs(shown(text), layer)) {
      doc.font(`${weight}${run.layer}`).text(run.text, at, y, { lineBreak: false });
      at += measure(run.text, style);
    }
  };
  return {
    width: (text, style) => measure(shown(text), style),
    wrap: (text, width, style) => wrapLines(shown(text), width, (piece) => measure(piece, style)),
    write,
    writeEnding: (text, x, y, style) => write(text, x - measure(shown(text), style), y, style),
  };
}

function runs(text: string, layer: (character: string) => number | undefined): { text: string; layer: number }[] {
  const found: { text: string; layer: number }[] = [];
  for (const character of text) {
    const own = layer(character) ?? 0;
    const last = found.at(-1);
    if (last?.layer === own) last.text += character;
    else found.push({ text: character, layer: own });
  }
  return found;
}
