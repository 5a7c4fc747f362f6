/** Consumers: the planning systems that fetch snapshots. Machines, not people: they hold tokens, and decide nothing. */
import { z } from 'zod';
import type { PlanKind } from './campaign.ts';
import { message } from './messages/catalogue.ts';
import { sensitiveIn } from './sensitive-text.ts';
import { WrongRequestError } from './wrong-request.ts';

export const consumerName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{1,39}$/,
    'expected a name of small Latin letters, digits and hyphens, such as planning-teacher',
  )
  .refine((name) => sensitiveIn(name) === null, 'expected a name without a personal identifier');

/** A consumer that showed a token which counts. */
export interface Consumer {
  name: string;
  token: number;
  /** Snapshots that the token opens. */
  kinds: readonly PlanKind[];
}

/** Days for which a token may count at most: somebody looks again at least so often. */
export const MOST_TOKEN_DAYS = 732;

/** What was asked for of a token or a consumer cannot be. `code` is an entry of the message catalogue. */
export class ConsumerRequestError extends WrongRequestError {
  override readonly name = 'ConsumerRequestError';
  readonly code: string;

  constructor(code: string, params: Record<string, string | number> = {}) {
    super(`${message(code, params, 'zh')}\n${message(code, params, 'en')}`);
    this.code = code;
  }
}
