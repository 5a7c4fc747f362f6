/**
 * Streams normalised rows into the staging tables. One COPY at a time may run on a connection, so rows go kind by kind: while rows of one
 * kind come, its COPY stays open, across sources; rejected rows are held back in small blocks between two COPYs. Keeps the counts that merging needs.
 */
import { availableParallelism } from 'node:os';
import { severityOf } from '../../schemas/messages/severity.ts';
import type { Issue, NormalisedRow, PersonLikeness, RecordKind, SourceRecord } from '../../schemas/records.ts';
import { storableJson } from '../../schemas/storable.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { type CopyFeed, copyInto, copyText, openCopy } from '../../warehouse/copy.ts';
import type { Keyring } from '../../warehouse/keyring.ts';
import {
  RECORD_TABLES,
  REJECTED_COLUMNS,
  REJECTED_STAGE,
  stageColumns,
} from '../../warehouse/landing/record-tables.ts';
import { encodeRow, isKeyedByIdentifier } from './encode-row.ts';
import { sealKey } from './fill-blanks.ts';
import { LineBlock } from './line-block.ts';
import { type Sealer, sealHere, sealInThread } from './sealer.ts';

const REJECTED_BLOCK = 2000;
const NOBODY = '\\N\t\\N\t\\N\t\\N\t\\N';
/** From here on the rows are many: another thread seals while this one reads. Rows and not blocks, for each small file ends a block. */
const THREAD_FROM_ROWS = 20_000;
/** Blocks being sealed or sent; their number bounds memory and is the only backpressure. */
const BLOCKS_ON_THE_WAY = 6;

/** What was staged of one source. */
export interface StagedSource {
  rows: number;
  rejected: number;
  /** Rows taken without a value that could not be read. */
  incomplete: number;
  /** Rejected rows without a key. */
  nameless: number;
  /** Rows kept with a doubt, per kind of doubt. */
  warnings: Map<string, number>;
  kinds: Map<RecordKind, { rows: number; underReview: number }>;
}

interface OpenCopy {
  kind: RecordKind;
  copy: CopyFeed;
}

export const newStagedSource = (): StagedSource => ({
  rows: 0,
  rejected: 0,
  incomplete: 0,
  nameless: 0,
  warnings: new Map(),
  kinds: new Map(),
});

export class StageWriter {
  private readonly trx: Transaction;
  private readonly keyring: Keyring;
  private sealer: Sealer;
  private open: OpenCopy | null = null;
  private rejected: string[] = [];
  private block: LineBlock | null = null;
  private rows = 0;
  private threaded = false;
  private onTheWay: Promise<void>[] = [];

  constructor(trx: Transaction, keyring: Keyring) {
    this.trx = trx;
    this.keyring = keyring;
    this.sealer = sealHere(keyring);
  }

  /** @param normalise called row by row: a whole batch of records at once would outlive the young generation, and double the collector's work */
  async write<Row>(
    source: string,
    batch: readonly Row[],
    normalise: (row: Row) => NormalisedRow,
    objectIds: readonly number[],
    staged: StagedSource,
  ): Promise<void> {
    for (const given of batch) {
      const row = normalise(given);
      staged.rows += 1;
      const objectId = objectIds[row.origin.object] as number;
      if (row.outcome === 'rejected') {
        staged.rejected += 1;
        if (row.key === null) staged.nameless += 1;
        const key = row.key === null ? null : sealKey(this.keyring, row.key);
        await this.quarantine(source, { ...row, key }, objectId, 'row');
        continue;
      }
      const record = this.withoutDigest(row.record);
      if (this.open?.kind !== record.kind) await this.use(record.kind);
      if (row.warnings.length > 0) {
        for (const { code } of row.warnings) staged.warnings.set(code, (staged.warnings.get(code) ?? 0) + 1);
        const issues = row.warnings.filter((issue) => severityOf(issue) === 'value');
        if (issues.length > 0) {
          staged.incomplete += 1;
          const { kind } = record;
          const key = sealKey(this.keyring, row.record.key);
          await this.quarantine(source, { kind, key, person: null, issues, origin: row.origin }, objectId, 'value');
          if (this.open?.kind !== kind) await this.use(kind);
        }
      }
      let kind = staged.kinds.get(record.kind);
      if (kind === undefined) {
        kind = { rows: 0, underReview: 0 };
        staged.kinds.set(record.kind, kind);
      }
      kind.rows += 1;
      this.rows += 1;
      if ('review' in record && record.review !== '核定') kind.underReview += 1;
      const line = encodeRow(source, record, objectId, row.origin.row);
      if (this.block?.add(line)) continue;
      await this.ship();
      this.block = new LineBlock(record.kind, line);
    }
  }

  /** Rows with something wrong, in blocks between two COPYs. */
  private async quarantine(
    source: string,
    row: {
      kind: RecordKind;
      key: string | null;
      person: PersonLikeness | null;
      issues: readonly Issue[];
      origin: { row: number };
    },
    objectId: number,
    severity: 'row' | 'value',
  ): Promise<void> {
    const issues = copyText(storableJson(row.issues));
    const person = row.person
      ? `${copyText(row.person.nameKey)}\t${row.person.birthDate}\t${copyText(row.person.institutionCode)}\t${copyText(row.person.section)}\t${row.person.strong}`
      : NOBODY;
    this.rejected.push(
      `${source}\t${row.kind}\t${copyText(row.key)}\t${objectId}\t${row.origin.row}\t${issues}\t${severity}\t${person}\n`,
    );
    if (this.rejected.length >= REJECTED_BLOCK) await this.flushRejected();
  }

  /** Ends the COPY in hand: the connection is free for other statements; writing may go on afterwards. */
  async settle(): Promise<void> {
    await this.finish();
    await this.flushRejected();
  }

  /** To be called at the end, however it comes: a COPY still open is given up, so that the transaction can be rolled back. */
  async close(): Promise<void> {
    await this.sealer.close();
    await Promise.allSettled(this.onTheWay);
    await this.open?.copy.abandon();
    this.open = null;
  }

  /** A key may end with the digest of an identifier that is not the row's own (an account's name, a source's id): it is sealed here. */
  private withoutDigest(record: SourceRecord): SourceRecord {
    if (isKeyedByIdentifier(record)) return record;
    const key = sealKey(this.keyring, record.key);
    if (record.kind === 'course') return { ...record, key, accountKey: sealKey(this.keyring, record.accountKey) };
    return key === record.key ? record : { ...record, key };
  }

  /** Sends the block in hand on its way: sealed, then into the COPY, in order. */
  private async ship(): Promise<void> {
    const { open, block } = this;
    if (open === null || block === null) return;
    this.block = null;
    if (this.rows >= THREAD_FROM_ROWS && !this.threaded && availableParallelism() > 1) {
      this.threaded = true;
      this.sealer = sealInThread(this.keyring);
    }
    const sent = Promise.all([this.sealer.seal(block.take()), this.onTheWay.at(-1)]).then(([{ bytes }]) =>
      open.copy.write(bytes),
    );
    sent.catch(() => undefined);
    this.onTheWay.push(sent);
    if (this.onTheWay.length > BLOCKS_ON_THE_WAY) await this.onTheWay.shift();
  }

  private async finish(): Promise<void> {
    await this.ship();
    await Promise.all(this.onTheWay);
    this.onTheWay = [];
    await this.open?.copy.end();
    this.open = null;
  }

  private async flushRejected(): Promise<void> {
    if (this.rejected.length === 0) return;
    await this.finish();
    const block = this.rejected.join('');
    this.rejected = [];
    await copyInto(this.trx, REJECTED_STAGE, REJECTED_COLUMNS, [block]);
  }

  private async use(kind: RecordKind): Promise<void> {
    await this.finish();
    const table = RECORD_TABLES[kind];
    this.open = { kind, copy: await openCopy(this.trx, table.stage, stageColumns(table)) };
  }
}
