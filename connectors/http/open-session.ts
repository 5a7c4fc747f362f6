import type { Logger } from 'pino';
import type { Fail } from './failures.ts';
import { createHttp, type HttpLimits } from './http.ts';
import { type Credentials, createSession, type Session } from './session.ts';

export interface ApiOptions extends HttpLimits {
  /** Longest `Retry-After` honoured. */
  maxRetryAfterSeconds: number;
  /** First pause before another try; the next ones double. */
  retryPauseSeconds: number;
  /** Tries of each request after the first; absent: the usual few. */
  retries?: number | undefined;
  /** Absent: `/oauth/token` below the base URL. */
  tokenUrl?: string | undefined;
}

export interface OpenSession extends Session {
  close(): void;
}

/** A session with connections of its own; whoever opens it closes it. The secret goes to the token's address and nowhere else. */
export function openSession(
  options: ApiOptions,
  credentials: Omit<Credentials, 'http' | 'path'>,
  { log, signal }: { log: Logger; signal: AbortSignal },
  fail: Fail,
): OpenSession {
  const token = new URL(options.tokenUrl ?? `${options.url.replace(/\/$/, '')}/oauth/token`);
  const http = createHttp(options, signal, fail);
  const tokens = createHttp({ ...options, url: token.origin }, signal, fail);
  const at = { ...credentials, http: tokens, path: token.pathname + token.search };
  const { maxRetryAfterSeconds, retryPauseSeconds, retries } = options;
  const patience = { log, signal, maxRetryAfterSeconds, retryPauseSeconds, retries, pause: { until: 0 }, fail };
  const session = createSession(http, at, patience, fail);
  return {
    get: session.get,
    close() {
      http.close();
      tokens.close();
    },
  };
}
