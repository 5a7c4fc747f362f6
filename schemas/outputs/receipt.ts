/** The receipt (回條) of what one source handed in, as `mingce receipt --json` answers it; the text and the page are made from it alone. */
import { z } from 'zod';
import { RECORD_KINDS } from '../records.ts';
import { quarantineRow } from './quarantine.ts';
import { moment } from './sync-result.ts';

const count = z.int().nonnegative();
const text = z.strictObject({ zh: z.string(), en: z.string() });

/** `held`: it would have changed too much, and waits for a decision (I6). `read-again`: nothing was sent; a replay read what is kept, and what was asked for has changed. */
export const RECEIPT_OUTCOMES = [
  'taken',
  'partly-taken',
  'waiting',
  'held',
  'same-as-before',
  'old-file',
  'refused',
  'read-again',
] as const;

const counts = z.strictObject({
  read: count,
  accepted: count,
  unchanged: count,
  quarantined: count,
  excluded: count,
  duplicate: count,
});

/** One file (or one walk of a feed) and what it was taken for. */
export const receiptFile = z.strictObject({
  name: z.string().nullable(),
  arrivedAt: moment,
  /** 完整名冊 or 異動. */
  complete: z.boolean(),
  format: z.string().nullable(),
  encoding: z.string().nullable(),
  sheet: z.string().nullable(),
  headerRow: z.int().nullable(),
  /** Titles found, and the column that each was taken for. */
  columns: z.array(z.strictObject({ title: z.string(), column: z.string() })),
  ignored: z.array(z.string()),
  /** Never read or kept: passwords. */
  dropped: z.array(z.string()),
  counts,
});
export type ReceiptFile = z.infer<typeof receiptFile>;

export const receipt = z.strictObject({
  run: z.string(),
  clock: moment,
  source: z.string(),
  kind: z.enum(RECORD_KINDS),
  institution: z.strictObject({ code: z.string(), name: z.string().nullable() }).nullable(),
  outcome: z.enum(RECEIPT_OUTCOMES),
  files: z.array(receiptFile),
  /** `waiting`: taken in, but in no roster before their institution is known; of this file or an earlier one. */
  counts: counts.extend({ missing: count, waiting: count }),
  /** Why nothing was taken; beside `read-again` of the file that still waits. */
  error: z.strictObject({ code: z.string(), text }).nullable(),
  /** Files of the same night that a newer one made of no account, with the reason. */
  setAside: z.array(z.string()),
  /** What still is not taken, of this file or an earlier one: the first rows of it. */
  rows: z.array(quarantineRow),
  moreRows: count,
  warnings: z.array(z.strictObject({ code: z.string(), rows: count, text })),
  /** What waits for the institution, such as a teacher of theirs who was registered elsewhere. */
  matters: z.array(
    z.strictObject({ code: z.string(), title: z.string(), about: z.string().nullable(), text, since: moment }),
  ),
  /** What to do, the first thing first; empty where there is nothing. */
  todo: z.array(text),
  /** The next cut-off: what is not put right by then is not in its lists (R06, R24). */
  dueBy: z.strictObject({ campaign: z.string(), at: moment }).nullable(),
  /** R31. */
  contacts: z.strictObject({ phone: z.string(), email: z.string() }).nullable(),
});
export type Receipt = z.infer<typeof receipt>;

export const receiptList = z.array(receipt);
