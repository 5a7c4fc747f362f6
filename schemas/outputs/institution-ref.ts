import { z } from 'zod';

/** An institution by its name in the run; `code` is a school's code or a kindergarten's sid. */
export const institutionRef = z.strictObject({
  key: z.string(),
  code: z.string(),
  section: z.string().nullable(),
  name: z.string(),
  district: z.string().nullable(),
  path: z.enum(['school', 'kindergarten']).nullable(),
});
export type InstitutionRef = z.infer<typeof institutionRef>;
