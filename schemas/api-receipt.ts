/** What a consumer says of its import of a snapshot: figures and codes, bounded, and no place for a person's data. */
import { z } from 'zod';
import { sensitiveIn } from './sensitive-text.ts';

/** More rows than a snapshot of the whole country has. */
const MOST_ROWS = 10_000_000;
const rows = z.int().min(0).max(MOST_ROWS);

export const receiptQuestion = z
  .strictObject({
    fingerprint: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/)
      .describe('of the manifest that was imported: it says which bytes the figures are of'),
    imported: rows,
    rejected: rows,
    reasons: z
      .array(
        z.strictObject({
          code: z
            .string()
            .regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected a code of small letters, digits and hyphens')
            .refine((code) => sensitiveIn(code) === null, 'expected a code without a personal identifier'),
          rows: z.int().min(1).max(MOST_ROWS),
        }),
      )
      .max(20)
      .default([])
      .describe('why rows were rejected, in codes of your own; no names, no numbers of people'),
  })
  .refine(({ rejected, reasons }) => reasons.reduce((sum, reason) => sum + reason.rows, 0) <= rejected, {
    path: ['reasons'],
    error: 'expected no more rows than were rejected',
  });
export type ReceiptQuestion = z.infer<typeof receiptQuestion>;

export const receiptAnswer = z.strictObject({
  snapshot: z.string(),
  at: z.iso.datetime({ offset: true }),
  imported: rows,
  rejected: rows,
});
