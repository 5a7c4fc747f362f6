/**
 * Streams normalised rows into the staging tables. One COPY at a time may run on a connection, so rows go kind by kind: while rows of one
 * kind come, its COPY stays open, across sources; rejected rows are held back in small blocks between two COPYs. Keeps the counts that merging needs.
 */
import { PassThrough } from 'node:stream';
import type { NormalisedRow, RecordKind } from '../../schemas/records.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { copyInto, copyText } from '../../warehouse/copy.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import type { StagedKind } from '../../warehouse/landing/merge.ts';
import {
  RECORD_TABLES,
  REJECTED_COLUMNS,
  REJECTED_STAGE,
  stageColumns,
} from '../../warehouse/landing/record-tables.ts';
import { makeSealer, sealKey } from './seal-row.ts';

const REJECTED_BLOCK = 2000;
const LINES_PER_WRITE = 256;

/** What was staged of one source. */
export interface StagedSource {
  rows: number;
  rejected: number;
  /** Rejected rows without a key. */
  nameless: number;
  /** Rows kept with a doubt, per kind of doubt. */
  warnings: Map<string, number>;
  kinds: Map<RecordKind, StagedKind>;
}

interface OpenCopy {
  kind: RecordKind;
  feed: PassThrough;
  done: Promise<void>;
}

export const newStagedSource = (): StagedSource => ({
  rows: 0,
  rejected: 0,
  nameless: 0,
  warnings: new Map(),
  kinds: new Map(),
});

export class StageWriter {
  private readonly trx: Transaction;
  private readonly keyring: Keyring;
  private readonly seal: ReturnType<typeof makeSealer>;
  private open: OpenCopy | null = null;
  private rejected: string[] = [];
  private lines: string[] = [];

  constructor(trx: Transaction, keyring: Keyring) {
    this.trx = trx;
    this.keyring = keyring;
    this.seal = makeSealer(keyring);
  }

  async write(
    source: string,
    batch: readonly NormalisedRow[],
    objectIds: readonly number[],
    staged: StagedSource,
  ): Promise<void> {
    for (const row of batch) {
      staged.rows += 1;
      const objectId = objectIds[row.origin.object] as number;
      if (row.outcome === 'rejected') {
        staged.rejected += 1;
        if (row.key === null) staged.nameless += 1;
        const key = row.key === null ? null : sealKey(this.keyring, row.key);
        const issues = copyText(JSON.stringify(row.issues));
        this.rejected.push(`${source}\t${row.kind}\t${copyText(key)}\t${objectId}\t${row.origin.row}\t${issues}\n`);
        if (this.rejected.length >= REJECTED_BLOCK) await this.flushRejected();
        continue;
      }
      const { record } = row;
      if (this.open?.kind !== record.kind) await this.use(record.kind);
      for (const { code } of row.warnings) staged.warnings.set(code, (staged.warnings.get(code) ?? 0) + 1);
      let kind = staged.kinds.get(record.kind);
      if (kind === undefined) {
        kind = { kind: record.kind, rows: 0, underReview: 0 };
        staged.kinds.set(record.kind, kind);
      }
      kind.rows += 1;
      if (record.kind !== 'account' && record.review !== '核定') kind.underReview += 1;
      this.lines.push(`${source}\t${this.seal(record, objectId, row.origin.row)}`);
      if (this.lines.length >= LINES_PER_WRITE) await this.push();
    }
  }

  /** Ends the COPY in hand: the connection is free for other statements; writing may go on afterwards. */
  async settle(): Promise<void> {
    await this.close();
    await this.flushRejected();
  }

  private async push(): Promise<void> {
    const { open } = this;
    if (open === null || this.lines.length === 0) return;
    const block = this.lines.join('');
    this.lines = [];
    if (!open.feed.write(block))
      await Promise.race([new Promise((drained) => open.feed.once('drain', drained)), open.done]);
  }

  private async close(): Promise<void> {
    await this.push();
    const closing = this.open;
    this.open = null;
    closing?.feed.end();
    await closing?.done;
  }

  private async flushRejected(): Promise<void> {
    if (this.rejected.length === 0) return;
    await this.close();
    const block = this.rejected.join('');
    this.rejected = [];
    await copyInto(this.trx, REJECTED_STAGE, REJECTED_COLUMNS, [block]);
  }

  private async use(kind: RecordKind): Promise<void> {
    await this.close();
    const feed = new PassThrough({ highWaterMark: 1024 * 1024 });
    const table = RECORD_TABLES[kind];
    const done = copyInto(this.trx, table.stage, stageColumns(table), feed);
    done.catch((error: Error) => feed.destroy(error));
    this.open = { kind, feed, done };
  }
}
