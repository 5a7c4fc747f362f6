import type { Logger } from 'pino';
import type { Fail } from './failures.ts';
import { createHttp } from './http.ts';
import { jsonBody } from './json-body.ts';
import type { ApiOptions, OpenSession } from './open-session.ts';
import { patiently } from './patience.ts';

export interface ApiKey {
  /** Of the request, in small letters: `x-api-key`, `authorization`. */
  header: string;
  /** The whole value of the header: `Bearer …` where the server wants that word. */
  value: string;
  /** What operators know the key by, for errors: the variable that holds it. */
  name: string;
}

/**
 * A session with an API key in a header of every request: nothing to fetch before, nothing to renew. It bears with a server like one with tokens
 * (`open-session.ts`); whoever opens it closes it. @throws SourceError `credentials` for 401 and 403, which are final
 */
export function openKeySession(
  options: Omit<ApiOptions, 'tokenUrl'>,
  { header, value, name }: ApiKey,
  { log, signal: run }: { log: Logger; signal: AbortSignal },
  fail: Fail,
): OpenSession {
  const http = createHttp(options, run, fail);
  const { maxRetryAfterSeconds, retryPauseSeconds } = options;
  const patience = { log, signal: run, maxRetryAfterSeconds, retryPauseSeconds, pause: { until: 0 }, fail };
  const headers = { [header]: value };
  return {
    get: (path, params, use, signal = run) =>
      patiently(
        path,
        { ...patience, signal: AbortSignal.any([run, signal]) },
        () => http.request(path, { method: 'GET', params, headers, signal }),
        (answer) => {
          const { status } = answer;
          if (status === 401 || status === 403) throw fail('credentials', { status, clientId: name });
          return use(jsonBody(answer, path, fail), answer);
        },
      ),
    close: () => http.close(),
  };
}
