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

export interface Patience {
  log: Logger;
  signal: AbortSignal;
  maxRetryAfterSeconds: number;
  /** First pause before another try; the next ones double. */
  retryPauseSeconds: number;
  /** Tries after the first; absent: the usual few. */
  retries?: number | undefined;
  /** Shared by all requests of a walk: a server that asks one of them to wait is not asked by another meanwhile. ms of `Date.now()` */
  pause: { until: number };
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
  const { pause, signal } = patience;
  return await pRetry(
    async () => {
      for (let left = pause.until - Date.now(); left > 0; left = pause.until - Date.now()) {
        await sleep(left, undefined, { signal });
      }
      const answer = await request();
      if (answer.status !== 429 && answer.status < 500) return use(answer);
      const asked = retryAfterMs(answer.retryAfter, Date.now()) ?? 0;
      if (asked > patience.maxRetryAfterSeconds * 1000) {
        const seconds = Math.ceil(asked / 1000);
        throw patience.fail('busy', { path, seconds, limit: patience.maxRetryAfterSeconds });
      }
      pause.until = Math.max(pause.until, Date.now() + asked);
      throw patience.fail('status', { path, status: answer.status }, { retryable: true });
    },
    {
      retries: patience.retries ?? RETRIES,
      minTimeout: patience.retryPauseSeconds * 1000,
      factor: 2,
      signal,
      shouldRetry: ({ error }) => error instanceof SourceError && error.retryable,
      onFailedAttempt: ({ error, retriesLeft }) => {
        if (!(error instanceof SourceError) || !error.retryable || retriesLeft === 0) return;
        patience.log.warn({ code: error.code, ...error.params, retriesLeft }, 'source: trying again');
      },
    },
  );
}
