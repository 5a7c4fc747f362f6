/** A made-up format: what a payroll system prints. A head that names school and moment, a block per person, a count at the end. */
import { SourceError } from '../../../../schemas/source-error.ts';

export interface Block {
  /** Of its first line, from 1. */
  line: number;
  number: string;
  fields: ReadonlyMap<string, string>;
  /** A line of it is none (no `title：value`), or gives a title again. */
  broken: boolean;
}

const HEAD = /^薪資系統 學校=(\d{3}[0-9A-Z]\d{2}) 時間=(\S+)$/;
const moment = (text: string): boolean => /T.*([+-]\d{2}:\d{2}|Z)$/.test(text) && !Number.isNaN(Date.parse(text));

/** @throws SourceError `file-header-missing`; `api-total` when the print was cut */
export function parsePrint(text: string, file: string): { asOf: string; blocks: Block[] } {
  const lines = text.split(/\r?\n/);
  const [, school, asOf] = HEAD.exec(lines[0] ?? '') ?? [];
  if (school === undefined || !moment(asOf!)) throw new SourceError('file-header-missing', { file });
  const blocks: (Block & { fields: Map<string, string> })[] = [];
  let total = -1;
  for (const [i, line] of lines.entries()) {
    const [, number] = /^人員 (\S+)$/.exec(line) ?? [];
    const [, title, value] = /^ {2}(\S+)：(.*)$/.exec(line) ?? [];
    if (number) blocks.push({ line: i + 1, number, fields: new Map(), broken: false });
    else if (title && blocks.at(-1)?.fields.has(title) === false) blocks.at(-1)!.fields.set(title, value!);
    else if (line.startsWith('合計 ')) total = Number(line.slice(3));
    else if (i > 0 && line !== '' && blocks.length > 0) blocks.at(-1)!.broken = true;
  }
  if (total !== blocks.length)
    throw new SourceError('api-total', { source: file, what: '人員', count: blocks.length, total });
  return { asOf: asOf!, blocks };
}
