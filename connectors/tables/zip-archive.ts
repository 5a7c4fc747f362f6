/**
 * What a ZIP archive says it holds, read from its central directory before anything is inflated (I7). The libraries that read
 * workbooks give neither the flags nor the declared sizes, hence these few lines. They stop inflating at the declared size, so a
 * directory that lies about it fails there; one that declares nothing is refused here.
 */
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { SourceError } from '../../schemas/source-error.ts';
import { MAX_ARCHIVE_DECODED_BYTES, MAX_ARCHIVE_ENTRIES, MAX_ARCHIVE_RATIO, RATIO_FLOOR_BYTES } from './limits.ts';

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const ENCRYPTED = 0x1;
const UTF8_NAME = 0x800;
/** Unix and macOS. */
const MADE_ON_UNIX: ReadonlySet<number> = new Set([3, 19]);
const STORED = 0;
const DEFLATED = 8;
const PIECE_BYTES = 64 * 1024;
const ZIP64 = 0xffffffff;

export interface ArchiveEntry {
  name: string;
  compressed: number;
  decoded: number;
  method: number;
  /** Of its local header. */
  offset: number;
  /** The name as it stands: old programs write it in the code page of their machine. */
  rawName: Buffer;
  utf8Name: boolean;
  extra: Buffer;
  /** File type and permissions where the archive was made on a Unix; 0 elsewhere. */
  unixMode: number;
  crc32: number;
}

/** @throws SourceError `file-archive-broken`, `file-encrypted`, `file-archive-too-large` */
export function listArchive(bytes: Buffer, file: string): ArchiveEntry[] {
  const end = bytes.lastIndexOf(signature(END_SIGNATURE));
  if (end === -1 || end < bytes.length - END_BYTES - MAX_COMMENT_BYTES || end + END_BYTES > bytes.length)
    throw broken(file);
  const count = bytes.readUInt16LE(end + 10);
  if (count > MAX_ARCHIVE_ENTRIES) throw tooLarge(file, 'entries', count, MAX_ARCHIVE_ENTRIES);

  const entries: ArchiveEntry[] = [];
  const names = new Set<string>();
  let at = bytes.readUInt32LE(end + 16);
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) throw broken(file);
    const compressed = bytes.readUInt32LE(at + 20);
    const decoded = bytes.readUInt32LE(at + 24);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const flags = bytes.readUInt16LE(at + 8);
    if (flags & ENCRYPTED) throw new SourceError('file-encrypted', { file });
    const rawName = bytes.subarray(at + 46, at + 46 + nameLength);
    const key = rawName.toString('latin1');
    const extraLength = bytes.readUInt16LE(at + 30);
    if (names.has(key) || compressed === ZIP64 || decoded === ZIP64 || (decoded === 0 && compressed > 2))
      throw broken(file);
    if (decoded > RATIO_FLOOR_BYTES && decoded > compressed * MAX_ARCHIVE_RATIO) {
      throw tooLarge(file, 'ratio', Math.round(decoded / compressed), MAX_ARCHIVE_RATIO);
    }
    total += decoded;
    if (total > MAX_ARCHIVE_DECODED_BYTES) throw tooLarge(file, 'bytes', total, MAX_ARCHIVE_DECODED_BYTES);
    names.add(key);
    const method = bytes.readUInt16LE(at + 10);
    entries.push({
      name,
      compressed,
      decoded,
      method,
      offset: bytes.readUInt32LE(at + 42),
      rawName,
      utf8Name: (flags & UTF8_NAME) !== 0,
      extra: bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength),
      unixMode: MADE_ON_UNIX.has(bytes[at + 5]!) ? bytes.readUInt16LE(at + 40) : 0,
      crc32: bytes.readUInt32LE(at + 16),
    });
    at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** Inflates one entry, never beyond the size it declares. @throws SourceError `file-archive-broken` */
export function readEntry(bytes: Buffer, entry: ArchiveEntry, file: string): Buffer {
  const body = bodyOf(bytes, entry, file);
  if (entry.method === STORED) return body;
  try {
    const decoded = inflateRawSync(body, { maxOutputLength: Math.max(1, entry.decoded) });
    if (decoded.length === entry.decoded) return decoded;
  } catch (cause) {
    throw broken(file, cause);
  }
  throw broken(file);
}

/** The same piece by piece, so that a large entry is never whole in memory. @throws SourceError `file-archive-broken` */
export async function* entryPieces(bytes: Buffer, entry: ArchiveEntry, file: string): AsyncGenerator<Buffer> {
  const body = bodyOf(bytes, entry, file);
  if (entry.method === STORED) {
    yield* slices(body);
    return;
  }
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  const pieces = inflate[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  inflate.end(body);
  let size = 0;
  try {
    for (;;) {
      const next = await pieces.next().catch((cause: unknown) => {
        throw broken(file, cause);
      });
      if (next.done) break;
      size += next.value.length;
      if (size > entry.decoded) throw broken(file);
      yield next.value;
    }
  } finally {
    inflate.destroy();
  }
  if (size !== entry.decoded) throw broken(file);
}

function* slices(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE_BYTES) yield body.subarray(at, at + PIECE_BYTES);
}

function bodyOf(bytes: Buffer, entry: ArchiveEntry, file: string): Buffer {
  if (entry.offset + 30 > bytes.length || (entry.method !== STORED && entry.method !== DEFLATED)) throw broken(file);
  const start = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28);
  const body = bytes.subarray(start, start + entry.compressed);
  if (body.length !== entry.compressed) throw broken(file);
  return body;
}

const broken = (file: string, cause?: unknown): SourceError =>
  new SourceError('file-archive-broken', { file }, { cause });

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const tooLarge = (file: string, what: string, value: number, limit: number): SourceError =>
  new SourceError('file-archive-too-large', { file, what, value, limit });
