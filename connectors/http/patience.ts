/**
 * How long to bear with a server: what is a matter of time is tried again with growing pauses, a bounded number of times; what asks
 * for a pause (`Retry-After`) gets it, up to the configured ceiling; what is final is final.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Logger } from 'pino';
import { SourceError } from '../../schemas/source-error.ts';
import type { Fail } from './failures.ts';
import type { Answer } from './http.ts';
import { retryAfterMs } from './retry-after.ts';

const RETRIES = 4;
const FIRST_PAUSE_MS = 500;

export interface Patience {
  log: Logger;
  signal: AbortSignal;
  maxRetryAfterSeconds: number;
  fail: Fail;
}

/**
 * Runs one exchange until `use` accepts its answer. `use` sees answers below 500 other than 429, and may throw a retryable
 * SourceError for one that looks cut off. @throws SourceError `status`, `busy`, and those of `request` and `use`
 */
export async function patiently<T>(
  path: string,
  patience: Patience,
  request: () => Promise<Answer>,
  use: (answer: Answer) => T,
): Promise<T> {
  let asked = 0;
  return await pRetry(
    async () => {
      asked = 0;
      const answer = await request();
      if (answer.status !== 429 && answer.status < 500) return use(answer);
      asked = retryAfterMs(answer.retryAfter, Date.now()) ?? 0;
      if (asked > patience.maxRetryAfterSeconds * 1000) {
        const seconds = Math.ceil(asked / 1000);
        throw patience.fail('busy', { path, seconds, limit: patience.maxRetryAfterSeconds });
      }
      throw patience.fail('status', { path, status: answer.status }, { retryable: true });
    },
    {
      retries: RETRIES,
      minTimeout: FIRST_PAUSE_MS,
      factor: 2,
      signal: patience.signal,
      shouldRetry: ({ error }) => error instanceof SourceError && error.retryable,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        if (!(error instanceof SourceError) || !error.retryable || retriesLeft === 0) return;
        patience.log.warn({ code: error.code, ...error.params, retriesLeft }, 'source: trying again');
        if (asked > 0) await sleep(asked, undefined, { signal: patience.signal });
      },
    },
  );
}
