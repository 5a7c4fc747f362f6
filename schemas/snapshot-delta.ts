/**
 * What differs between two snapshots of a kind: `mingce snapshot diff --json`, and the delta that a planning system replays. A delta is JSON Lines: a head, then
 * operations in an order in which no key is ever there twice.
 */
import { z } from 'zod';
import { PLAN_KINDS } from './campaign.ts';
import { SNAPSHOT_ID } from './snapshot.ts';

const count = z.int().nonnegative();
const place = z.int().positive();
const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const moment = z.iso.datetime({ offset: true });

/**
 * Why a value differs: `change` in the world, registered or in force since the older cut-off; `late`: registered before it, known after; `correction` of a value, by the
 * school or the bureau; `identity`: two people joined or parted; `rules`: the planning year asks for others; `unknown`: the history that would tell is not kept any more.
 */
export const CAUSES = ['change', 'late', 'correction', 'identity', 'rules', 'unknown'] as const;
export type Cause = (typeof CAUSES)[number];
const causes = z.array(z.enum(CAUSES));

const cell = z.union([z.string(), z.number(), z.array(z.string()), z.null()]);
/** A row by the English names of its columns, in their order. */
export const snapshotRow = z.record(z.string(), cell);
export type SnapshotRow = z.infer<typeof snapshotRow>;

const side = z.strictObject({
  id: z.string().regex(SNAPSHOT_ID),
  fingerprint: sha256,
  /** Of the file of JSON Lines. */
  sha256,
  rows: count,
  cutOff: moment,
  recordedThrough: moment,
});
export type DeltaSide = z.infer<typeof side>;

export const deltaHead = z.strictObject({
  /** Of this form. */
  delta: z.literal(1),
  kind: z.enum(PLAN_KINDS),
  from: side,
  to: side,
  columns: z.array(z.string()),
  /** Lines that follow. */
  operations: count,
});
export type DeltaHead = z.infer<typeof deltaHead>;

export const DELTA_OPERATIONS = ['delete', 'update', 'insert'] as const;
export const deltaOperation = z.strictObject({
  op: z.enum(DELTA_OPERATIONS),
  /** Line of the older file, counted from 1; null of an insertion. */
  was: place.nullable(),
  /** Line of the newer file; null of a deletion. */
  at: place.nullable(),
  before: snapshotRow.nullable(),
  after: snapshotRow.nullable(),
  /** Of an update: each column that differs, and why. */
  changed: z.record(z.string(), causes),
  why: causes,
});
export type DeltaOperation = z.infer<typeof deltaOperation>;

/** What was recorded between the two and bears on a row. */
export const evidence = z.strictObject({
  cause: z.enum(CAUSES),
  /** As the run wrote it, such as 轉入. */
  reason: z.string(),
  rule: z.string(),
  run: z.string(),
  registeredAt: moment.nullable(),
  recordedAt: moment,
});
export type Evidence = z.infer<typeof evidence>;

export const rowDifference = deltaOperation.extend({ evidence: z.array(evidence) });
export type RowDifference = z.infer<typeof rowDifference>;

/** `mingce snapshot diff --json`: rows in the order of the newer snapshot, those that are gone first. */
export const snapshotDifference = z.strictObject({
  kind: z.enum(PLAN_KINDS),
  from: side,
  to: side,
  columns: z.strictObject({ shared: z.array(z.string()), added: z.array(z.string()), removed: z.array(z.string()) }),
  /** Of the newer, where it corrects: who approved it and why. */
  correction: z.looseObject({ of: z.string(), by: z.string(), reason: z.string(), at: moment }).nullable(),
  counts: z.strictObject({ inserted: count, updated: count, deleted: count }),
  rows: z.array(rowDifference),
});
export type SnapshotDifference = z.infer<typeof snapshotDifference>;
