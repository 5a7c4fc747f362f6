/** What `mingce quarantine list --json` answers. Values are masked; nothing here identifies a person. */
import { z } from 'zod';
import { SEVERITIES } from '../messages/severity.ts';
import { moment } from './sync-result.ts';

const count = z.int().nonnegative();
const text = z.strictObject({ zh: z.string(), en: z.string() });

export const quarantineIssue = z.strictObject({
  code: z.string(),
  /** Canonical column and its title as a school knows it; null where the whole row is meant. */
  column: z.string().nullable(),
  title: z.string().nullable(),
  value: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  text,
});
export type QuarantineIssue = z.infer<typeof quarantineIssue>;

export const quarantineRow = z.strictObject({
  /** Number by which a correction file names it. */
  id: z.int().positive(),
  source: z.string(),
  institution: z.string().nullable(),
  kind: z.string(),
  object: z.string(),
  row: z.int(),
  /** `row`: nothing of it was taken. `value`: the row was, without the values named. */
  severity: z.enum(['row', 'value']),
  /** The last good version of the row, or of each value, stays in force; false: there is none; null: it cannot be told whose row it is. */
  lastGoodKept: z.boolean().nullable(),
  since: moment,
  firstRun: z.string(),
  lastRun: z.string(),
  issues: z.array(quarantineIssue),
});
export type QuarantineRow = z.infer<typeof quarantineRow>;

export const quarantineCause = z.strictObject({
  source: z.string(),
  institution: z.string().nullable(),
  severity: z.enum(['row', 'value']),
  code: z.string(),
  column: z.string().nullable(),
  title: z.string().nullable(),
  rows: count,
  text,
});
export type QuarantineCause = z.infer<typeof quarantineCause>;

export const quarantineList = z.strictObject({
  rows: count,
  /** More rows are open than are listed here. */
  truncated: z.boolean(),
  /** One cause that hits many rows comes before others. */
  causes: z.array(quarantineCause),
  list: z.array(quarantineRow),
});
export type QuarantineList = z.infer<typeof quarantineList>;

/** What `mingce quarantine export --json` answers. */
export const correctionExported = z.strictObject({
  source: z.string(),
  file: z.string(),
  rows: count,
  /** Rows whose original is no longer kept: they stand in the list only. */
  withoutOriginal: count,
});
export type CorrectionExported = z.infer<typeof correctionExported>;
