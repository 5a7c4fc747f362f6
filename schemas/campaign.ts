/** A planning year as data (R01, R04, R24–R31). Readings of what the letter leaves open are values here, never code. */
import { z } from 'zod';
import { campaignProblems } from './campaign-checks.ts';
import { DEADLINES } from './deadlines.ts';
import { LEGAL_CLASSES, OWNERSHIPS, SECTIONS } from './records.ts';
import { SNAPSHOT_COLUMNS } from './snapshot-columns.ts';

/** What is not in hand yet, and known to be missing. */
export const PENDING = '待補';

const said = z.string().trim().min(1);
const moment = z.iso.datetime({ offset: true });
const scopeRule = z.strictObject({
  section: z.array(z.enum(SECTIONS)).min(1).optional(),
  ownership: z.array(z.enum(OWNERSHIPS)).min(1).optional(),
  legalClass: z.array(z.enum(LEGAL_CLASSES)).min(1).optional(),
  /** Of schools, of kindergartens in the ministry's list, or their sids. */
  codes: z.array(z.string()).min(1).optional(),
  exceptCodes: z.array(z.string()).min(1).optional(),
  exceptDistricts: z.array(z.string()).min(1).optional(),
});
const window = z.strictObject({ from: moment, through: moment });
/** Last day on which the rows of a plan's snapshots are kept (個資法 §11); left out: `purposeEnd` says which. */
const keepUntil = z.iso.date('expected a day, such as 2026-07-31').optional();
/** R30: who gets the file of a plan, what for and on what ground, and the columns that it gets, by their headers. */
const consumer = <const Columns extends readonly [string, ...string[]]>(columns: Columns) =>
  z.strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
    name: said,
    purpose: said,
    legalGround: said.refine((ground) => ground !== PENDING, 'expected the ground on which they get it (R30)'),
    columns: z.array(z.enum(columns)).min(1),
  });

/** Files of a snapshot. `csv` is always among them: the others are the same rows, and it is what workbooks are made from. */
export const SNAPSHOT_FORMATS = ['csv', 'csv-bom', 'jsonl', 'parquet', 'oneroster'] as const;
export type SnapshotFormat = (typeof SNAPSHOT_FORMATS)[number];
/** Left out: all of them. */
const formats = z
  .array(z.enum(SNAPSHOT_FORMATS))
  .refine((given) => given.includes('csv'), 'expected csv among them: the other files are the same rows')
  .refine((given) => new Set(given).size === given.length, 'expected each format once')
  .optional();

const fields = z.strictObject({
  id: z.string().regex(/^\d{3}$/),
  name: said,
  legalBasis: z
    .array(
      z.strictObject({
        issuer: said,
        document: said.refine(
          (number) => number !== PENDING,
          'expected the number of the document before the year can be used (R01)',
        ),
        date: z.iso.date('expected the day of the document, such as 2024-07-05 (R01)'),
      }),
    )
    .min(1),
  /** Papers that belong to the legal basis, such as its attachments; what depends on one that is 待補 stays as it is until it is in hand. */
  documents: z.array(z.strictObject({ name: said, status: z.enum(['在案', PENDING]), about: said })).optional(),
  schoolYear: z.strictObject({ from: z.iso.date(), through: z.iso.date() }),
  /** Exclusive: 17:00:00 itself is out. */
  cutOff: moment,
  /** Rosters and accounts are to be sent again from `from` on and by `until` (R06); a school that was not heard by then is late. Left out: nothing is asked. */
  rosterUpdates: z.strictObject({ from: moment, until: moment }).optional(),
  /** Deadlines that were moved, oldest first: what `what` was before, and why. A deadline that differs from the recorded one without such a line is refused. */
  moved: z.array(z.strictObject({ what: z.enum(DEADLINES), from: moment, reason: said.max(200) })).optional(),
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
      purpose: said,
      consumers: z.array(consumer(SNAPSHOT_COLUMNS['school-plan'])).min(1),
      formats,
      keepUntil,
      /** R26: 公立幼兒園 by legal class; 附設幼兒園 of a public school counts as 公立. */
      excludePublicKindergartens: z.boolean(),
    }),
    /** R28, by each teacher; open in `window` (R29). */
    'teacher-plan': z.strictObject({
      window,
      purpose: said,
      consumers: z.array(consumer(SNAPSHOT_COLUMNS['teacher-plan'])).min(1),
      formats,
      keepUntil,
      /** Kindergarten titles that count as teachers. */
      kindergartenTitles: z.array(said),
      /** 職別 codes that count as teachers in schools. */
      schoolTitleCodes: z.array(z.int().min(1).max(15)),
    }),
  }),
  /** R31. */
  contacts: z.strictObject({ phone: said, email: z.email() }),
});
export type Campaign = z.infer<typeof fields>;

export const campaignSchema = fields.superRefine((campaign, ctx) => {
  for (const { path, message } of campaignProblems(campaign)) ctx.addIssue({ code: 'custom', path, message });
});
export const PLAN_KINDS = ['school-plan', 'teacher-plan'] as const;
export type PlanKind = (typeof PLAN_KINDS)[number];
