/** The rows of a stored snapshot as lines of JSON, and whom each stands for. Most are only compared, so they stay the bytes that they are. */
import { ENTITIES_PATH } from '../../../schemas/snapshot.ts';
import { readSnapshotFile } from '../../../warehouse/snapshots.ts';
import type { PipelineContext } from '../../context.ts';

export interface PlacedRow {
  /** Our number of the person or institution. */
  entity: number;
  /** Counted from 1. */
  place: number;
  /** A line of JSON. */
  line: string;
}

/** The rows of one snapshot, in order, as they come. */
export interface RowSource {
  /** Whole lines, each with its end. */
  lines: AsyncIterable<Buffer>;
  /** Our numbers of the persons or institutions, one for each line, as digits. */
  entities: AsyncIterable<string[]>;
}

const LINE_FEED = 0x0a;

/** What is read, cut behind the last line that is whole. Of what is read the last line is ended. */
async function* wholeLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of body) {
    const bytes = Buffer.concat([rest, piece]);
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    rest = bytes.subarray(end);
    if (end > 0) yield bytes.subarray(0, end);
  }
  if (rest.length > 0) throw new Error('the last line of a stored file is not ended');
}

async function* numbers(lines: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  for await (const some of lines) yield some.toString('latin1', 0, some.length - 1).split('\n');
}

async function* untilAborted<T>(signal: AbortSignal, items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
}

/** @param path of the rows, a line each */
export const rowSource = ({ db, keyring, signal }: PipelineContext, id: string, path: string): RowSource => ({
  lines: untilAborted(signal, wholeLines(readSnapshotFile(db, keyring, id, path))),
  entities: numbers(wholeLines(readSnapshotFile(db, keyring, id, ENTITIES_PATH))),
});
