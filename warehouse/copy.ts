/** COPY, the one way that many rows enter the database. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Transaction } from './connect.ts';

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Text as a COPY field. `null` is `\N`. Most values hold nothing to escape: a test is cheaper than a replacement. */
export const copyText = (value: string | null): string =>
  value === null ? '\\N' : SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c] as string) : value;

/** Bytes as a COPY field of type bytea. */
export const copyBytes = (value: Uint8Array | null): string =>
  value === null ? '\\N' : `\\\\x${(value as Buffer).toString('hex')}`;

/** A text[] literal as a COPY field. */
export const copyTextArray = (values: readonly string[]): string =>
  values.length === 0
    ? '{}'
    : copyText(`{${values.map((v) => `"${v.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`);

/**
 * Streams lines (each ending in a newline, fields tab-separated and escaped) into a table on the transaction's connection.
 * Few large blocks are faster than many small ones.
 */
export async function copyInto(
  trx: Transaction,
  table: string,
  columns: readonly string[],
  lines: Readable | Iterable<string>,
): Promise<void> {
  const client = (await trx.client.acquireConnection()) as Client;
  const stream = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  await pipeline(lines instanceof Readable ? lines : Readable.from(lines), stream);
}
