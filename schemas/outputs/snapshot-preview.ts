/** What `mingce snapshot preview --json` answers: how a plan would be, what is not ready, and whom to call. Nothing of it is stored. */
import { z } from 'zod';
import { PLAN_KINDS } from '../campaign.ts';
import { COVERAGE } from '../snapshot.ts';

const count = z.int().nonnegative();
const moment = z.iso.datetime({ offset: true });
const text = z.strictObject({ zh: z.string(), en: z.string() });

/** `bad`: people would be missing or wrong; `warn`: it may be so; `info`: to be known, and ready all the same. */
export const READINESS_LEVELS = ['bad', 'warn', 'info'] as const;

export const readinessProblem = z.strictObject({
  code: z.string(),
  level: z.enum(READINESS_LEVELS),
  text,
});
export type ReadinessProblem = z.infer<typeof readinessProblem>;

export const previewLine = z.strictObject({
  code: z.string(),
  section: z.string(),
  name: z.string(),
  district: z.string().nullable(),
  /** Of the institution, as the warehouse has it. */
  phone: z.string().nullable(),
  status: z.enum(COVERAGE),
  /** Moment of the newest picture of its staff. */
  since: moment.nullable(),
  /** People of the teacher plan there. */
  teachers: count,
  /** Records under review (R13), and how many of them have no approved version yet. */
  pending: count,
  pendingWithoutPrevious: count,
  ready: z.boolean(),
  /** The worst first. */
  problems: z.array(readinessProblem),
});
export type PreviewLine = z.infer<typeof previewLine>;

export const snapshotPreview = z.strictObject({
  campaign: z.string(),
  name: z.string(),
  kind: z.enum(PLAN_KINDS),
  cutOff: moment,
  /** Where the cut-off was moved: when it was before, and why. */
  moved: z.strictObject({ from: moment, reason: z.string() }).nullable(),
  /** A kindergarten's change is in when it was approved before then: the early-morning run of the cut-off's day (R15). */
  approveBy: moment,
  /** The run that it is seen from. */
  run: z.string(),
  recordedThrough: moment,
  /** Snapshots of this cut-off that stand already. */
  taken: z.array(z.string()),
  counts: z.strictObject({
    rows: count,
    institutions: count,
    teachers: count,
    unknownTitles: count,
    excluded: count,
    notAddressed: count,
    ready: count,
    pending: count,
    ...Object.fromEntries(COVERAGE.map((status) => [status, count])),
  }),
  /** What the checks would say; one that fails keeps the snapshot from being made. */
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), found: z.string() })),
  contacts: z.strictObject({ phone: z.string(), email: z.string() }),
  /** Every institution of the plan, the worst first. */
  institutions: z.array(previewLine),
});
export type SnapshotPreview = z.infer<typeof snapshotPreview>;
