/**
 * Streams normalised rows into the staging tables. One COPY at a time may run on a connection, so rows go kind by kind: while rows of one
 * kind come, its COPY stays open; rejected rows are held back in small blocks between two COPYs.
 */
import { PassThrough } from 'node:stream';
import type { NormalisedRow, RecordKind, SourceRecord } from '../../schemas/records.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { copyInto, copyText } from '../../warehouse/copy.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import {
  RECORD_TABLES,
  REJECTED_COLUMNS,
  REJECTED_STAGE,
  stageColumns,
} from '../../warehouse/landing/record-tables.ts';
import { makeSealer, sealKey } from './seal-row.ts';

const REJECTED_BLOCK = 2000;
const LINES_PER_WRITE = 256;

export interface StageWriter {
  write(rows: readonly NormalisedRow[], objectIds: readonly number[]): Promise<void>;
  /** Ends the last COPY; call once, before merging. */
  end(): Promise<void>;
  /** Rows kept with a doubt, per kind of doubt. */
  readonly warnings: ReadonlyMap<string, number>;
  readonly rows: number;
}

interface OpenCopy {
  kind: RecordKind;
  feed: PassThrough;
  done: Promise<void>;
}

export function makeStageWriter(trx: Transaction, keyring: Keyring): StageWriter {
  const seal = makeSealer(keyring);
  const warnings = new Map<string, number>();
  let open: OpenCopy | null = null;
  let rejected: string[] = [];
  let lines: string[] = [];
  let rows = 0;

  async function push(): Promise<void> {
    if (open === null || lines.length === 0) return;
    const block = lines.join('');
    lines = [];
    if (!open.feed.write(block)) await Promise.race([new Promise((r) => open?.feed.once('drain', r)), open.done]);
  }
  async function close(): Promise<void> {
    await push();
    const closing = open;
    open = null;
    closing?.feed.end();
    await closing?.done;
  }
  async function flushRejected(): Promise<void> {
    if (rejected.length === 0) return;
    await close();
    const block = rejected;
    rejected = [];
    await copyInto(trx, REJECTED_STAGE, REJECTED_COLUMNS, [block.join('')]);
  }
  async function use(kind: RecordKind): Promise<void> {
    if (open?.kind === kind) return;
    await close();
    const feed = new PassThrough({ highWaterMark: 1024 * 1024 });
    const table = RECORD_TABLES[kind];
    const done = copyInto(trx, table.stage, stageColumns(table), feed);
    done.catch((error: Error) => feed.destroy(error));
    open = { kind, feed, done };
  }
  const encode = (record: SourceRecord, objectId: number, row: number): void => {
    lines.push(seal(record, objectId, row));
  };
  return {
    warnings,
    get rows() {
      return rows;
    },
    async write(batch, objectIds) {
      for (const row of batch) {
        rows += 1;
        const objectId = objectIds[row.origin.object] as number;
        if (row.outcome === 'rejected') {
          const key = row.key === null ? null : sealKey(keyring, row.key);
          const issues = copyText(JSON.stringify(row.issues));
          rejected.push(`${row.kind}\t${copyText(key)}\t${objectId}\t${row.origin.row}\t${issues}\n`);
          if (rejected.length >= REJECTED_BLOCK) await flushRejected();
          continue;
        }
        if (open?.kind !== row.record.kind) await use(row.record.kind);
        for (const warning of row.warnings) warnings.set(warning.code, (warnings.get(warning.code) ?? 0) + 1);
        encode(row.record, objectId, row.origin.row);
        if (lines.length >= LINES_PER_WRITE) await push();
      }
    },
    async end() {
      await close();
      await flushRejected();
    },
  };
}
