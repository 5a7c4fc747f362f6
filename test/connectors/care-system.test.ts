/** Long because it is one server and one contract, told through every way it can fail. */
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openConnector } from '../../connectors/registry.ts';
import {
  type CareData,
  type CareServer,
  careData,
  type Intercept,
  sendJson,
  startCareServer,
} from './support/care-server.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, type HandedOver, handOver, keep, readAll, sourceError, stored } from './support/handover.ts';

const PART = { source: 'care', drop: 'care', files: [] };
const servers: CareServer[] = [];

afterAll(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(intercept?: Intercept, data: CareData = careData()): Promise<CareServer> {
  const server = await startCareServer(data, intercept);
  servers.push(server);
  return server;
}

const open = (server: CareServer, changes: Partial<CareServer['config']> = {}, secret = 'right') =>
  openConnector({ ...server.config, ...changes }, environmentAt('/', secret));

const take = async (server: CareServer, changes: Partial<CareServer['config']> = {}): Promise<HandedOver> =>
  (await handOver(open(server, changes), PART))[0]!;

const failure = (server: CareServer, changes: Partial<CareServer['config']> = {}) => sourceError(take(server, changes));

const isStaff = (path: string): boolean => path === '/v1/staff';

describe('a walk that goes well', () => {
  it('hands over every page as received and every item once, institutions first', async () => {
    const server = await serve();
    const { delivery, rows, notes } = await take(server);
    expect(delivery.objects.map((o) => o.name)).toEqual([
      'walk 1, institutions page 1',
      'walk 1, institutions page 2',
      'walk 1, staff page 1',
      'walk 1, staff page 2',
      'walk 1, staff page 3',
    ]);
    expect(delivery).toMatchObject({ complete: true, asOf: '2024-08-01T02:00:00+08:00', source: 'care' });
    expect(rows.map((row) => row.kind)).toEqual([...Array(3).fill('institution'), ...Array(5).fill('staff')]);
    expect(rows.map((row) => row.origin)).toContainEqual({ object: 4, row: 1 });
    expect(notes).toMatchObject({ asOf: delivery.asOf, pages: 5, pagesOfBrokenWalks: 0, institutions: 3, staff: 5 });
    expect(server.tokensGiven).toBe(1);
  });

  it('maps wire fields to canonical columns as text', async () => {
    const { rows } = await take(await serve());
    expect(rows[0]!.values).toEqual({
      section: '幼兒園',
      code: '0942800020',
      name: '臺中市私立第一幼兒園',
      ownership: '私立',
      legalClass: '',
      parentSchoolCode: '',
      quasiPublic: 'true',
      district: '大雅區',
      address: '臺中市大雅區中清路3段1號',
      phone: '(04)25660000',
      principal: '林園長',
      status: '營業中',
      review: '核定',
      registeredAt: '2024-07-01T09:00:00+08:00',
    });
    expect(rows[3]!.values).toMatchObject({
      endReason: '轉園',
      endOn: '113/07/31',
      birthDate: '78/04/01',
      phone: '0912345678',
    });
    expect(rows[4]!.values).toMatchObject({ review: '異動待審', reviewing: '新進', institutionCode: '0942800020' });
  });

  it('notes every field with its types, and says of a row that it has one that the contract does not have', async () => {
    const data = careData();
    data.staff[2]!.weight = 60;
    const { rows, notes } = await take(await serve(undefined, data));
    expect(notes.fields).toContainEqual({ name: 'staff.weight', column: null, types: ['number'], kind: 'staff' });
    expect(notes.fields).toContainEqual({
      name: 'institutions.quasiPublic',
      column: 'quasiPublic',
      types: ['boolean'],
      kind: 'institution',
    });
    expect(notes.fields).toContainEqual({
      name: 'institutions.legalClass',
      column: 'legalClass',
      types: ['null'],
      kind: 'institution',
    });
    expect(rows.every((row) => row.issues === undefined)).toBe(true);
    expect(rows.flatMap((row) => row.drift ?? [])).toEqual([
      { kind: 'unknown-column', field: 'staff.weight', column: null },
    ]);
  });

  it('says of a value of another type than agreed what was agreed and what came, and keeps its text', async () => {
    const data = careData();
    data.staff[2]!.birthDate = 780401;
    const { rows } = await take(await serve(undefined, data));
    const [row] = rows.filter(({ drift }) => drift);
    expect([row?.values.staffId, row?.values.birthDate, row?.issues]).toEqual(['S2', '780401', undefined]);
    expect(row?.drift).toEqual([
      { kind: 'wrong-type', field: 'staff.birthDate', column: 'birthDate', expected: 'string', found: 'number' },
    ]);
  });

  it('makes a broken item a row with issues that still tells whose it is', async () => {
    const data = careData();
    data.staff[2]!.title = null;
    data.staff[3]!.name = 'half \ud800 name';
    delete data.staff[4]!.title;
    const { rows } = await take(await serve(undefined, data));
    const broken = rows.filter((row) => row.issues);
    expect(broken.map((row) => row.values.staffId)).toEqual(['S2', 'S3', 'S4']);
    expect(broken.map((row) => row.issues![0]!.code)).toEqual([
      'raw-field-shape',
      'raw-text-broken',
      'raw-field-shape',
    ]);
    expect(broken[0]!.issues![0]).toMatchObject({ column: 'title', value: null });
  });
});

describe('authentication', () => {
  it('takes one new token when the old one stops counting in the middle of the walk', async () => {
    const server = await serve(({ path, cursor }) => {
      if (isStaff(path) && cursor === '2' && server.tokensGiven === 1) server.revokeTokens();
      return false;
    });
    expect((await take(server)).rows).toHaveLength(8);
    expect(server.tokensGiven).toBe(2);
  });

  it('ends when a fresh token is refused too', async () => {
    const server = await serve(({ path }, response) => {
      if (isStaff(path)) sendJson(response, {}, 401);
      return isStaff(path);
    });
    expect(await failure(server)).toMatchObject({ code: 'care-unauthorised', retryable: false });
    expect(server.requests.filter(({ path }) => isStaff(path))).toHaveLength(2);
  });

  it('ends at once with wrong credentials and does not name the secret', async () => {
    const server = await serve();
    const error = await sourceError(handOver(open(server, {}, 'wrong-secret'), PART));
    expect(error).toMatchObject({ code: 'care-credentials', params: { status: 401, clientId: 'mingce' } });
    expect(JSON.stringify([error, error.stack])).not.toContain('wrong-secret');
    expect(server.requests).toHaveLength(1);
  });
});

// Side by side: these tests wait for pauses that a server asks for.
describe.concurrent('a server that has a bad moment', () => {
  const onceFor = (answer: Parameters<Intercept>[1] extends infer R ? (response: R) => void : never): Intercept => {
    let done = false;
    return ({ path }, response) => {
      if (!isStaff(path) || done) return false;
      done = true;
      answer(response);
      return true;
    };
  };

  it.each([
    ['seconds', () => '1'],
    ['an HTTP date', () => new Date(Date.now() + 1500).toUTCString()],
  ])('waits as long as Retry-After asks in %s', async (_, header) => {
    const server = await serve(onceFor((response) => response.writeHead(429, { 'retry-after': header() }).end()));
    const start = Date.now();
    expect((await take(server)).rows).toHaveLength(8);
    expect(Date.now() - start).toBeGreaterThan(500);
  });

  it('tries again after a nonsense Retry-After', async () => {
    const server = await serve(onceFor((response) => response.writeHead(429, { 'retry-after': '-9 moons' }).end()));
    expect((await take(server)).rows).toHaveLength(8);
  });

  it.each([
    ['a day', '86400', 86400],
    ['more seconds than a number holds exactly', '9'.repeat(400), 9_007_199_254_741],
    ['a date in another age', 'Fri, 01 Jan 2999 00:00:00 GMT', expect.any(Number)],
  ])('ends when Retry-After asks for %s', async (_, header, seconds) => {
    const server = await serve(onceFor((response) => response.writeHead(429, { 'retry-after': header }).end()));
    expect(await failure(server)).toMatchObject({ code: 'care-busy', params: { seconds, limit: 5 } });
    expect(server.requests.filter(({ path }) => isStaff(path))).toHaveLength(1);
  });

  it('goes on after a few answers of 500', async () => {
    let failures = 0;
    const server = await serve(({ path }, response) => {
      if (!isStaff(path) || failures >= 2) return false;
      failures++;
      sendJson(response, {}, 500);
      return true;
    });
    expect((await take(server)).rows).toHaveLength(8);
  });

  it('ends when 500 stays, after a bounded number of tries', async () => {
    const server = await serve(({ path }, response) => {
      if (isStaff(path)) sendJson(response, {}, 500);
      return isStaff(path);
    });
    expect(await failure(server)).toMatchObject({ code: 'care-status', params: { status: 500, path: '/v1/staff' } });
    expect(server.requests.filter(({ path }) => isStaff(path))).toHaveLength(5);
  });

  it.each([
    [
      'a chunked body that is cut',
      (body: string) => ({ headers: { 'transfer-encoding': 'chunked' }, sent: body.slice(0, 80), cut: true }),
    ],
    [
      'a Content-Length too large',
      (body: string) => ({ headers: { 'content-length': '99999' }, sent: body, cut: true }),
    ],
    [
      'a Content-Length too small',
      (body: string) => ({
        headers: { 'content-length': '40', connection: 'close' },
        sent: body.slice(0, 40),
        cut: false,
      }),
    ],
    [
      'a close-delimited body that is cut',
      (body: string) => ({ headers: { connection: 'close' }, sent: body.slice(0, 80), cut: false }),
    ],
    [
      'a truncated gzip',
      (body: string) => ({
        headers: { 'content-encoding': 'gzip', connection: 'close' },
        sent: gzipSync(body).subarray(0, 60),
        cut: false,
      }),
    ],
  ])('asks again for %s', async (_, make) => {
    const page = JSON.stringify({ asOf: careData().asOf, total: 5, items: careData().staff, nextCursor: null });
    const server = await serve(
      onceFor((response) => {
        const { headers, sent, cut } = make(page);
        response.strictContentLength = false;
        response.writeHead(200, { 'content-type': 'application/json', ...headers });
        response.write(sent, () => (cut ? response.destroy() : response.end()));
      }),
    );
    expect((await take(server)).rows).toHaveLength(8);
  });

  it('gives up a request that drips one byte at a time, at its deadline', async () => {
    const server = await serve(({ path }, response) => {
      if (!isStaff(path)) return false;
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
      return true;
    });
    const error = await failure(server, { requestTimeoutSeconds: 0.3, walkTimeoutSeconds: 1 });
    expect(error).toMatchObject({ code: 'care-walk-timeout', params: { seconds: 1 } });
  });

  it('names a request that takes too long every time', async () => {
    const server = await serve(({ path }) => isStaff(path));
    expect(await failure(server, { requestTimeoutSeconds: 0.1 })).toMatchObject({
      code: 'care-timeout',
      retryable: true,
    });
  });

  it('names an address where nobody listens', async () => {
    const server = await serve();
    await server.close();
    expect(await failure(server)).toMatchObject({
      code: 'care-unreachable',
      params: { reason: 'ECONNREFUSED' },
      retryable: true,
    });
  });

  it('stops at once when the run is stopped', async () => {
    const stop = new AbortController();
    const server = await serve(({ path }, response) => {
      if (!isStaff(path)) return false;
      response.writeHead(429, { 'retry-after': '4' }).end();
      stop.abort(new Error('run stopped'));
      return true;
    });
    const start = Date.now();
    await expect(keep(open(server), PART, contextAt(undefined, stop.signal))).rejects.toThrow('run stopped');
    expect(Date.now() - start).toBeLessThan(2000);
  });
});

describe('a walk that does not hold together', () => {
  it('is walked again when the picture moves on, and only the last walk is read', async () => {
    const server = await serve(({ path, cursor, before }, _response, data) => {
      if (isStaff(path) && cursor === '2' && before < 6) {
        data.asOf = '2024-08-01T02:05:00+08:00';
        data.staff.shift();
      }
      return false;
    });
    const { delivery, rows, notes } = await take(server);
    expect(delivery.asOf).toBe('2024-08-01T02:05:00+08:00');
    expect(rows.filter((row) => row.kind === 'staff').map((row) => row.values.staffId)).toEqual([
      'S1',
      'S2',
      'S3',
      'S4',
    ]);
    expect(notes).toMatchObject({ pagesOfBrokenWalks: 3, staff: 4 });
  });

  it('ends the source when the picture moves on every time', async () => {
    const server = await serve(({ path }, _response, data) => {
      if (isStaff(path))
        data.asOf = data.asOf.replace(/:(\d\d)\+/, (_, s) => `:${String((Number(s) + 1) % 60).padStart(2, '0')}+`);
      return false;
    });
    expect(await failure(server)).toMatchObject({ code: 'care-walk-as-of' });
  });

  const page = (changes: object): Intercept => {
    return ({ path, cursor }, response) => {
      if (!isStaff(path)) return false;
      const { asOf, staff } = careData();
      const items = cursor === null ? staff.slice(0, 3) : staff.slice(3);
      sendJson(response, { asOf, total: 5, items, nextCursor: cursor === null ? 'next' : null, ...changes });
      return true;
    };
  };

  it.each([
    ['a total that is never reached', { total: 9 }, 'care-walk-total'],
    ['more items than the total', { total: 4 }, 'care-walk-total'],
    ['a cursor that comes again', { nextCursor: 'same', items: careData().staff.slice(0, 1) }, 'care-walk-cursor'],
    ['an empty page before the end', { nextCursor: 'on', items: [] }, 'care-walk-empty-page'],
    ['a page that comes again', { total: 6, items: careData().staff.slice(0, 3) }, 'care-walk-repeated'],
  ])('refuses %s', async (_, changes, code) => {
    expect(await failure(await serve(page(changes)))).toMatchObject({ code });
  });

  it('refuses pages that come again in turns under ever new cursors, though their items add up', async () => {
    const turns: Record<string, [number, string | null]> = { '': [0, 'b'], b: [2, 'c'], c: [0, 'd'], d: [2, null] };
    const server = await serve(({ path, cursor }, response, { asOf, staff }) => {
      if (!isStaff(path)) return false;
      const [from, nextCursor] = turns[cursor ?? '']!;
      sendJson(response, { asOf, total: 8, items: staff.slice(from, from + 2), nextCursor });
      return true;
    });
    expect(await failure(server)).toMatchObject({ code: 'care-walk-repeated' });
  });

  const staffAsOf = (moment: string): Promise<CareServer> =>
    serve(({ path }, response, { staff, asOf }) => {
      expect(asOf).toBe('2024-08-01T02:00:00+08:00');
      if (!isStaff(path)) return false;
      sendJson(response, { asOf: moment, total: 5, items: staff, nextCursor: null });
      return true;
    });

  it.each([
    '2024-07-31T18:00:00Z',
    '2024-08-01T02:00:00.000+08:00',
  ])('takes %s for the same moment as the other list’s, written otherwise', async (moment) => {
    expect((await take(await staffAsOf(moment))).notes).toMatchObject({ pagesOfBrokenWalks: 0, staff: 5 });
  });

  it.each(['2024-08-01T02:00:00Z', '2024-08-01T02:00:00.0001+08:00'])('does not take %s for it', async (moment) => {
    expect(await failure(await staffAsOf(moment))).toMatchObject({ code: 'care-walk-as-of' });
  });

  it('refuses one record on two pages that are no neighbours, though its items add up', async () => {
    const server = await serve(({ path, cursor }, response, { asOf, staff }) => {
      if (!isStaff(path)) return false;
      const page = Number(cursor ?? 0);
      const items = page === 2 ? [staff[0]] : staff.slice(2 * page, 2 * page + 2);
      sendJson(response, { asOf, total: 5, items, nextCursor: page === 2 ? null : String(page + 1) });
      return true;
    });
    expect(await failure(server)).toMatchObject({ code: 'care-walk-repeated' });
  });

  it.each([
    [
      'a record was put before it',
      (staff: CareData['staff']) => staff.unshift({ ...staff[0], staffId: 'new' }) && staff.pop(),
    ],
    ['a record before it went', (staff: CareData['staff']) => staff.shift()],
  ])('is walked again when a page shifts under one asOf because %s', async (_, shift) => {
    let shifted = false;
    const server = await serve(({ path, cursor }, _response, { staff }) => {
      if (!shifted && isStaff(path) && cursor === '2') {
        shift(staff);
        shifted = true;
      }
      return false;
    });
    const { rows, notes } = await take(server);
    const ids = rows.filter((row) => row.kind === 'staff').map((row) => row.values.staffId);
    expect(notes.pagesOfBrokenWalks).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(notes.staff);
  });

  it('refuses a total that changes on the way, even if the items add up to the last one', async () => {
    const server = await serve(({ path, cursor }, response) => {
      if (!isStaff(path)) return false;
      const { asOf, staff } = careData();
      const first = { asOf, total: 9, items: staff.slice(0, 3), nextCursor: 'next' };
      sendJson(response, cursor === null ? first : { asOf, total: 5, items: staff.slice(3), nextCursor: null });
      return true;
    });
    expect(await failure(server)).toMatchObject({ code: 'care-walk-total' });
  });

  it('takes an empty list for an outage', async () => {
    expect(await failure(await serve(undefined, { ...careData(), staff: [] }))).toMatchObject({
      code: 'care-list-empty',
    });
  });

  it('is refused once more when stored pages are read without one of them', async () => {
    const server = await serve();
    const connector = open(server);
    const [delivery] = await keep(connector, PART, contextAt());
    const shorter = { ...delivery!, objects: delivery!.objects.slice(0, -1) };
    expect(await sourceError(readAll(connector, shorter))).toMatchObject({ code: 'care-walk-unfinished' });
  });
});

describe.concurrent('answers that are refused', () => {
  const answer = (send: Parameters<typeof serve>[0]) =>
    serve((request, ...rest) => isStaff(request.path) && send!(request, ...rest));
  const text = (type: string, body: string): Intercept => {
    return (_request, response) => {
      response.writeHead(200, { 'content-type': type }).end(body);
      return true;
    };
  };
  const bare = (status: number): Intercept => {
    return (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
  };
  const json = (body: string): Intercept => text('application/json', body);

  it.each([
    ['a login page with status 200', text('text/html; charset=utf-8', '<html>登入</html>'), 'care-not-json'],
    ['an answer without a body', bare(204), 'care-status'],
    [
      'a duplicate key',
      json('{"asOf":"2024-08-01T02:00:00+08:00","total":1,"total":5,"items":[],"nextCursor":null}'),
      'care-json-duplicate-key',
    ],
    [
      'a number beyond 2^53',
      json('{"asOf":"2024-08-01T02:00:00+08:00","total":9007199254740993,"items":[],"nextCursor":null}'),
      'care-json-big-number',
    ],
    ['a page without asOf', json('{"total":5,"items":[],"nextCursor":null}'), 'care-page-shape'],
    [
      'items that are no list',
      json('{"asOf":"2024-08-01T02:00:00+08:00","total":5,"items":{},"nextCursor":null}'),
      'care-page-shape',
    ],
    ['404', bare(404), 'care-status'],
  ] as [string, Intercept, string][])('%s', async (_, intercept, code) => {
    const server = await answer(intercept);
    expect(await failure(server)).toMatchObject({ code, retryable: false });
    expect(server.requests.filter(({ path }) => isStaff(path))).toHaveLength(1);
  });

  it('broken JSON, after asking again, without quoting it', async () => {
    const server = await answer(json('{"asOf":"2024-08-01T02:00:00+08:00","items":[{"name":"王小明"'));
    const error = await failure(server);
    expect(error).toMatchObject({ code: 'care-json-broken' });
    expect(String(error.stack) + String(error.cause)).not.toContain('王小明');
  });

  it('a redirect: no request, and so no credential, goes to the other host', async () => {
    const other = await serve();
    const server = await answer((_, response) => {
      response.writeHead(302, { location: `${other.config.url}/v1/staff` }).end();
      return true;
    });
    expect(await failure(server)).toMatchObject({ code: 'care-redirect', params: { status: 302 } });
    expect(other.requests).toHaveLength(0);
  });

  it('an answer that unfolds beyond the cap', async () => {
    const server = await answer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(Buffer.alloc(20 * 1024 * 1024, ' ')));
      return true;
    });
    expect(await failure(server)).toMatchObject({ code: 'care-response-too-large' });
  });

  it('an object that is not a page of this feed', async () => {
    const connector = open(await serve());
    const delivery = {
      objects: [stored('x.json', Buffer.from('{}'))],
      complete: true,
      asOf: '2024-08-01T02:00:00+08:00',
      source: 'care',
    };
    expect(await sourceError(readAll(connector, delivery))).toMatchObject({ code: 'care-page-shape' });
  });
});
