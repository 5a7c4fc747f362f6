/** Who may see what over the API, and what is said to whoever may not. */
import { beforeEach, expect, it } from 'vitest';
import { revokeToken } from '../../../warehouse/api-tokens.ts';
import { asks, OPS } from '../../support/users.ts';
import { consumerWorld, NOW, SCHOOLS, TEACHERS } from './consumer-world.ts';

const own = consumerWorld(3);
const CONTACTS = { phone: '07-7258600', email: 'inservice@mail.nknu.edu.tw' };
beforeEach(() => {
  own.at = NOW;
});

/** What one sees of an answer, but for the moment and what is left of the minute. */
async function seen(url: string, token: string | null, headers: Record<string, string> = {}) {
  const answer = await own.get(url, { token, headers });
  const { date: _, 'x-ratelimit-remaining': __, 'x-ratelimit-reset': ___, ...rest } = answer.headers;
  return { status: answer.statusCode, headers: rest, body: answer.body };
}
const ADDRESSES = [
  'snapshots',
  'snapshots/latest?campaign=113&kind=teacher-plan',
  `snapshots/${TEACHERS}`,
  `snapshots/${TEACHERS}/manifest`,
  `snapshots/${TEACHERS}/files/teacher-plan.csv`,
  'snapshots/113-teacher-plan-v9',
  'snapshots/nothing',
  'nowhere',
];

it('without a token everything is one answer, whatever there is', async () => {
  const answers = await Promise.all(ADDRESSES.map((url) => seen(url, null)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]?.status).toBe(401);
  expect(answers[0]?.headers['www-authenticate']).toBe('Bearer realm="mingce"');
  expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({
    type: 'urn:problem-type:mingce:api-token-needed',
    title: '須以存取權杖取用。',
    titleEn: 'It takes a token.',
    contacts: CONTACTS,
  });
});

it('a token that is wrong, expired or revoked is one answer', async () => {
  const expired = await own.token('late', ['teacher-plan'], '2024-08-02');
  const revoked = await own.token('out', ['teacher-plan']);
  await revokeToken(own.world.db, { id: revoked.id, reason: '外洩' }, asks(OPS, NOW));
  const wrong = [`mingce_${'A'.repeat(43)}`, 'x', expired.token, revoked.token, own.tokens.teachers.toLowerCase()];
  const answers = (await Promise.all(wrong.flatMap((token) => ADDRESSES.map((url) => seen(url, token))))) ?? [];
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]?.status).toBe(401);
  expect(answers[0]?.headers['www-authenticate']).toBe('Bearer realm="mingce", error="invalid_token"');
  for (const authorization of ['Basic eDp5', `Token ${own.tokens.teachers}`, own.tokens.teachers, 'Bearer']) {
    expect((await own.get('snapshots', { token: null, headers: { authorization } })).statusCode).toBe(401);
  }
});

it('one that was used before opens nothing from the moment on that it is revoked or expires, whatever is asked, and is told only that', async () => {
  const file = `snapshots/${TEACHERS}/files/teacher-plan.csv`;
  const used = await own.token('used', ['teacher-plan'], '2024-08-03');
  const { etag } = (await own.get(file, { token: used.token })).headers;
  const handed = async (): Promise<unknown> =>
    (await own.world.db('ops.consumer_fetch').where({ token_id: used.id }).count('* as n'))[0]?.n;
  const refusals = async () => {
    const answers = [
      await seen(file, used.token),
      await seen(file, used.token, { range: 'bytes=0-9' }),
      await seen(file, used.token, { range: 'bytes=99999999-' }),
      await seen(file, used.token, { 'if-none-match': String(etag) }),
      await seen(`snapshots/${TEACHERS}/manifest`, used.token),
      await seen(`snapshots/${TEACHERS}/files/nothing.csv`, used.token),
      await seen(`snapshots/${SCHOOLS}/files/school-plan.csv`, used.token),
      await seen('snapshots/nothing/keys', used.token),
    ];
    expect((await own.get(file, { token: used.token, method: 'HEAD' })).statusCode).toBe(401);
    for (const answer of answers) expect(answer).toEqual(unknown);
  };
  const unknown = await seen(file, `mingce_${'A'.repeat(43)}`);
  expect(unknown.status).toBe(401);
  const once = await handed();
  own.at = '2024-08-04T00:00:00+08:00';
  await refusals();
  own.at = NOW;
  expect((await own.get(file, { token: used.token, headers: { 'if-none-match': String(etag) } })).statusCode).toBe(304);
  await revokeToken(own.world.db, { id: used.id, reason: '外洩' }, asks(OPS, NOW));
  await refusals();
  expect(await handed()).toBe(once);
});

it('a revoked token that asks too often is told that it does not count', async () => {
  const server = own.serve({ api: { requestsPerMinute: 1 } });
  const { id, token } = await own.token('often', ['teacher-plan']);
  const ask = () =>
    server.inject({
      url: `/api/v1/snapshots/${TEACHERS}/manifest`,
      headers: { host: 'x', authorization: `Bearer ${token}` },
    });
  expect([(await ask()).statusCode, (await ask()).statusCode]).toEqual([200, 429]);
  await revokeToken(own.world.db, { id, reason: '外洩' }, asks(OPS, NOW));
  const refused = await ask();
  expect(refused.statusCode).toBe(401);
  expect(Object.keys(refused.headers).filter((name) => /^(?:x-ratelimit|retry)/.test(name))).toEqual([]);
});

it('no answer of the API is taken for a page', async () => {
  for (const url of ['snapshots', `snapshots/${TEACHERS}/manifest`, 'nowhere', '/api/v1/openapi.json'])
    expect((await own.get(url)).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    });
});

it('a token in the address is no token', async () => {
  expect((await own.get(`snapshots?token=${own.tokens.both}`, { token: null })).statusCode).toBe(401);
  expect((await own.get(`snapshots?access_token=${own.tokens.both}`, { token: null })).statusCode).toBe(401);
});

it('of another kind one answer is given, whether there is such a snapshot or not', async () => {
  const urls = [
    SCHOOLS,
    `${SCHOOLS}/files/school-plan.csv`,
    `${SCHOOLS}/manifest`,
    '113-school-plan-v9',
    '999-school-plan-v1/keys',
  ];
  const answers = await Promise.all(urls.map((url) => seen(`snapshots/${url}`, own.tokens.teachers)));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]?.status).toBe(403);
  expect(answers[0]?.body).not.toContain('school-plan');
  expect(await seen('snapshots?kind=school-plan', own.tokens.teachers)).toEqual(answers[0]);
  expect(await seen('snapshots/latest?campaign=113&kind=school-plan', own.tokens.teachers)).toEqual(answers[0]);
  expect((await own.get('snapshots/113-teacher-plan-v9', { token: own.tokens.teachers })).statusCode).toBe(404);
});

it('each token lists what it opens and nothing else, newest first, and the latest is of its cut-off', async () => {
  const ids = async (token: string, query = ''): Promise<string[]> =>
    (await own.get(`snapshots${query}`, { token })).json().snapshots.map(({ id }: { id: string }) => id);
  expect(await ids(own.tokens.teachers)).toEqual([TEACHERS]);
  expect(await ids(own.tokens.schools)).toEqual([SCHOOLS]);
  expect(await ids(own.tokens.both)).toEqual([SCHOOLS, TEACHERS]);
  expect(await ids(own.tokens.both, '?kind=teacher-plan&campaign=113')).toEqual([TEACHERS]);
  expect(await ids(own.tokens.both, '?campaign=114')).toEqual([]);
  const latest = await own.get('snapshots/latest?campaign=113&kind=teacher-plan', { token: own.tokens.teachers });
  expect(latest.json()).toMatchObject({ id: TEACHERS, version: 1, coverage: { 'never-received': 1 } });
  expect((await own.get('snapshots/latest?campaign=114&kind=teacher-plan')).statusCode).toBe(404);
});

it('what the list says of a file is so', async () => {
  const { files, links } = (await own.get(`snapshots/${TEACHERS}`)).json();
  expect(files.length).toBeGreaterThanOrEqual(4);
  for (const { href, bytes, mediaType } of files) {
    const answer = await own.get(href);
    expect([answer.statusCode, answer.rawPayload.length, answer.headers['content-type']]).toEqual([
      200,
      bytes,
      mediaType,
    ]);
  }
  expect((await own.get(links.manifest)).json().name).toBe(TEACHERS);
});

it('an answer that is the same is not sent again, and may not be kept by others', async () => {
  for (const url of ['snapshots', `snapshots/${TEACHERS}`]) {
    const { etag, 'cache-control': cache } = (await own.get(url)).headers;
    expect(cache).toBe('private, no-cache');
    expect((await own.get(url, { headers: { 'if-none-match': String(etag) } })).statusCode).toBe(304);
  }
});

it.each([
  ['snapshots?kind=teachers', 'querystring/kind'],
  ['snapshots?campaign=13', 'querystring/campaign'],
  ['snapshots?since=1', 'querystring'],
  ['snapshots/latest?kind=teacher-plan', 'querystring/campaign'],
])('what is asked wrongly (%s) is told place by place, in both languages', async (url, at) => {
  const answer = await own.get(url);
  expect(answer.statusCode).toBe(400);
  const problem = answer.json();
  expect(problem.errors.map((error: { at: string }) => error.at)).toContain(at);
  expect(problem).toMatchObject({
    title: '請求的內容不符規格。',
    titleEn: 'The request is not as specified.',
    contacts: CONTACTS,
  });
});

it('a consumer that asks too often is told when to ask again, and the others are answered', async () => {
  const server = own.serve({ api: { requestsPerMinute: 3 } });
  const ask = (token: string) =>
    server.inject({ url: '/api/v1/snapshots', headers: { host: 'x', authorization: `Bearer ${token}` } });
  for (let i = 0; i < 3; i += 1) expect((await ask(own.tokens.teachers)).statusCode).toBe(200);
  const refused = await ask(own.tokens.teachers);
  expect(refused.statusCode).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(refused.json()).toMatchObject({ type: 'urn:problem-type:mingce:api-too-many', contacts: CONTACTS });
  expect((await ask(own.tokens.schools)).statusCode).toBe(200);
});

it('the API answers under any host name, the pages under this machine alone', async () => {
  expect((await own.get('snapshots')).statusCode).toBe(200);
  expect((await own.get('/.well-known/jwks.json', { token: null })).statusCode).toBe(200);
  for (const url of ['/', '/runs', `/snapshots/${TEACHERS}/teacher-plan.csv`, '/api/v2/snapshots'])
    expect((await own.get(url)).statusCode).toBe(403);
});

it('no log line holds a token or what one was taken for, also where the database fails', async () => {
  await own.world.db.raw('ALTER TABLE ops.snapshot RENAME TO snapshot_away');
  expect((await own.get(`snapshots?campaign=113&kind=teacher-plan`)).json().type).toBe(
    'urn:problem-type:mingce:api-broken',
  );
  await own.world.db.raw('ALTER TABLE ops.snapshot_away RENAME TO snapshot');
  const text = own.log.text();
  expect(text).toContain('API request failed');
  for (const token of Object.values(own.tokens)) expect(text).not.toContain(token.slice(7));
  expect(text).not.toContain('kind=teacher-plan');
});

it.each([
  ['2024-09-17T23:59:59+08:00', 'before'],
  ['2024-09-18T00:00:00+08:00', 'open'],
  ['2024-09-24T17:00:00+08:00', 'open'],
  ['2024-09-24T17:00:01+08:00', 'after'],
])("at %s the teachers' window is %s (R29), and a token is told of its own plans alone", async (at, state) => {
  own.at = at;
  const answer = await own.get('campaigns/113', { token: own.tokens.teachers });
  expect(answer.json()).toMatchObject({ id: '113', at, plans: [{ kind: 'teacher-plan', state }], contacts: CONTACTS });
  expect(answer.body).not.toContain('school-plan');
  expect((await own.get('campaigns/114')).statusCode).toBe(404);
});
