/** A planning year as data (R01, R04, R24–R31). Readings of what the letter leaves open are values here, never code. */
import { z } from 'zod';
import { LEGAL_CLASSES, OWNERSHIPS, SECTIONS } from './records.ts';

const moment = z.iso.datetime({ offset: true });
const scopeRule = z.strictObject({
  section: z.array(z.enum(SECTIONS)).optional(),
  ownership: z.array(z.enum(OWNERSHIPS)).optional(),
  legalClass: z.array(z.enum(LEGAL_CLASSES)).optional(),
  codes: z.array(z.string()).optional(),
  exceptDistricts: z.array(z.string()).optional(),
});
const window = z.strictObject({ from: moment, through: moment });

/** Files of a snapshot. `csv` is always among them: the others are the same rows, and it is what workbooks are made from. */
export const SNAPSHOT_FORMATS = ['csv', 'csv-bom', 'jsonl', 'parquet', 'oneroster'] as const;
export type SnapshotFormat = (typeof SNAPSHOT_FORMATS)[number];
/** Left out: all of them. */
const formats = z
  .array(z.enum(SNAPSHOT_FORMATS))
  .refine((given) => given.includes('csv'), 'expected csv among them: the other files are the same rows')
  .refine((given) => new Set(given).size === given.length, 'expected each format once')
  .optional();

export const campaignSchema = z.strictObject({
  id: z.string().regex(/^\d{3}$/),
  name: z.string(),
  legalBasis: z.array(z.strictObject({ issuer: z.string(), document: z.string(), date: z.iso.date() })).min(1),
  schoolYear: z.strictObject({ from: z.iso.date(), through: z.iso.date() }),
  /** Exclusive: 17:00:00 itself is out. */
  cutOff: moment,
  /** Rosters and accounts are to be sent again from `from` on and by `until` (R06); a school that was not heard by then is late. Left out: nothing is asked. */
  rosterUpdates: z.strictObject({ from: moment, until: moment }).optional(),
  /** R23: kinds of business accounts and what each is for, by 教育階段. Of a section that is not here nothing is asked. */
  accountKinds: z
    .array(
      z.strictObject({
        section: z.enum(SECTIONS),
        kinds: z.array(z.strictObject({ kind: z.string().min(1), duties: z.string() })).min(1),
      }),
    )
    .optional(),
  /** An institution is addressed when any rule matches all of its given conditions. */
  addressed: z.array(scopeRule).min(1),
  plans: z.strictObject({
    /** R25, by the school; open in `window` (R27). */
    'school-plan': z.strictObject({
      window,
      purpose: z.string(),
      formats,
      /** R26: 公立幼兒園 by legal class; 附設幼兒園 of a public school counts as 公立. */
      excludePublicKindergartens: z.boolean(),
    }),
    /** R28, by each teacher; open in `window` (R29). */
    'teacher-plan': z.strictObject({
      window,
      purpose: z.string(),
      formats,
      /** Kindergarten titles that count as teachers. */
      kindergartenTitles: z.array(z.string()),
      /** 職別 codes that count as teachers in schools. */
      schoolTitleCodes: z.array(z.int()),
    }),
  }),
  /** R31. */
  contacts: z.strictObject({ phone: z.string(), email: z.string() }),
});
export type Campaign = z.infer<typeof campaignSchema>;
export const PLAN_KINDS = ['school-plan', 'teacher-plan'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];
