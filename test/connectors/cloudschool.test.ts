import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { interceptOnce, json } from './support/api-faults.ts';
import { startApiServer } from './support/api-server.ts';
import {
  answerOf,
  type CloudSchool,
  DIGEST,
  person,
  type SchoolAnswer,
  SECRETS,
  secretOf,
  startCloudSchool,
} from './support/cloudschool.ts';
import { contextAt, handOver, sourceError } from './support/handover.ts';

const started: CloudSchool[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map(({ server }) => server.close()));
});

async function serve(answers: CloudSchool['answers']): Promise<CloudSchool> {
  const cloud = await startCloudSchool(answers);
  started.push(cloud);
  return cloud;
}

const partOf = (code: string) => ({ source: `cloud/${code}`, drop: 'cloud', files: [] });
const take = async (cloud: CloudSchool, changes = {}, code = '064601') =>
  (await handOver(cloud.open(changes), partOf(code)))[0]!;
const one = (answer: SchoolAnswer | string) => serve({ 'client-064601': answer });

describe('what a school says', () => {
  it('comes out under canonical titles; logins, classes and offices do not', async () => {
    const { rows, delivery, notes } = await take(await one(answerOf([person(1)])));
    expect(rows).toEqual([
      {
        kind: 'staff',
        values: {
          institutionCode: '064601',
          staffId: 'U1',
          name: '王小明1',
          sex: '男',
          idDigest: DIGEST,
          title: '教學組長',
          titleKind: '教師兼組長',
          subjects: '國語、社會',
        },
        origin: { object: 0, row: 1 },
      },
    ]);
    expect(delivery).toMatchObject({ complete: true, asOf: '2024-08-01T01:23:45+08:00', source: 'cloud/064601' });
    expect(notes).toMatchObject({ asOf: '2024-08-01T01:23:45+08:00', term: '1131', staff: 1 });
  });

  it('is of the section that the configuration gives it', async () => {
    const cloud = await one(answerOf([person(1)]));
    const schools = [{ code: '064601', section: '國中', clientId: 'client-064601', clientSecretEnv: 'SECRET_064601' }];
    expect((await take(cloud, { schools })).rows[0]!.values).toMatchObject({
      institutionCode: '064601',
      section: '國中',
    });
  });

  it.each([
    ['2024-08-01 01:23:45', '2024-08-01T01:23:45+08:00'],
    ['2024/8/1 1:23', '2024-08-01T01:23:00+08:00'],
    ['2024-08-01T01:23:45.123Z', '2024-08-01T01:23:45Z'],
    ['2024-08-01T01:23:45+0800', '2024-08-01T01:23:45+08:00'],
  ])('is of the moment %s', async (text, asOf) => {
    expect((await take(await one(answerOf([person(1)], { 更新時間: text })))).delivery.asOf).toBe(asOf);
  });

  it.each(['2024-02-30 01:00:00', '113/8/1', '2024-08-01'])('is refused when %s is its moment', async (text) => {
    const error = await sourceError(take(await one(answerOf([person(1)], { 更新時間: text }))));
    expect(error).toMatchObject({ code: 'api-shape', params: { source: 'cloud/064601', field: '更新時間' } });
  });

  it('may hold raw control characters inside strings', async () => {
    const text = JSON.stringify(answerOf([person(1, { 職稱: '教學@組長', 帳號: 'a@b' })])).replaceAll(
      '@',
      '\n\t\u0001',
    );
    expect(() => JSON.parse(text)).toThrow();
    expect((await take(await one(text))).rows[0]!.values.title).toBe('教學\n\t\u0001組長');
  });

  it('gives one kind of post where the school is of one mind, and none where it is of two', async () => {
    const 單位資料 = [
      {
        處室名稱: '教務處',
        單位職稱: [
          { 職稱: '組長', 職別: 4 },
          { 職稱: '組長', 職別: 4 },
        ],
      },
      {
        處室名稱: '學務處',
        單位職稱: [
          { 職稱: '組長', 職別: 4 },
          { 職稱: '組長', 職別: 5 },
        ],
      },
      { 處室名稱: '總務處' },
    ];
    const people = ['教務處', '學務處', '總務處', null].map((處室, i) => person(i, { 處室, 職稱: '組長' }));
    const { rows } = await take(await one(answerOf(people, { 單位資料 })));
    expect(rows.map((row) => row.values.titleKind)).toEqual(['4', undefined, undefined, undefined]);
  });

  it('of another term than expected is taken, and noted', async () => {
    const cloud = await one(answerOf([person(1)], { 學年: '112', 學期: '2' }));
    expect((await take(cloud, { term: '1131' })).notes).toMatchObject({ term: '1122', termExpected: '1131' });
    expect((await take(cloud, { term: '1122' })).notes).not.toHaveProperty('termExpected');
  });

  it('under names that are not known is told', async () => {
    const { notes, rows } = await take(await one(answerOf([person(1, { 生日: '0700506' })])));
    expect(notes.fields).toContainEqual({ name: '生日', column: null, types: ['string'], kind: 'staff' });
    expect(rows[0]!.drift).toEqual([{ kind: 'unknown-column', field: '生日', column: null }]);
    expect(rows[0]!.issues).toBeUndefined();
  });
});

describe('a person who cannot be read', () => {
  it.each([
    ['without a name', { 姓名: undefined }, 'raw-field-shape', 'name', 'U1'],
    ['whose id is empty', { UID: '' }, 'raw-field-shape', 'staffId', ''],
    ['with a lone surrogate', { 職稱: '組\ud800長' }, 'raw-text-broken', 'title', 'U1'],
    ['with a NUL', { 姓名: '王\0明' }, 'raw-text-broken', 'name', 'U1'],
  ])('%s is a row with its issue', async (_, changes, code, column, id) => {
    const { rows } = await take(await one(answerOf([person(1, changes), person(2)])));
    expect(rows[0]!.issues).toMatchObject([{ code, column, value: null }]);
    expect(rows[0]!.values.staffId).toBe(id);
    expect(rows[1]!.issues).toBeUndefined();
  });

  it.each([
    ['subjects are no list', { 任教科目: { 科目: '國語' } }, 'array', 'object'],
    ['one subject is a text', { 任教科目: ['國語'] }, 'object', 'string'],
    ['title is neither text nor number', { 職稱: true }, 'string, number', 'boolean'],
  ])('because %s is left to the contract', async (_, changes, expected, found) => {
    const { rows } = await take(await one(answerOf([person(1, changes as never), person(2)])));
    const [field] = Object.keys(changes);
    expect(rows[0]!.issues).toBeUndefined();
    expect(rows[0]!.drift).toMatchObject([{ kind: 'wrong-type', field, expected, found }]);
    expect(rows[0]!.values.staffId).toBe('U1');
    expect(rows[1]!.drift).toBeUndefined();
  });

  it('because it is no object is a row too', async () => {
    const { rows } = await take(await one(answerOf([null as never, person(2)])));
    expect(rows.map((row) => row.issues?.length ?? 0)).toEqual([1, 0]);
  });
});

describe('schools beside each other', () => {
  it('each speak with their own client, for themselves', async () => {
    const cloud = await serve({
      'client-064601': answerOf([person(1)]),
      'client-064602': answerOf([person(2)]),
    });
    const connector = cloud.open();
    const parts = await connector.discover(contextAt());
    expect(parts.map(({ source }) => source)).toEqual(['cloud/064601', 'cloud/064602']);
    const rows = (await Promise.all(parts.map((part) => handOver(connector, part)))).flat().flatMap((h) => h.rows);
    expect(rows.map(({ values }) => [values.institutionCode, values.staffId])).toEqual([
      ['064601', 'U1'],
      ['064602', 'U2'],
    ]);
  });

  it('do not fail for each other: wrong credentials are one school’s', async () => {
    const cloud = await serve({ 'client-064601': answerOf([person(1)]), 'client-064602': answerOf([person(2)]) });
    const connector = cloud.open({}, (name) => (name === 'SECRET_064602' ? 'wrong-secret' : secretOf(name)));
    expect(await handOver(connector, partOf('064601'))).toHaveLength(1);
    const error = await sourceError(handOver(connector, partOf('064602')));
    expect(error).toMatchObject({
      code: 'api-credentials',
      params: { source: 'cloud/064602', clientId: 'client-064602' },
    });
  });

  it('stand once each in a configuration', async () => {
    const cloud = await one(answerOf([person(1)]));
    const school = { code: '064601', clientId: 'client-064601', clientSecretEnv: 'SECRET_064601' };
    expect(() => cloud.open({ schools: [school, school] })).toThrow('a school code stands twice');
  });
});

describe.concurrent('a server that has a bad moment', () => {
  it.each([
    [
      'a body that is cut',
      (body: string) => ({ headers: { connection: 'close' }, sent: Buffer.from(body).subarray(0, 200) }),
    ],
    [
      'a gzip that is cut',
      (body: string) => ({
        headers: { 'content-encoding': 'gzip', connection: 'close' },
        sent: gzipSync(body).subarray(0, 60),
      }),
    ],
  ])('is asked again after %s', async (_, make) => {
    const answer = answerOf([person(1), person(2)]);
    const cloud = await startCloudSchool({ 'client-064601': answer });
    interceptOnce(cloud.server, '/semester-data', (_request, response) => {
      const { headers, sent } = make(JSON.stringify(answer));
      response.writeHead(200, { 'content-type': 'application/json', ...headers } as never).end(sent);
      return true;
    });
    expect((await take(cloud)).rows).toHaveLength(2);
    await cloud.server.close();
  });

  it('gives a new token once the old one no longer counts', async () => {
    const cloud = await startCloudSchool({ 'client-064601': answerOf([person(1)]) });
    interceptOnce(cloud.server, '/semester-data', () => {
      cloud.server.revokeTokens();
      return false;
    });
    expect((await take(cloud)).rows).toHaveLength(1);
    expect(cloud.server.tokens).toHaveLength(2);
    await cloud.server.close();
  });
});

it.each([
  3599,
  '3599',
  3599.5,
  null,
  'soon',
])('a token that expires in %j counts until it does not', async (expires) => {
  const cloud = await one(answerOf([person(1)]));
  cloud.server.intercept = ({ url, authorization }, response) => {
    if (url.pathname.endsWith('/oauth/token'))
      return json({ access_token: 'given', expires_in: expires })({} as never, response);
    return authorization === 'Bearer given' && json(answerOf([person(1)]))({} as never, response);
  };
  expect((await take(cloud)).rows).toHaveLength(1);
});

it('an answer without a token says so', async () => {
  const cloud = await one(answerOf([person(1)]));
  cloud.server.intercept = ({ url }, response) =>
    url.pathname.endsWith('/oauth/token') && json({ token: 'given', expires_in: '3599' })({} as never, response);
  expect(await sourceError(take(cloud))).toMatchObject({ code: 'api-shape', params: { field: 'access_token' } });
});

it('a redirect takes no request, and so no credential, to another host', async () => {
  const other = await startApiServer(SECRETS, () => ({ json: {} }));
  const cloud = await one(answerOf([person(1)]));
  cloud.server.intercept = ({ url }, response) => {
    response.writeHead(302, { location: `${other.url}${url.pathname}` }).end();
    return true;
  };
  expect(await sourceError(take(cloud))).toMatchObject({ code: 'api-redirect', params: { status: 302 } });
  expect(other.requests).toEqual([]);
  await other.close();
});

it('a token that comes from another address is asked for there, and the data where it is', async () => {
  const tokens = await startApiServer(SECRETS, () => null);
  const cloud = await one(answerOf([person(1)]));
  cloud.server.intercept = ({ authorization }, response) => {
    if (authorization !== `Bearer ${tokens.tokens[0]}`) return json({})({} as never, response);
    return json(answerOf([person(1)]))({} as never, response);
  };
  expect((await take(cloud, { tokenUrl: `${tokens.url}/login/oauth/token` })).rows).toHaveLength(1);
  expect(tokens.requests.map(({ url }) => url.pathname)).toEqual(['/login/oauth/token']);
  expect(cloud.server.requests.map(({ url }) => url.pathname)).toEqual(['/school/semester-data']);
  await tokens.close();
});
