/**
 * Nights in which the care system fails in each HTTP way in turn. Every night a person's title changes there. A night that fails leaves the state
 * untouched, says which source failed and ends with status 2; the next night makes up for it, and nobody does anything.
 */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitStatus } from '../../cli/answer-run.ts';
import { taipeiTime } from '../../connectors/taipei-time.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import {
  type CareData,
  type CareRequest,
  type CareServer,
  careCity,
  type Intercept,
  sendJson,
  startCareServer,
} from '../connectors/support/care-server.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const PEOPLE = 6;
const FIRST = Date.parse('2024-08-01T02:00:00+08:00');
const DAY_MS = 86_400_000;
let failing: Intercept = () => false;
let server: CareServer;
let other: CareServer;
let small: SmallInstallation;
let nights = 0;
/** Answers of this night that were not the server's own. */
let struck = 0;

beforeAll(async () => {
  server = await startCareServer(careCity(PEOPLE), (...request) => {
    const taken = failing(...request);
    if (taken) struck += 1;
    return taken;
  });
  other = await startCareServer(careCity(PEOPLE));
  const limits = { requestTimeoutSeconds: 0.2, walkTimeoutSeconds: 20, maxRetryAfterSeconds: 3 };
  small = await openSmallInstallation(1, { sources: [{ ...server.config, ...limits }] });
  expect(await play(() => false)).toMatchObject({ care: { status: 'fresh' }, exit: 0 });
});
afterAll(async () => {
  await small.close();
  await server.close();
  await other.close();
});

const hash = (): Promise<string> => warehouseHash(small.db, makeKeyring(Buffer.alloc(32, 1)));
const shown = async (): Promise<string[]> => {
  const { rows } = await small.db.raw(
    `SELECT p.name || ' ' || v.title AS line FROM warehouse.assignment_version v
     JOIN warehouse.assignment a ON a.id = v.assignment_id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY 1`,
  );
  return rows.map(({ line }: { line: string }) => line);
};
const served = (): string[] => server.data.staff.map(({ name, title }) => `${name} ${title}`).sort();

async function play(how: Intercept) {
  nights += 1;
  const clock = taipeiTime(FIRST + nights * DAY_MS);
  server.data.asOf = clock;
  struck = 0;
  failing = how;
  const result = await small.night(clock);
  failing = () => false;
  return { care: result.sources.find(({ source }) => source === 'care')!, exit: exitStatus([result]), result };
}
/** Somebody becomes 園長, or 教師 again. */
function change(): void {
  const someone = server.data.staff[nights % PEOPLE]!;
  someone.title = someone.title === '教師' ? '園長' : '教師';
  someone.updatedAt = new Date(Date.parse(server.data.asOf) + 12 * 3_600_000).toISOString();
}

const isStaff = ({ path }: CareRequest): boolean => path === '/v1/staff';
type Answerer = (response: ServerResponse, data: CareData, request: CareRequest) => void;

/** Answers in this way whenever staff are asked for. */
const always =
  (answer: Answerer): Intercept =>
  (request, response, data) => {
    if (isStaff(request)) answer(response, data, request);
    return isStaff(request);
  };
/** Answers in this way to the first of them, or the first so many. */
function first(answer: Answerer, times = 1): Intercept {
  let left = times;
  return (request, response, data) => {
    if (!isStaff(request) || left === 0) return false;
    left -= 1;
    answer(response, data, request);
    return true;
  };
}
const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(code, headers).end();
  };
const JSON_TYPE = { 'content-type': 'application/json' };
const text =
  (body: string, headers: Record<string, string> = JSON_TYPE) =>
  (response: ServerResponse) => {
    response.writeHead(200, headers).end(body);
  };
const pageOf = ({ asOf, staff }: CareData): string =>
  JSON.stringify({ asOf, total: staff.length, items: staff, nextCursor: null });
/** A page that does not come whole. */
const cut =
  (headers: Record<string, string>, part: (page: string) => string | Buffer, breaks: boolean) =>
  (response: ServerResponse, data: CareData): void => {
    response.strictContentLength = false;
    response.writeHead(200, { ...JSON_TYPE, ...headers });
    response.write(part(pageOf(data)), () => (breaks ? response.destroy() : response.end()));
  };
const CUTS = {
  'chunked body cut': cut({ 'transfer-encoding': 'chunked' }, (page) => page.slice(0, 80), true),
  'Content-Length too large': cut({ 'content-length': '99999' }, (page) => page, true),
  'Content-Length too small': cut({ 'content-length': '40', connection: 'close' }, (page) => page.slice(0, 40), false),
  'close-delimited body cut': cut({ connection: 'close' }, (page) => page.slice(0, 80), false),
  'gzip cut': cut({ 'content-encoding': 'gzip', connection: 'close' }, (page) => gzipSync(page).subarray(0, 60), false),
};
const drip = (response: ServerResponse): void => {
  response.writeHead(200, JSON_TYPE);
  const timer = setInterval(() => response.write(' '), 40);
  response.on('close', () => clearInterval(timer));
};
const page =
  (changes: (data: CareData, request: CareRequest) => object) =>
  (response: ServerResponse, data: CareData, request: CareRequest): void => {
    const { asOf, staff } = data;
    sendJson(response, { asOf, total: staff.length, items: staff, nextCursor: null, ...changes(data, request) });
  };
const halves = ({ staff }: CareData, { cursor }: CareRequest): object =>
  cursor === null ? { items: staff.slice(0, 3), nextCursor: 'second' } : { items: staff.slice(3), nextCursor: null };
let moments = 0;

describe('a night that gets over it', () => {
  it.each<[string, Intercept]>([
    [
      '401 in the middle of the walk',
      (request, response) => {
        if (!isStaff(request) || request.cursor !== '2' || struck > 0) return false;
        server.revokeTokens();
        sendJson(response, {}, 401);
        return true;
      },
    ],
    ['429 with seconds', first(status(429, { 'retry-after': '1' }))],
    [
      '429 with a date',
      first((response) => status(429, { 'retry-after': new Date(Date.now() + 1200).toUTCString() })(response)),
    ],
    ['429 that means nothing', first(status(429, { 'retry-after': 'soon' }))],
    ['500 for a while', first(status(500), 3)],
    ['a request without an answer', first(() => undefined)],
    ['one byte at a time, once', first(drip)],
    ...Object.entries(CUTS).map(([name, answer]): [string, Intercept] => [name, first(answer)]),
    ['asOf that moves once', first(page(({ asOf }) => ({ asOf: asOf.replace('T02:00', 'T01:59') })))],
    [
      'a page that shifts',
      first(
        page(({ staff }) => ({
          items: staff.slice(0, 3).concat(staff.slice(0, 3)).slice(0, 3),
          nextCursor: '2',
        })),
      ),
    ],
  ])('%s', async (_, how) => {
    change();
    const { care, exit } = await play(how);
    expect(struck).toBeGreaterThan(0);
    expect(care).toMatchObject({ status: 'fresh', read: 3 + PEOPLE, error: null });
    expect(exit).toBe(0);
    expect(await shown()).toEqual(served());
  });
});

describe('a night that fails, and the one after it', () => {
  it.each<[string, Intercept, string]>([
    [
      'wrong credentials',
      ({ path }, response) => {
        if (path === '/oauth/token') sendJson(response, {}, 401);
        return path === '/oauth/token';
      },
      'care-credentials',
    ],
    ['a fresh token refused', always(status(401)), 'care-unauthorised'],
    ['429 for a day', always(status(429, { 'retry-after': '86400' })), 'care-busy'],
    ['429 for an age', always(status(429, { 'retry-after': '9'.repeat(30) })), 'care-busy'],
    ['500 for ever', always(status(500)), 'care-status'],
    ['no answer', always(() => undefined), 'care-timeout'],
    ['one byte at a time', always(drip), 'care-timeout'],
    ['chunked body cut', always(CUTS['chunked body cut']), 'care-unreachable'],
    ['Content-Length too large', always(CUTS['Content-Length too large']), 'care-unreachable'],
    ['Content-Length too small', always(CUTS['Content-Length too small']), 'care-json-broken'],
    ['close-delimited body cut', always(CUTS['close-delimited body cut']), 'care-json-broken'],
    ['gzip cut', always(CUTS['gzip cut']), 'care-json-broken'],
    [
      'gzip bomb',
      always((response) => {
        response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(20 * 2 ** 20, ' ')));
      }),
      'care-response-too-large',
    ],
    ['HTML login page with 200', always(text('<html>登入</html>', { 'content-type': 'text/html' })), 'care-not-json'],
    ['204', always(status(204)), 'care-status'],
    [
      'redirect to another host',
      always((response) => status(302, { location: `${other.config.url}/v1/staff` })(response)),
      'care-redirect',
    ],
    [
      'duplicate JSON keys',
      always((response, data) => text(pageOf(data).replace('{', '{"total":1,'))(response)),
      'care-json-duplicate-key',
    ],
    [
      'number beyond 2^53',
      always((response, data) => text(pageOf(data).replace(/"total":\d+/, '"total":9007199254740993'))(response)),
      'care-json-big-number',
    ],
    [
      'repeated page',
      always(
        page(({ staff }, { cursor }) => ({ items: staff.slice(0, 3), nextCursor: cursor === null ? 'second' : null })),
      ),
      'care-walk-repeated',
    ],
    [
      'cursor cycle',
      always(
        page(({ staff }, { cursor }) => ({
          items: staff.slice(cursor === null ? 0 : 3, cursor === null ? 1 : 4),
          nextCursor: 'same',
        })),
      ),
      'care-walk-cursor',
    ],
    [
      'total that does not add up',
      always(page((data, request) => ({ total: 7, ...halves(data, request) }))),
      'care-walk-total',
    ],
    [
      'asOf that moves',
      always(
        page(({ asOf }) => ({
          asOf: asOf.replace('T02:00:00', `T02:00:${String(1 + (moments++ % 59)).padStart(2, '0')}`),
        })),
      ),
      'care-walk-as-of',
    ],
    ['empty list', always(page(() => ({ total: 0, items: [] }))), 'care-list-empty'],
  ])('%s', async (_, how, code) => {
    change();
    const before = await hash();
    const bad = await play(how);
    expect(struck).toBeGreaterThan(0);
    expect(bad.care).toMatchObject({ status: 'failed', read: 0, error: { code } });
    expect(bad.result.status).toBe('complete');
    expect(bad.exit).toBe(2);
    expect(await hash()).toBe(before);
    const good = await play(() => false);
    expect(good.care).toMatchObject({ status: 'fresh', read: 3 + PEOPLE, accepted: 1, missing: 0 });
    expect(good.exit).toBe(0);
    expect(await hash()).not.toBe(before);
    expect(await shown()).toEqual(served());
    expect(other.requests).toEqual([]);
  });
});
