/** Values set by hand, as `mingce values list --json` shows them. They are data of persons: never an identifier, and nothing for logs. */
import { z } from 'zod';
import { MANUAL_ENTITIES } from '../manual-values.ts';
import { institutionRef } from './institution-ref.ts';
import { moment } from './sync-result.ts';

export const manualValueLine = z.strictObject({
  number: z.int(),
  entity: z.enum(MANUAL_ENTITIES),
  /** As the command takes it: our own id of a person, the code of an institution, the key of an account. */
  id: z.string(),
  /** Of a person. */
  name: z.string().nullable(),
  field: z.string(),
  /** null: set to be none. */
  value: z.string().nullable(),
  /** The institution itself, the account's, or the unit where a title or subjects hold. */
  institution: institutionRef.nullable(),
  reason: z.string(),
  by: z.string(),
  setAt: moment,
  /** Last day on which it wins; null until somebody ends it. */
  until: z.iso.date().nullable(),
  /** `over`: its last day has passed. */
  status: z.enum(['in-force', 'over', 'expired', 'replaced']),
  end: z.strictObject({ by: z.string(), reason: z.string(), at: moment }).nullable(),
});
export type ManualValueLine = z.infer<typeof manualValueLine>;

export const manualValueList = z.strictObject({ values: z.array(manualValueLine) });
