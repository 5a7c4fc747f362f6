/**
 * The files in an archive that a school or the bureau sends, checked before any is inflated. Whatever could reach outside its folder (`..`, a link),
 * hide something (an archive in the archive) or cannot be read refuses the whole archive, which then is one failed source.
 */
import { crc32 } from 'node:zlib';
import { SourceError } from '../../schemas/source-error.ts';
import { type ArchiveEntry, listArchive, readEntry } from '../tables/zip-archive.ts';
import { entryName } from './entry-name.ts';
import { shownName } from './shown-name.ts';

export interface ArchivedFile {
  /** Place in the archive's directory. */
  index: number;
  name: string;
  bytes: number;
}

export interface Archive {
  files: ArchivedFile[];
  /** @throws SourceError `file-archive-broken` when the bytes are not those that were put in */
  content(file: ArchivedFile): Buffer;
}

const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const STORED = 0;
const DEFLATED = 8;
const MAX_NAME_LENGTH = 500;
const MAX_FOLDERS = 8;
const NESTED = /\.(zip|zipx|7z|rar|tar|tgz|gz|bz2|xz|zst|lzh|cab|iso)$/i;
/** What systems add by themselves, and what is on its way. */
const NO_FILE = /(^|\/)(__MACOSX\/|\.|~\$|Thumbs\.db$|desktop\.ini$)/i;

/**
 * null for a workbook, which is an archive too. `shown` is the archive's name in errors.
 * @throws SourceError `file-archive-…`, `file-encrypted`
 */
export function openArchive(bytes: Buffer, shown: string): Archive | null {
  const entries = listArchive(bytes, shown);
  const names = new Set(entries.map((entry) => entry.name));
  if (names.has('[Content_Types].xml') || (names.has('mimetype') && names.has('content.xml'))) return null;
  const files = entries.flatMap((entry, index): ArchivedFile[] => {
    const name = entryName(entry);
    checkEntry(entry, name, shown);
    if (name.endsWith('/') || NO_FILE.test(name)) return [];
    return [{ index, name, bytes: entry.decoded }];
  });
  if (files.length === 0) throw new SourceError('file-archive-empty', { file: shown });
  if (new Set(files.map((file) => file.name)).size < files.length)
    throw new SourceError('file-archive-broken', { file: shown });
  return {
    files,
    content({ index, name }) {
      const entry = entries[index]!;
      const content = readEntry(bytes, entry, `${shown} > ${shownName(name)}`);
      if (crc32(content) === entry.crc32) return content;
      throw new SourceError('file-archive-broken', { file: `${shown} > ${shownName(name)}` });
    },
  };
}

function checkEntry({ method, unixMode }: ArchiveEntry, name: string, file: string): void {
  const entry = shownName(name.replace(/\/$/, ''));
  const folders = name.split('/');
  const type = unixMode & FILE_TYPE;
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || folders.includes('..') || /\p{Cc}/u.test(name))
    throw new SourceError('file-archive-path', { file, entry });
  if (name.length > MAX_NAME_LENGTH || folders.length > MAX_FOLDERS)
    throw new SourceError('file-archive-path', { file, entry });
  if (type !== 0 && type !== REGULAR && type !== FOLDER) throw new SourceError('file-archive-link', { file, entry });
  if (NESTED.test(name) && !NO_FILE.test(name)) throw new SourceError('file-archive-nested', { file, entry });
  if (method !== STORED && method !== DEFLATED) throw new SourceError('file-archive-method', { file, entry, method });
}
