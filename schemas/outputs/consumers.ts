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

const count = z.int().nonnegative();

/** One snapshot that a consumer fetched a file of, or spoke of. */
const received = z.strictObject({
  snapshot: z.string(),
  /** Times that a file was handed out, or a part of one. */
  fetches: count,
  files: z.array(z.string()),
  /** A file with rows was handed out: manifest, signature and keys alone hold no data of people. */
  data: z.boolean(),
  firstAt: moment.nullable(),
  lastAt: moment.nullable(),
  /** What the consumer said last of its import. */
  receipt: z
    .strictObject({
      at: moment,
      imported: count,
      rejected: count,
      reasons: z.array(z.strictObject({ code: z.string(), rows: count })),
    })
    .nullable(),
});

/** `mingce consumers show NAME --json`, and a line of `mingce consumers list --json`. */
export const consumerLine = z.strictObject({
  consumer: z.string(),
  /** Tokens that count now. */
  tokens: count,
  kinds: z.array(planKind),
  lastUsedAt: moment.nullable(),
  received: z.array(received),
});
export type ConsumerLine = z.infer<typeof consumerLine>;
export const consumerList = z.array(consumerLine);

/** `mingce consumers outdated --json`: who fetched a snapshot of which a newer version stands. */
export const outdatedLine = z.strictObject({
  consumer: z.string(),
  snapshot: z.string(),
  lastAt: moment,
  /** The newest version of the same cut-off, or that corrects it. */
  newer: z.string(),
  newerAt: moment,
  /** Whether it fetched the newer one, and so knows. */
  fetchedNewer: z.boolean(),
});
export type OutdatedLine = z.infer<typeof outdatedLine>;
export const outdatedList = z.array(outdatedLine);
