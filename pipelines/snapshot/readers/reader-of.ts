/** What is looked at in a file beside its bytes, by the format that the manifest says; null of one that is not known here. */
import type { ManifestResource } from '../../../schemas/snapshot.ts';
import { BOM, headerLine } from '../csv.ts';
import type { FileReader } from './file-reader.ts';
import { csvReader } from './read-csv.ts';
import { jsonLinesReader } from './read-json-lines.ts';
import { parquetReader } from './read-parquet.ts';

type Fields = readonly { name: string }[];

const namesOf = (fields: Fields): string => fields.map(({ name }) => name).join(',');

const READERS: Readonly<
  Record<string, { open(): FileReader; head(fields: Fields, resource: ManifestResource): string }>
> = {
  csv: {
    open: csvReader,
    head: (fields, resource) => `${resource['mingce:byteOrderMark'] === true ? BOM : ''}${headerLine(fields)}`,
  },
  jsonl: { open: jsonLinesReader, head: namesOf },
  parquet: { open: parquetReader, head: namesOf },
};

/** A reader, and what the head must be. */
export function readerOf(resource: ManifestResource): { reader: FileReader; head: string } | null {
  const known = Object.hasOwn(READERS, resource.format) ? READERS[resource.format] : undefined;
  if (!known || !resource.schema) return null;
  return { reader: known.open(), head: known.head(resource.schema.fields, resource) };
}
