/** Held plans as `mingce holds --json` and the report show them. Never holds an identifier. */
import { z } from 'zod';
import { GUARDS } from '../guards.ts';
import { institutionRef } from './institution-ref.ts';
import { moment } from './sync-result.ts';

const count = z.int().nonnegative();
const text = z.strictObject({ zh: z.string(), en: z.string() });

/** One change of a held plan, or one person missing (group 未列). */
export const heldRow = z.strictObject({
  institution: institutionRef,
  group: z.string(),
  name: z.string().nullable(),
  effective: z.iso.date().nullable(),
  /** What changes, as people say it: `教師 → 組長`. */
  detail: z.string().nullable(),
});
export type HeldRow = z.infer<typeof heldRow>;

export const heldPlan = z.strictObject({
  /** null: a limit of the whole city. */
  institution: institutionRef.nullable(),
  institutions: count,
  planHash: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** `discarded` and `expired` stay out until the source says something else. */
  state: z.enum(['open', 'approved', 'discarded', 'expired']),
  reasons: z.array(
    z.strictObject({ guard: z.enum(GUARDS), count, of: count, percent: z.number(), least: count, text }),
  ),
  changes: count,
  missing: count,
  /** null in a dry run, which opens nothing. */
  openedAt: moment.nullable(),
  /** The run that last proposed it. */
  run: z.string(),
  decision: z
    .strictObject({ verdict: z.enum(['approve', 'discard']), by: z.string(), reason: z.string(), at: moment })
    .nullable(),
  /** Its changes by kind, in the order of a reader. */
  groups: z.array(z.strictObject({ group: z.string(), count })),
  /** Some rows of it; all with `mingce holds HASH`. */
  rows: z.array(heldRow),
});
export type HeldPlanShown = z.infer<typeof heldPlan>;

export const holdList = z.strictObject({ holds: z.array(heldPlan) });
export type HoldList = z.infer<typeof holdList>;
