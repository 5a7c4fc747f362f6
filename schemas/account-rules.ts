/** What an installation asks of business accounts beside the letter's own rules. Configuration `accounts`. */
import { z } from 'zod';

export const accountsConfig = z
  .strictObject({
    /** Days without a sign-in after which an enabled account is told, where the files say when somebody signed in last. */
    idleDays: z.int().positive().default(365),
    /** R16: also ask a school for its 總負責人 of which no account was ever told, once accounts of any other school were. */
    leadOfEverySchool: z.boolean().default(false),
  })
  .prefault({});
export type AccountRules = z.infer<typeof accountsConfig>;

/** What holds where the configuration says nothing. */
export const DEFAULT_ACCOUNT_RULES: AccountRules = accountsConfig.parse(undefined);
