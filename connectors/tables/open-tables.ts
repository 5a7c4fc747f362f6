/** The tables of a file, whatever its name says it is: the first bytes decide the format. */
import { SourceError } from '../../schemas/source-error.ts';
import type { ReadNotes } from '../contract.ts';
import { decodeText } from './decode-text.ts';
import { readDelimited } from './delimited.ts';
import { MAX_WORKBOOK_BYTES } from './limits.ts';
import { odsTables } from './ods-tables.ts';
import { rechunk } from './rechunk.ts';
import type { Table, TitleScore } from './table.ts';
import { xlsxTables } from './xlsx-tables.ts';
import { listArchive } from './zip-archive.ts';

const ZIP = Buffer.from('504b0304', 'hex');
const OLE = Buffer.from('d0cf11e0', 'hex');
const PDF = Buffer.from('%PDF');

/**
 * `file` is the name that errors show. Notes get `format`, and `encoding` once it is known. A delimited file streams; a workbook is
 * read whole, up to its cap. @throws SourceError
 */
export async function openTables(
  body: AsyncIterable<Uint8Array>,
  file: string,
  notes: ReadNotes,
  score: TitleScore,
): Promise<Table[]> {
  const pieces = rechunk(body);
  try {
    const first = (await pieces.next()).value as Buffer | undefined;
    const format = formatOf(first, file);
    if (format === 'zip') return await workbook(await collect(first!, pieces, file), file, notes);
    notes.format = format;
    const text = decodeText(join(first!, pieces), file, (encoding) => {
      notes.encoding = encoding;
    });
    return [{ sheet: null, batches: readDelimited(text, file, score) }];
  } catch (error) {
    await pieces.return(undefined); // Nobody will read on: let go of the file.
    throw error;
  }
}

function formatOf(first: Buffer | undefined, file: string): 'zip' | 'csv' {
  if (!first) throw new SourceError('file-empty', { file });
  if (startsWith(first, OLE)) throw new SourceError('file-format-xls', { file });
  if (startsWith(first, PDF)) throw new SourceError('file-format-unknown', { file, format: 'PDF' });
  if (startsWith(first, ZIP)) return 'zip';
  if (!/^\s*</.test(first.toString('utf8', 0, 64))) return 'csv';
  throw new SourceError('file-format-unknown', { file, format: 'HTML/XML' });
}

async function workbook(bytes: Buffer, file: string, notes: ReadNotes): Promise<Table[]> {
  const entries = listArchive(bytes, file);
  const names = new Set(entries.map((entry) => entry.name));
  if (names.has('[Content_Types].xml')) {
    notes.format = 'xlsx';
    return await xlsxTables(bytes, file);
  }
  if (names.has('mimetype') && names.has('content.xml')) {
    notes.format = 'ods';
    return odsTables(bytes, entries, file);
  }
  throw new SourceError('file-format-unknown', { file, format: 'ZIP' });
}

const startsWith = (bytes: Buffer, magic: Buffer): boolean => bytes.subarray(0, magic.length).equals(magic);

async function collect(first: Buffer, rest: AsyncIterable<Buffer>, file: string): Promise<Buffer> {
  const held = [first];
  let size = first.length;
  for await (const piece of rest) {
    size += piece.length;
    if (size > MAX_WORKBOOK_BYTES)
      throw new SourceError('file-too-large', { file, bytes: size, limit: MAX_WORKBOOK_BYTES });
    held.push(piece);
  }
  return Buffer.concat(held);
}

async function* join(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined); // Also for a reader that stops at the first piece.
  }
}
