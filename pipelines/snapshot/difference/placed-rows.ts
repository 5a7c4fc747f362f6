/** The rows of a stored snapshot as lines of JSON, and whom each stands for, a block at a time. */
import { ENTITIES_PATH } from '../../../schemas/snapshot.ts';
import { readSnapshotFile } from '../../../warehouse/snapshots.ts';
import type { PipelineContext } from '../../context.ts';

/** Rows that follow each other. Most are only compared, and so nothing is made of them. */
export interface RowBlock {
  /** Place of the first, counted from 1. */
  first: number;
  /** Their bytes, a character each. */
  lines: string[];
  /** Our numbers of the persons or institutions, as digits; as many as lines. */
  entities: string[];
}

export interface PlacedRow {
  entity: number;
  /** Counted from 1. */
  place: number;
  /** Its bytes, a character each. */
  line: string;
}

/** @param i within the block */
export const rowOf = ({ first, lines, entities }: RowBlock, i: number): PlacedRow => ({
  entity: Number(entities[i]),
  place: first + i,
  line: lines[i] as string,
});

const TEXT = 'utf8';
const BYTES = 'latin1';
export const textOf = (line: string): string => Buffer.from(line, BYTES).toString(TEXT);
export const bytesOf = (text: string): string => Buffer.from(text, TEXT).toString(BYTES);

const LINE_FEED = '\n';

/** Lines, without their ends. Of what is read the last line is ended. */
async function* lineBlocks(body: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of body) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const lines = (rest + bytes.toString(BYTES)).split(LINE_FEED);
    rest = lines.pop() as string;
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') throw new Error('the last line of a stored file is not ended');
}

/** @param path of the rows, a line each */
export async function* rowBlocks(
  { db, keyring, signal }: PipelineContext,
  id: string,
  path: string,
): AsyncGenerator<RowBlock> {
  const numbers = lineBlocks(readSnapshotFile(db, keyring, id, ENTITIES_PATH));
  let known: string[] = [];
  let first = 1;
  for await (const lines of lineBlocks(readSnapshotFile(db, keyring, id, path))) {
    signal.throwIfAborted();
    while (known.length < lines.length) {
      const more = await numbers.next();
      if (more.done) throw new Error(`${id} has more rows than it knows whom they stand for`);
      known = [...known, ...more.value];
    }
    yield { first, lines, entities: known.slice(0, lines.length) };
    known = known.slice(lines.length);
    first += lines.length;
  }
}
