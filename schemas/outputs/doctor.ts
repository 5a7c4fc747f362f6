/** What `mingce doctor --json` answers, whatever is broken. */
import { z } from 'zod';

export const CHECK_NAMES = [
  'node',
  'environment',
  'configuration',
  'secrets',
  'home',
  'disk',
  'database',
  'clock',
  'keys',
  'schema',
  'queue',
  'sources',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

export const check = z.strictObject({
  name: z.enum(CHECK_NAMES),
  /** `not-checked`: what it stands on failed. */
  status: z.enum(['ok', 'failed', 'not-checked']),
  /** What was found; of a check that was not made, which one it waits for. */
  detail: z.string(),
  /** What to do about one that failed. */
  todo: z.string().nullable(),
});
export type Check = z.infer<typeof check>;

export const doctorReport = z.strictObject({
  /** Nothing failed. */
  ok: z.boolean(),
  /** All of them, always in the same order. */
  checks: z.array(check),
});
export type DoctorReport = z.infer<typeof doctorReport>;
