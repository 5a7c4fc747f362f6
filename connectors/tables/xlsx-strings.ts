/** The shared strings of an XLSX workbook, in their order. Runs of a text are joined; readings (注音 above it) are left out. */
import { readXml } from './xml-events.ts';

/** Those up to number `last`, and perhaps some more. @throws SourceError as `readXml` */
export async function readStrings(
  pieces: AsyncIterable<Buffer>,
  file: string,
  last = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const strings: string[] = [];
  const text = createTextCollector();
  const reading = readXml(pieces, file, {
    open(name) {
      if (name === 'si') text.begin();
      else text.open(name);
    },
    text: text.add,
    close(name) {
      if (name === 'si') strings.push(text.end());
      else text.close(name);
    },
  });
  for await (const _ of reading) if (strings.length > last) break;
  return strings;
}

export interface TextCollector {
  begin(): void;
  open(name: string): void;
  add(text: string): void;
  close(name: string): void;
  end(): string;
}

/** Gathers what stands in `t` elements, readings (`rPh`) left out. */
export function createTextCollector(): TextCollector {
  let inText = false;
  let inReading = false;
  let gathered = '';
  return {
    begin() {
      inText = false;
      inReading = false;
      gathered = '';
    },
    open(name) {
      if (name === 't') inText = !inReading;
      else if (name === 'rPh') inReading = true;
    },
    add(text) {
      if (inText) gathered += text;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') inReading = false;
    },
    end: () => unescapeText(gathered),
  };
}

/** `_x000D_` stands for a character that XML cannot hold, `_x005F_` for the underscore before what would read as one. */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
