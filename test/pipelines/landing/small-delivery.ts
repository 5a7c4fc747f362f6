/** A small made-up delivery, staged and merged as landing does it, on a database of the test's own. */
import { createHash } from 'node:crypto';
import { newStagedSource, StageWriter } from '../../../pipelines/landing/stage-writer.ts';
import type { Identifier, NormalisedRow, StaffRecord } from '../../../schemas/records.ts';
import type { Silence } from '../../../schemas/silent-columns.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { type Keyring, makeKeyring } from '../../../warehouse/keyring.ts';
import { type MergeCounts, mergeStage } from '../../../warehouse/landing/merge.ts';
import { clearStage, createStage } from '../../../warehouse/landing/stage.ts';
import { createTestDatabase } from '../../support/database.ts';

export const SOURCE = 'roster/064601';
export const keyring: Keyring = makeKeyring(Buffer.alloc(32, 7));

export interface World {
  db: Database;
  objectId: number;
  close(): Promise<void>;
}

export async function makeWorld(): Promise<World> {
  const database = await createTestDatabase();
  const db = connect(database.url);
  const { rows } = await db.raw(
    `INSERT INTO landing.object (source, name, media_type, sha256, bytes, received_at, run_id)
     VALUES (?, 'roster.csv', 'text/csv', '\\x00', 1, '2024-07-29T10:00:00+08:00', 1) RETURNING id`,
    [SOURCE],
  );
  return {
    db,
    objectId: rows[0].id,
    close: async () => {
      await db.destroy();
      await database.drop();
    },
  };
}

export function identifier(plain: string): Identifier {
  return { kind: 'national', plain, digest: createHash('sha256').update(plain).digest('hex'), strong: true };
}

/** A person, keyed by the identifier as a file without ids of its own does it. */
export function person(plain: string, name: string, changes: Partial<StaffRecord> = {}): StaffRecord {
  const id = identifier(plain);
  return {
    kind: 'staff',
    key: `064601:國小:${id.digest}`,
    institutionCode: '064601',
    institutionSection: '國小',
    identifier: id,
    name,
    nameKey: name,
    sex: '女',
    birthDate: '1974-04-01',
    title: '教師',
    titleCode: 1,
    subjects: ['國語', '數學'],
    primary: true,
    startOn: null,
    endOn: null,
    endReason: null,
    onLeave: false,
    leaveChangedOn: null,
    email: null,
    phone: null,
    certificateNo: null,
    review: '核定',
    reviewing: null,
    registeredAt: '2024-07-28T09:00:00+08:00',
    registeredBy: 'source',
    ...changes,
  };
}

export const accepted = (record: StaffRecord, row: number): NormalisedRow => ({
  outcome: 'record',
  record,
  origin: { object: 0, row },
  warnings: [],
});

export const rejected = (key: string | null, row: number): NormalisedRow => ({
  outcome: 'rejected',
  kind: 'staff',
  key,
  person: null,
  issues: [{ code: 'name-missing', column: '姓名', value: null }],
  origin: { object: 0, row },
});

/** Stages rows and merges them as one delivery. @returns the books of the source */
export async function land(
  { db, objectId }: World,
  runId: number,
  rows: readonly NormalisedRow[],
  complete = true,
  silences: readonly Silence[] = [],
): Promise<MergeCounts> {
  return db.transaction(async (trx) => {
    await createStage(trx);
    await clearStage(trx);
    const staged = newStagedSource();
    const writer = new StageWriter(trx, keyring);
    await writer.write(SOURCE, rows, (row) => row, [objectId], staged);
    await writer.settle();
    await writer.close();
    const told = staged.kinds.get('staff');
    const books = await mergeStage(trx, {
      runId,
      sources: [SOURCE],
      objects: [objectId],
      complete: complete ? [SOURCE] : [],
      nameless: staged.nameless > 0 ? [SOURCE] : [],
      kinds: [{ kind: 'staff', rows: new Map([[SOURCE, told?.rows ?? 0]]), underReview: told?.underReview ?? 0 }],
      silences,
      rejected: staged.rejected,
      incomplete: staged.incomplete,
      corrected: [],
    });
    return books.get(SOURCE) as MergeCounts;
  });
}

/** Names that the picture holds, in order, and which of them are missing. */
export async function picture({ db }: World): Promise<{ present: string[]; missing: string[] }> {
  const { rows } = await db.raw(
    `SELECT name, missing_since IS NOT NULL AS missing FROM landing.staff_record WHERE source = ? ORDER BY name`,
    [SOURCE],
  );
  const names = (missing: boolean): string[] =>
    (rows as { name: string; missing: boolean }[]).filter((r) => r.missing === missing).map((r) => r.name);
  return { present: names(false), missing: names(true) };
}
