import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { decodeText } from '../../connectors/tables/decode-text.ts';
import { readDelimited } from '../../connectors/tables/delimited.ts';
import { MAX_ROW_LENGTH } from '../../connectors/tables/limits.ts';
import { rechunk } from '../../connectors/tables/rechunk.ts';
import { SourceError } from '../../schemas/source-error.ts';

/** Delimited text is read in the worker itself: what it may not do is keep the event loop until a job's lock (30 s) is lost. */
const LONGEST_MS = 2_000;
const MIB = 1024 * 1024;

const HOSTILE: readonly (readonly [string, string])[] = [
  ['a quote that is never closed', `姓名\n"${'王小明,教師\n'.repeat(MIB)}`],
  ['nothing but quotes', '"'.repeat(8 * MIB)],
  ['doubled quotes inside a quote', `"${'""'.repeat(4 * MIB)}`],
  ['quotes that almost close', `姓名\n"${'" '.repeat(4 * MIB)}`],
  ['a quote in every cell, closed in the next row', `姓名\n${'"a\n"'.repeat(2 * MIB)}`],
  ['nothing but delimiters', ','.repeat(8 * MIB)],
  ['nothing but line ends', '\n'.repeat(8 * MIB)],
  ['both line ends mixed', `姓名\r\n${'\r\n\r\n\n\r'.repeat(MIB)}`],
  ['one endless cell', `姓名\n${'長'.repeat(4 * MIB)}`],
  ['every delimiter at once', `姓名\n${',\t;|'.repeat(2 * MIB)}`],
  ['the same byte that ends a Big5 character', `姓名\n${'\\'.repeat(8 * MIB)}`],
  ['a NUL in every cell', `姓名\n${'\0,'.repeat(50)}\n`.repeat(20_000)],
];

it.each(HOSTILE)('%s keeps the event loop for a moment at a time, and no row grows without end', async (_, text) => {
  const bytes = Buffer.from(text);
  let since = performance.now();
  let longest = 0;
  let given = 0;
  let taken = 0;
  const turn = async (): Promise<void> => {
    longest = Math.max(longest, performance.now() - since);
    await setImmediate();
    since = performance.now();
  };
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of rechunk([bytes] as unknown as AsyncIterable<Uint8Array>)) {
      await turn();
      given += piece.length;
      yield piece;
    }
    await turn();
  }
  try {
    const rows = readDelimited(
      decodeText(pieces(), 'a.csv', () => undefined),
      'a.csv',
      () => 0,
    );
    for await (const batch of rows) {
      expect(batch.rows.length).toBeGreaterThan(0);
      taken = given;
      await turn();
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    // UTF-8 takes up to three bytes for a character.
    if (error.code === 'file-row-too-long') expect(given - taken).toBeLessThan(4 * MAX_ROW_LENGTH);
  }
  longest = Math.max(longest, performance.now() - since);
  expect(longest).toBeLessThan(LONGEST_MS);
});
