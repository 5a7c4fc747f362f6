/** What `mingce tokens` and `mingce consumers` answer with `--json`. Never a token, nor what is kept of one. */
import { z } from 'zod';
import { PLAN_KINDS } from '../campaign.ts';
import { moment } from './sync-result.ts';

const planKind = z.enum(PLAN_KINDS);

/** One line of `mingce tokens list --json`. */
export const tokenLine = z.strictObject({
  /** Its number, for `mingce tokens revoke`. */
  token: z.int().positive(),
  consumer: z.string(),
  kinds: z.array(planKind),
  status: z.enum(['active', 'expired', 'revoked']),
  createdAt: moment,
  createdBy: z.string(),
  expiresAt: moment,
  /** To the minute. */
  lastUsedAt: moment.nullable(),
  revokedAt: moment.nullable(),
  revokedBy: z.string().nullable(),
  revokedWhy: z.string().nullable(),
});
export type TokenLine = z.infer<typeof tokenLine>;

export const tokenList = z.array(tokenLine);
