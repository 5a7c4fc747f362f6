/** A made-up format: what a time clock exports. Big5, fields by their places, no titles; the head says school, day and count: `差勤|064601|1130801|7`. */
import { SourceError } from '../../../../schemas/source-error.ts';

export interface Line {
  /** From 1, the head being the first. */
  number: number;
  fields: readonly string[];
}

const HEAD = /^差勤\|(\d{3}[0-9A-Z]\d{2})\|\d{7}\|(\d+)$/;

/**
 * @param school that folder and name of the file say
 * @throws SourceError `file-header-missing` (a connector of the product brings a code of its own), `file-school-conflict`, `api-total`, `api-empty`
 */
export function parseClock(bytes: Buffer, file: string, school: string): Line[] {
  // Decoded before it is split: the second byte of a Big5 character may be that of a `|`. What ends no character becomes U+FFFD, and costs its line only.
  const [head = '', ...rest] = new TextDecoder('big5').decode(bytes).split(/\r?\n/);
  const [, said, total] = HEAD.exec(head) ?? [];
  if (said === undefined) throw new SourceError('file-header-missing', { file });
  if (said !== school) throw new SourceError('file-school-conflict', { file, codes: `${school}、${said}` });
  const lines = rest.map((text, i) => ({ number: i + 2, fields: text.split('|') }));
  const filled = lines.filter(({ fields }) => fields.join('').trim() !== '');
  const what = '人員';
  if (filled.length !== Number(total))
    throw new SourceError('api-total', { source: file, what, count: filled.length, total: Number(total) });
  if (filled.length === 0) throw new SourceError('api-empty', { source: file, what });
  return filled;
}

/** Fields that most lines have. Where all have one more, the format has grown; where a few have, a `|` stands inside a value of theirs. */
export function usualWidth(lines: readonly Line[]): number {
  const widths = Map.groupBy(lines, ({ fields }) => fields.length);
  return [...widths].sort(([, one], [, other]) => other.length - one.length)[0]![0];
}
