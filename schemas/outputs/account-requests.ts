/** What is asked of 本市教師研習中心 about accounts of 總負責人 (R18), as `mingce accounts requests --format json` answers it. */
import { z } from 'zod';
import { institutionRef } from './institution-ref.ts';
import { moment } from './sync-result.ts';

const text = z.strictObject({ zh: z.string(), en: z.string() });

export const ASKED = ['開通', '異動', '刪除'] as const;
export type Asked = (typeof ASKED)[number];

export const accountRequest = z.strictObject({
  /** By which `mingce accounts done` names it, as long as it stands. */
  number: z.int(),
  asked: z.enum(ASKED),
  institution: institutionRef,
  /** Null where the school has none yet. One that is an identifier is masked. */
  account: z.string().nullable(),
  holder: z.string().nullable(),
  reason: text,
  /** Of what the school's file says of kind, state and holder: who records a request as done repeats it. Null where the file says nothing. */
  digest: z.string().nullable(),
  since: moment,
  /** What must happen before; null where it can be done. */
  blocked: text.nullable(),
  /** When the bureau recorded that it was done; the next run, or the next file of the school, takes it off the list. Null: not yet. */
  recorded: moment.nullable(),
});
export type AccountRequest = z.infer<typeof accountRequest>;

export const accountRequests = z.strictObject({ requests: z.array(accountRequest) });
export type AccountRequests = z.infer<typeof accountRequests>;

/** What `mingce accounts done --json` answers. `already`: the same had been recorded before, and was not again. */
export const accountDone = z.strictObject({ request: accountRequest, already: z.boolean() });
