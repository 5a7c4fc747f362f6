/** COPY, the one way that many rows enter the database. */
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams';
import type { Transaction } from './connect.ts';

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Text as a COPY field. `null` is `\N`. Most values hold nothing to escape: a test is cheaper than a replacement. */
export const copyText = (value: string | null): string =>
  value === null ? '\\N' : SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c] as string) : value;

const QUOTED = /[\\"]/;

/** A text[] literal as a COPY field. */
export function copyTextArray(values: readonly string[]): string {
  let items = '';
  for (const value of values) {
    const quoted = QUOTED.test(value) ? value.replace(/[\\"]/g, '\\$&') : value;
    items += items === '' ? `"${quoted}"` : `,"${quoted}"`;
  }
  return copyText(`{${items}}`);
}

/** A COPY in progress. Its connection can do nothing else until `end` or `abandon` has resolved. */
export interface CopyFeed {
  /** Resolves when more may be written. The block must not be changed afterwards. @throws what the database says about rows sent before */
  write(block: Uint8Array): Promise<void>;
  /** Resolves when the rows are in the table. @throws what the database says about them */
  end(): Promise<void>;
  /** Leaves nothing of it in the table; the transaction can only be rolled back then. */
  abandon(): Promise<void>;
}

/** Lines (each ending in a newline, fields tab-separated and escaped) into a table on the transaction's connection. Large blocks are best. */
export async function openCopy(trx: Transaction, table: string, columns: readonly string[]): Promise<CopyFeed> {
  const client = (await trx.client.acquireConnection()) as Client;
  const stream = client.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
  let failure: Error | null = null;
  stream.on('error', (error) => {
    failure = error;
  });
  const done = finished(stream);
  done.catch(() => undefined);
  return {
    write: async (block) => {
      if (failure) throw failure;
      if (!stream.write(block)) await drained(stream);
    },
    end: () => {
      if (!failure) stream.end();
      return done;
    },
    abandon: async () => {
      if (!failure) stream.destroy(new Error('given up'));
      await done.catch(() => undefined);
    },
  };
}

function drained(stream: CopyStreamQuery): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      stream.off('drain', settle).off('error', settle);
      if (error) reject(error);
      else resolve();
    };
    stream.on('drain', settle).on('error', settle);
  });
}

/** All lines at once. */
export async function copyInto(
  trx: Transaction,
  table: string,
  columns: readonly string[],
  lines: Iterable<string>,
): Promise<void> {
  const copy = await openCopy(trx, table, columns);
  for (const block of lines) await copy.write(Buffer.from(block));
  await copy.end();
}
