/**
 * The CSV files of a bundle: a ZIP, or the files of a folder. Nothing is unpacked to disk, so no entry can slip anywhere; a name that tries to is
 * refused all the same, for whoever made it meant harm. Vendors zip the folder instead of its files: one folder around all is looked through.
 */
import { SourceError } from '../../../schemas/source-error.ts';
import { bytesOf, once } from '../../bytes.ts';
import type { StoredObject } from '../../contract.ts';
import { shownName } from '../../files/shown-name.ts';
import { MAX_WORKBOOK_BYTES } from '../../tables/limits.ts';
import { listArchive, readEntry } from '../../tables/zip-archive.ts';

export interface Bundle {
  /** As errors show it. */
  file: string;
  /** By lower-case name without `.csv`; `object` is the place in the delivery. */
  tables: ReadonlyMap<string, { object: number; open(): AsyncIterable<Uint8Array> }>;
}

type Body = Pick<StoredObject, 'name' | 'body'>;

const CSV = /\.csv$/i;
const CLUTTER = /^__MACOSX\/|(^|\/)\.[^/]*$|\/$/;

/** `objects` of a folder are named with it, `export/users.csv`. @throws SourceError those of `listArchive`, `oneroster-entry-name`, `file-too-large` */
export async function openBundle(objects: readonly Body[]): Promise<Bundle> {
  const [first] = objects;
  if (!first) throw new SourceError('source-empty', { source: '-' });
  if (!objects.every(({ name }) => CSV.test(name))) return openArchive(await wholeOf(first), shownName(first.name));
  const tables = objects.map(({ name, body }, object) => [tableName(name), { object, open: body }] as const);
  const [folder] = first.name.split('/');
  return { file: shownName(folder!), tables: new Map(tables) };
}

function openArchive(bytes: Buffer, file: string): Bundle {
  if (bytes.length === 0) throw new SourceError('file-empty', { file });
  const entries = listArchive(bytes, file).filter(({ name }) => !CLUTTER.test(name));
  if (entries.some(({ name }) => /(^|\/)\.\.(\/|$)|^[/\\]|^[A-Za-z]:|\\/.test(name))) {
    throw new SourceError('oneroster-entry-name', { file });
  }
  const folders = new Set(entries.map(({ name }) => name.slice(0, name.lastIndexOf('/') + 1)));
  const [folder] = folders.size === 1 ? folders : [''];
  const tables = entries
    .filter(({ name }) => name.startsWith(folder!) && CSV.test(name) && !name.slice(folder!.length).includes('/'))
    .map((entry) => [tableName(entry.name), { object: 0, open: () => once(readEntry(bytes, entry, file)) }] as const);
  return { file, tables: new Map(tables) };
}

const tableName = (path: string): string =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .replace(CSV, '')
    .toLowerCase();

/** A ZIP is held in memory; a larger bundle can come as a folder, which is read in pieces. */
async function wholeOf({ name, body }: Body): Promise<Buffer> {
  let size = 0;
  async function* capped(): AsyncGenerator<Uint8Array> {
    for await (const piece of body()) {
      size += piece.length;
      if (size > MAX_WORKBOOK_BYTES) {
        throw new SourceError('file-too-large', { file: shownName(name), bytes: size, limit: MAX_WORKBOOK_BYTES });
      }
      yield piece;
    }
  }
  return await bytesOf({ body: capped });
}
