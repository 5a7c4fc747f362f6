/** The rows of a stored snapshot as lines of JSON, each with its place and whom it stands for, a block at a time. */
import { ENTITIES_PATH } from '../../../schemas/snapshot.ts';
import { readSnapshotFile } from '../../../warehouse/snapshots.ts';
import type { PipelineContext } from '../../context.ts';

export interface PlacedRow {
  /** Our number of the person or institution. */
  entity: number;
  /** Counted from 1. */
  place: number;
  /** Its bytes, a character each: most lines are only compared, and that is done without making text of them. */
  line: string;
}

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
export async function* placedRows({ db, keyring, signal }: PipelineContext, id: string, path: string) {
  const entities = lineBlocks(readSnapshotFile(db, keyring, id, ENTITIES_PATH));
  let known: string[] = [];
  let used = 0;
  let place = 0;
  for await (const lines of lineBlocks(readSnapshotFile(db, keyring, id, path))) {
    signal.throwIfAborted();
    const block: PlacedRow[] = [];
    for (const line of lines) {
      if (used === known.length) {
        const more = await entities.next();
        if (more.done) throw new Error(`${id} has more rows than it knows whom they stand for`);
        known = more.value;
        used = 0;
      }
      place += 1;
      block.push({ entity: Number(known[used]), place, line });
      used += 1;
    }
    yield block;
  }
}
