/** What `mingce audit verify --json` answers. */
import { z } from 'zod';

export const AUDIT_BREAK_CODES = [
  'audit-row-changed',
  'audit-row-missing',
  'audit-row-added',
  'audit-row-unlinked',
  'audit-row-not-as-noted',
] as const;
export type AuditBreakCode = (typeof AUDIT_BREAK_CODES)[number];

export const auditVerified = z.strictObject({
  whole: z.boolean(),
  /** Rows that stand in an unbroken chain from the first one on. */
  rows: z.int().nonnegative(),
  /** The last of them. Note it elsewhere: with `--noted` a later check finds out whether it still stands. */
  head: z.strictObject({ row: z.int().positive(), digest: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  /** The first row at which the chain breaks. */
  broken: z
    .strictObject({
      row: z.int(),
      code: z.enum(AUDIT_BREAK_CODES),
      text: z.strictObject({ zh: z.string(), en: z.string() }),
    })
    .nullable(),
});
export type AuditVerified = z.infer<typeof auditVerified>;
