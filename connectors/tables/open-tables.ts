/**
 * The tables of a file, whatever its name says it is: the first bytes decide the format. Workbooks are read in a child process.
 * Delimited text streams in this one: no library unfolds it, and its memory and the time that one piece takes are bounded by our own
 * caps (docs/architecture.md, "Untrusted files").
 */
import { SourceError } from '../../schemas/source-error.ts';
import type { ReadNotes } from '../contract.ts';
import { type Damage, decodeText } from './decode-text.ts';
import { readDelimited } from './delimited.ts';
import { rechunk } from './rechunk.ts';
import type { ParserPool } from './sandbox/parser-pool.ts';
import type { Table, TitleScore } from './table.ts';

const ZIP = Buffer.from('504b0304', 'hex');
const OLE = Buffer.from('d0cf11e0', 'hex');
const PDF = Buffer.from('%PDF');

export interface OpenedTables {
  tables: Table[];
  /** Lets go of the file; to be called however reading ended. */
  close(): Promise<void>;
}

export interface Opening {
  /** The name that errors show. */
  file: string;
  /** Get `format`, and `encoding` once it is known. */
  notes: ReadNotes;
  score: TitleScore;
  parsers: ParserPool;
  signal: AbortSignal;
  /** Only the first dozens of rows are wanted. */
  headOnly?: boolean;
}

/** A delimited file streams; a workbook is sent whole, up to its cap. @throws SourceError */
export async function openTables(body: AsyncIterable<Uint8Array>, opening: Opening): Promise<OpenedTables> {
  const { file, notes, score, parsers, signal, headOnly = false } = opening;
  const pieces = rechunk(body);
  const letGo = async (): Promise<void> => void (await pieces.return(undefined));
  try {
    const first = (await pieces.next()).value as Buffer | undefined;
    const format = formatOf(first, file);
    const whole = join(first!, pieces);
    if (format === 'workbook') {
      const { format, tables, close } = await parsers.open(whole, file, signal, headOnly);
      notes.format = format;
      return { tables, close };
    }
    notes.format = format;
    const damage: Damage = { broken: 0 };
    const onEncoding = (encoding: string): void => {
      notes.encoding = encoding;
    };
    const text = decodeText(whole, file, onEncoding, damage);
    return { tables: [{ sheet: null, batches: readDelimited(text, file, score, damage) }], close: letGo };
  } catch (error) {
    await letGo(); // Nobody will read on.
    throw error;
  }
}

function formatOf(first: Buffer | undefined, file: string): 'workbook' | 'csv' {
  if (!first) throw new SourceError('file-empty', { file });
  if (startsWith(first, PDF)) throw new SourceError('file-format-unknown', { file, format: 'PDF' });
  if (startsWith(first, ZIP) || startsWith(first, OLE)) return 'workbook';
  if (!/^\s*</.test(first.toString('utf8', 0, 64))) return 'csv';
  throw new SourceError('file-format-unknown', { file, format: 'HTML/XML' });
}

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

async function* join(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
