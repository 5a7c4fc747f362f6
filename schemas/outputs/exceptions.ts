/** Open matters as `mingce exceptions list --json` shows them. Never holds an identifier. */
import { z } from 'zod';
import { openException } from './report.ts';

export const exceptionLine = openException.omit({ openedInThisRun: true }).extend({
  todo: z.strictObject({ zh: z.string(), en: z.string() }),
  /** Put aside, not counted until the day after `until`; null where it is open. */
  suppressed: z.strictObject({ by: z.string(), reason: z.string(), until: z.iso.date() }).nullable(),
});
export type ListedException = z.infer<typeof exceptionLine>;

export const exceptionList = z.strictObject({ exceptions: z.array(exceptionLine) });
