import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StandIn, startStandIn } from '../../samples/care-system/server.ts';
import { nightTruth } from '../../samples/truth/night-truth.ts';
import { openChronicle } from '../../samples/world/chronicle.ts';
import { REHEARSAL_CLOCKS } from '../../samples/world/clocks.ts';
import { INSTITUTION_PAGE, STAFF_PAGE } from './support/care-schemas.ts';

interface Page {
  asOf: string;
  total: number;
  items: { staffId?: string; sid?: string; updatedAt: string }[];
  nextCursor: string | null;
}

const CLOCK = '2024-08-01T02:00:00+08:00';
const chronicle = openChronicle(113);
const time = { now: 0 };
let standIn: StandIn;
let limited: StandIn;

const options = { chronicle, clientId: 'mingce', secret: 'not-a-secret', port: 0, clock: CLOCK };
beforeAll(async () => {
  standIn = await startStandIn({ ...options, tokenSeconds: 60, now: () => time.now });
  limited = await startStandIn({ ...options, rateLimit: { every: 7, retryAfterSeconds: 0 } });
});
afterAll(async () => {
  await standIn.close();
  await limited.close();
});

const form = (secret = 'not-a-secret', grant = 'client_credentials'): URLSearchParams =>
  new URLSearchParams({ grant_type: grant, client_id: 'mingce', client_secret: secret });

async function tokenOf(base: string): Promise<string> {
  const answer = await fetch(`${base}/oauth/token`, { method: 'POST', body: form() });
  const body = (await answer.json()) as { access_token: string; token_type: string; expires_in: number };
  expect(body.token_type).toBe('Bearer');
  return body.access_token;
}

const get = async (url: string, token?: string): Promise<Response> =>
  fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

async function walk(base: string, list: string, query = ''): Promise<Page[]> {
  const token = await tokenOf(base);
  const pages: Page[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await get(`${base}/v1/${list}?limit=900${query}${at}`, token);
    if (answer.status === 429) continue;
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as Page;
    pages.push(page);
    cursor = page.nextCursor;
  }
  return pages;
}

test('every page of a walk obeys the contract, says one moment and one total, and the items add up to it', async () => {
  const ajv = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const schemas = { institutions: ajv.compile(INSTITUTION_PAGE), staff: ajv.compile(STAFF_PAGE) };
  for (const clock of REHEARSAL_CLOCKS) {
    const { read } = nightTruth(chronicle, clock);
    for (const list of ['institutions', 'staff'] as const) {
      const pages = await walk(standIn.urlAt(clock), list);
      for (const page of pages) expect(schemas[list](page), JSON.stringify(schemas[list].errors)).toBe(true);
      expect(new Set(pages.map((page) => `${page.asOf} ${page.total}`))).toEqual(new Set([`${clock} ${read[list]}`]));
      const ids = pages.flatMap((page) => page.items.map((item) => item.staffId ?? item.sid));
      expect(new Set(ids).size).toBe(read[list]);
      expect(ids).toHaveLength(read[list]);
    }
  }
});

test('the stand-in counts what it served', async () => {
  const before = standIn.walks().length;
  await walk(standIn.urlAt(CLOCK), 'staff');
  const { total, ...counted } = standIn.walks()[before] ?? { total: 0 };
  expect(counted).toMatchObject({ list: 'staff', served: total, finished: true, asOf: CLOCK });
});

test('without a moment in the address it speaks for its own clock', async () => {
  const [page] = await walk(standIn.url, 'institutions');
  expect(page?.asOf).toBe(CLOCK);
});

test('wrong credentials and a wrong grant get no token', async () => {
  const wrong = await fetch(`${standIn.url}/oauth/token`, { method: 'POST', body: form('guess') });
  expect(wrong.status).toBe(401);
  const grant = await fetch(`${standIn.url}/oauth/token`, { method: 'POST', body: form('not-a-secret', 'password') });
  expect(grant.status).toBe(400);
});

test('a request without a token, with an invented one or with an expired one is refused', async () => {
  const url = `${standIn.url}/v1/staff`;
  expect((await get(url)).status).toBe(401);
  expect((await get(url, '99999999999999.invented')).status).toBe(401);
  time.now = 0;
  const token = await tokenOf(standIn.url);
  expect((await get(url, token)).status).toBe(200);
  time.now = 61_000;
  expect((await get(url, token)).status).toBe(401);
  time.now = 0;
});

test.each([
  'limit=0',
  'limit=5001',
  'limit=ten',
  'cursor=invented',
  'changedSince=yesterday',
])('%s is refused', async (query) => {
  const token = await tokenOf(standIn.url);
  expect((await get(`${standIn.url}/v1/staff?${query}`, token)).status).toBe(400);
});

test('a cursor of one walk is refused in another', async () => {
  const token = await tokenOf(standIn.url);
  const first = (await (await get(`${standIn.url}/v1/staff?limit=5`, token)).json()) as Page;
  const other = standIn.urlAt('2024-08-02T02:00:00+08:00');
  const answer = await get(`${other}/v1/staff?cursor=${encodeURIComponent(first.nextCursor ?? '')}`, token);
  expect(answer.status).toBe(400);
});

test('a delta holds what changed since, and nothing older', async () => {
  const since = '2024-07-30T02:00:00+08:00';
  const pages = await walk(
    standIn.urlAt('2024-07-31T02:00:00+08:00'),
    'staff',
    `&changedSince=${encodeURIComponent(since)}`,
  );
  const items = pages.flatMap((page) => page.items);
  expect(items.length).toBeGreaterThan(20);
  expect(items.length).toBeLessThan(100);
  expect(items).toHaveLength(pages[0]?.total ?? 0);
  for (const item of items) expect(Date.parse(item.updatedAt)).toBeGreaterThanOrEqual(Date.parse(since));
});

test('when told to, each seventh request is answered 429 once and a walk still adds up', async () => {
  const token = await tokenOf(limited.url);
  const answers: number[] = [];
  for (let i = 0; i < 14; i++) {
    const answer = await get(`${limited.url}/v1/institutions?limit=1`, token);
    answers.push(answer.status);
    if (answer.status === 429) expect(answer.headers.get('retry-after')).toBe('0');
  }
  expect(answers.filter((status) => status === 429)).toHaveLength(2);
  const pages = await walk(limited.url, 'staff');
  expect(pages.flatMap((page) => page.items)).toHaveLength(pages[0]?.total ?? 0);
});
