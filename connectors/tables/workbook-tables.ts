/** The sheets of a workbook, whatever its name says it is. Runs in a child process only: see `sandbox/parser-pool.ts`. */
import { CFB } from '@e965/xlsx';
import { SourceError } from '../../schemas/source-error.ts';
import { shownName } from '../files/shown-name.ts';
import { checkBiff } from './biff-stream.ts';
import { odsTables } from './ods-tables.ts';
import type { Table } from './table.ts';
import { xlsTables } from './xls-tables.ts';
import { xlsxTables } from './xlsx-tables.ts';
import { type ArchiveEntry, listArchive } from './zip-archive.ts';

export type WorkbookFormat = 'xlsx' | 'ods' | 'xls';

export interface Workbook {
  format: WorkbookFormat;
  tables: Table[];
}

const ZIP = Buffer.from('504b', 'hex');

/** With `headOnly`, rows beyond the first dozens may be left out. @throws SourceError */
export async function workbookTables(bytes: Buffer, file: string, headOnly: boolean): Promise<Workbook> {
  if (!bytes.subarray(0, 2).equals(ZIP)) return compound(bytes, file, headOnly);
  const entries = partsOf(bytes, file);
  const named = (name: string): ArchiveEntry | undefined => entries.find((entry) => entry.name === name);
  if (named('[Content_Types].xml')) return { format: 'xlsx', tables: await xlsxTables(bytes, entries, file, headOnly) };
  const content = named('content.xml');
  if (named('mimetype') && content) return { format: 'ods', tables: await odsTables(bytes, content, file) };
  throw new SourceError('file-format-unknown', { file, format: 'ZIP' });
}

/** Unix file type of a symbolic link. */
const LINK = 0o120000;
const FILE_TYPE = 0o170000;

/** Nothing is ever written under these names, but no honest program makes one that leads out, nor a link. Old programs write backslashes. */
function partsOf(bytes: Buffer, file: string): ArchiveEntry[] {
  const parts = listArchive(bytes, file).map((part) => ({ ...part, name: part.name.replaceAll('\\', '/') }));
  for (const { name, unixMode } of parts) {
    const entry = shownName(name);
    if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || name.includes('\0') || name.split('/').includes('..'))
      throw new SourceError('file-archive-path', { file, entry });
    if ((unixMode & FILE_TYPE) === LINK) throw new SourceError('file-archive-link', { file, entry });
  }
  if (new Set(parts.map(({ name }) => name)).size < parts.length)
    throw new SourceError('file-archive-broken', { file });
  return parts;
}

interface Container {
  FullPaths: string[];
  FileIndex: { content?: Uint8Array | number[] }[];
}

/** The container of old Excel, but also of Word and of XLSX with a password. */
function compound(bytes: Buffer, file: string, headOnly: boolean): Workbook {
  const streams = new Map<string, Uint8Array>();
  try {
    const { FullPaths, FileIndex } = CFB.read(bytes, { type: 'buffer' }) as Container;
    for (const [i, path] of FullPaths.entries())
      streams.set(path.split('/').at(-1)!.toLowerCase(), Uint8Array.from(FileIndex[i]?.content ?? []));
  } catch (cause) {
    throw new SourceError('file-workbook-broken', { file }, { cause });
  }
  if (streams.has('encryptedpackage')) throw new SourceError('file-encrypted', { file });
  const book = streams.get('workbook') ?? streams.get('book');
  if (!book) {
    throw new SourceError('file-format-unknown', { file, format: streams.has('worddocument') ? 'Word' : 'OLE' });
  }
  checkBiff(book, file);
  return { format: 'xls', tables: xlsTables(bytes, file, headOnly) };
}
