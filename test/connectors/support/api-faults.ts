/** Ways in which any API fails, for those whose answers are taken with the shared session. */
import { gzipSync } from 'node:zlib';
import type { ApiIntercept, ApiServer } from './api-server.ts';
import { sendJson } from './care-server.ts';

const bare =
  (status: number, headers: Record<string, string> = {}): ApiIntercept =>
  (_request, response) => {
    response.writeHead(status, headers).end();
    return true;
  };
const text =
  (type: string, body: string | Buffer, headers: Record<string, string> = {}): ApiIntercept =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    return true;
  };

/** None says anything of the format behind it. */
const FAULTS = {
  'a login page with status 200': {
    code: 'api-not-json',
    answer: text('text/html; charset=utf-8', '<html>登入</html>'),
  },
  'no content': { code: 'api-status', answer: bare(204) },
  'a redirect to another host': { code: 'api-redirect', answer: bare(302, { location: 'http://elsewhere.example/' }) },
  'an address that is not there': { code: 'api-status', answer: bare(404) },
  'no right to the data': { code: 'api-status', answer: bare(403) },
  'a duplicate key': { code: 'api-json-duplicate-key', answer: text('application/json', '{"a":1,"a":2}') },
  'a number beyond 2^53': { code: 'api-json-big-number', answer: text('application/json', '{"a":9007199254740993}') },
  'an answer of another shape': { code: 'api-shape', answer: text('application/json', '[1]') },
  'a gzip bomb': {
    code: 'api-response-too-large',
    answer: text('application/json', gzipSync(Buffer.alloc(20 * 1024 * 1024, ' ')), { 'content-encoding': 'gzip' }),
  },
  'a wait over the ceiling': { code: 'api-busy', answer: bare(429, { 'retry-after': '86400' }) },
  'a fresh token that is refused': { code: 'api-unauthorised', answer: bare(401) },
} as const;

const NOBODY = 'nobody listens';

export const API_FAULTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(FAULTS).map(([fault, { code }]) => [fault, code])),
  [NOBODY]: 'api-unreachable',
};

/** From now on every answer but tokens is of that kind. @returns false for a fault that is not of this list */
export async function failApiServer(server: ApiServer, fault: string): Promise<boolean> {
  if (fault === NOBODY) {
    await server.close();
    return true;
  }
  const found = FAULTS[fault as keyof typeof FAULTS] as { answer: ApiIntercept } | undefined;
  if (!found) return false;
  server.intercept = (request, response) =>
    !request.url.pathname.endsWith('/oauth/token') && found.answer(request, response);
  return true;
}

/** The next request for data is answered with 500, and those after it as ever. */
export function failOnce(server: ApiServer): void {
  server.intercept = (request, response) => {
    if (request.url.pathname.endsWith('/oauth/token')) return false;
    server.intercept = () => false;
    return bare(500)(request, response);
  };
}

/** Sends an answer once, the first time that `path` is asked for. */
export function interceptOnce(server: ApiServer, path: string, answer: ApiIntercept): void {
  let done = false;
  server.intercept = (request, response) => {
    if (done || !request.url.pathname.endsWith(path)) return false;
    done = true;
    return answer(request, response);
  };
}

export const json =
  (value: unknown): ApiIntercept =>
  (_request, response) => {
    sendJson(response, value);
    return true;
  };
