/** A delta as it is read: a head, then operations in an order in which no key is ever there twice. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { RefusedError } from './api-client.ts';
import type { Row } from './rows.ts';

export interface DeltaHead {
  delta: number;
  from: { fingerprint: string };
  to: { fingerprint: string; sha256: string };
  columns: string[];
  operations: number;
}
export interface Operation {
  op: 'delete' | 'update' | 'insert';
  /** Line of the older file, counted from 1. */
  was: number | null;
  /** Line of the newer file. */
  at: number | null;
  after: Row | null;
}

const linesOf = (file: string) =>
  createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });

/** @throws RefusedError where it is not the delta between the two */
export async function* readDelta(file: string, from: string, to: string): AsyncGenerator<Operation> {
  let head: DeltaHead | null = null;
  let read = 0;
  for await (const line of linesOf(file)) {
    if (head === null) {
      head = JSON.parse(line) as DeltaHead;
      if (head.delta !== 1 || head.from.fingerprint !== from || head.to.fingerprint !== to)
        throw new RefusedError('the delta is of other snapshots than was asked');
      continue;
    }
    read += 1;
    yield JSON.parse(line) as Operation;
  }
  if (head === null || read !== head.operations)
    throw new RefusedError(`the delta has ${read} operations, and ${head?.operations ?? 'no head'} were told`);
}
