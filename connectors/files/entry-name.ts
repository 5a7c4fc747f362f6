/**
 * The name of an archive's entry, which old programs write in the code page of their machine and few mark as UTF-8. In Taiwan that is Big5; a
 * name that is neither is read as CP437, what the format says by default. The name only serves to find the school's code and to be shown.
 */
import { TextDecoder } from 'node:util';
import { crc32 } from 'node:zlib';
import iconv from 'iconv-lite';
import type { ArchiveEntry } from '../tables/zip-archive.ts';

/** Info-ZIP's extra field with the name in UTF-8, valid while the plain name has the checksum it gives. */
const UNICODE_PATH = 0x7075;

export function entryName({ rawName, utf8Name, extra }: Pick<ArchiveEntry, 'rawName' | 'utf8Name' | 'extra'>): string {
  const name = unicodePath(rawName, extra) ?? (utf8Name ? rawName.toString('utf8') : guessed(rawName));
  return name.replaceAll('\\', '/');
}

function guessed(rawName: Buffer): string {
  return decoded(rawName, 'utf-8') ?? decoded(rawName, 'big5') ?? iconv.decode(rawName, 'cp437');
}

function decoded(bytes: Buffer, encoding: string): string | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return /[\ue000-\uf8ff]/.test(text) ? null : text;
  } catch (error) {
    if (error instanceof TypeError) return null; // Not in this encoding: the next one is tried.
    throw error;
  }
}

function unicodePath(rawName: Buffer, extra: Buffer): string | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const size = extra.readUInt16LE(at + 2);
    const field = extra.subarray(at + 4, at + 4 + size);
    if (extra.readUInt16LE(at) === UNICODE_PATH && field.length > 5 && field.readUInt32LE(1) === crc32(rawName))
      return field.toString('utf8', 5);
    at += 4 + size;
  }
  return null;
}
