/** Files of a snapshot over the API: bytes, parts, conditions, codings, and what is written down of each. */
import { createHash } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { addFetches } from '../../../warehouse/consumer-fetches.ts';
import { destroySnapshotKey } from '../../../warehouse/snapshot-keys.ts';
import { LIN } from '../../support/users.ts';
import { consumerWorld, NOW, SCHOOLS, TEACHERS } from './consumer-world.ts';

const own = consumerWorld();
const FILE = `snapshots/${TEACHERS}/files/teacher-plan.csv`;
let bytes: Buffer;
let sha256: string;
let fetched = 0;

const digestField = (body: Buffer): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
/** Fetches since the last look. */
async function fetches(): Promise<object[]> {
  const rows = await own.world
    .db('ops.consumer_fetch')
    .where('id', '>', fetched)
    .orderBy('id')
    .select('id', 'consumer', 'snapshot_id', 'path', 'at', 'first_byte', 'last_byte');
  fetched = rows.at(-1)?.id ?? fetched;
  return rows.map(({ id, ...row }) => row);
}

beforeAll(async () => {
  bytes = Buffer.from(await own.world.fileText(TEACHERS, 'teacher-plan.csv'));
  sha256 = createHash('sha256').update(bytes).digest('hex');
});
beforeEach(fetches);

it('a file comes whole, with its digest, length, strong tag, and is written down as fetched', async () => {
  const answer = await own.get(FILE);
  expect(answer.statusCode).toBe(200);
  expect(answer.rawPayload).toEqual(bytes);
  expect(answer.headers).toMatchObject({
    'content-length': String(bytes.length),
    'content-type': 'text/csv; charset=utf-8',
    etag: `"${sha256}"`,
    'repr-digest': digestField(bytes),
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=31536000, immutable',
    vary: 'Accept-Encoding, Authorization',
    'content-disposition': `attachment; filename="${TEACHERS}-teacher-plan.csv"`,
  });
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(await fetches()).toEqual([
    {
      consumer: 'both',
      snapshot_id: TEACHERS,
      path: 'teacher-plan.csv',
      at: own.at,
      first_byte: null,
      last_byte: null,
    },
  ]);
});

it('HEAD says the same of a file and hands nothing out', async () => {
  const [head, get] = [await own.get(FILE, { method: 'HEAD' }), await own.get(FILE)];
  expect(head.statusCode).toBe(200);
  expect(head.rawPayload.length).toBe(0);
  const { date: _, ...said } = head.headers;
  const { date: __, ...whole } = get.headers;
  // Left over of the minute, not of the file.
  for (const headers of [said, whole]) delete headers['x-ratelimit-remaining'];
  expect(said).toEqual(whole);
  expect(await fetches()).toHaveLength(1);
});

it.each([
  ['bytes=0-99', 0, 99],
  ['bytes=100-', 100, null],
  ['bytes=-50', -50, null],
  ['bytes=0-999999999', 0, null],
  ['bytes=-999999999', 0, null],
  ['bytes=7-7', 7, 7],
])('a part (%s) is 206 with just those bytes, and is written down as that part', async (range, from, to) => {
  const answer = await own.get(FILE, { headers: { range, 'accept-encoding': 'zstd, gzip' } });
  const first = from < 0 ? bytes.length + from : from;
  const last = to ?? bytes.length - 1;
  expect(answer.statusCode).toBe(206);
  expect(answer.rawPayload).toEqual(bytes.subarray(first, last + 1));
  expect(answer.headers).toMatchObject({
    'content-range': `bytes ${first}-${last}/${bytes.length}`,
    'content-length': String(last - first + 1),
    'repr-digest': digestField(bytes),
    etag: `"${sha256}"`,
  });
  expect(answer.headers['content-encoding']).toBeUndefined();
  expect(await fetches()).toMatchObject([{ first_byte: first, last_byte: last }]);
});

it('a range beyond the end is 416 with the length, and hands nothing out', async () => {
  for (const range of [`bytes=${bytes.length}-`, 'bytes=99999999-100000000', 'bytes=-0']) {
    const answer = await own.get(FILE, { headers: { range } });
    expect(answer.statusCode).toBe(416);
    expect(answer.headers['content-range']).toBe(`bytes */${bytes.length}`);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.etag).toBeUndefined();
  }
  expect(await fetches()).toEqual([]);
});

it.each([
  'bytes=5-2',
  'bytes=-',
  'bytes=a-b',
  'lines=0-5',
  'bytes=0-1,5-6',
  'bytes=0-5abc',
  'bytes = 0-5',
])('a range that we do not part by (%s) is left unheard: the file comes whole', async (range) => {
  const answer = await own.get(FILE, { headers: { range } });
  expect(answer.statusCode).toBe(200);
  expect(answer.rawPayload).toEqual(bytes);
});

it('what the client has is not sent again, in whichever coding, and is no fetch', async () => {
  for (const coding of ['identity', 'zstd', 'gzip']) {
    const { etag } = (await own.get(FILE, { headers: { 'accept-encoding': coding } })).headers;
    await fetches();
    for (const tag of [etag, `"other", ${etag}`, '*', `W/${String(etag).replace('W/', '')}`]) {
      const again = await own.get(FILE, { headers: { 'accept-encoding': coding, 'if-none-match': String(tag) } });
      expect(again.statusCode).toBe(304);
      expect(again.rawPayload.length).toBe(0);
      expect(again.headers).toMatchObject({ etag, 'cache-control': 'private, max-age=31536000, immutable' });
    }
    expect(await fetches()).toEqual([]);
    const other = await own.get(FILE, { headers: { 'accept-encoding': coding, 'if-none-match': '"other"' } });
    expect(other.statusCode).toBe(200);
  }
});

it('a download goes on only where it is the same file (If-Range)', async () => {
  const range = 'bytes=10-';
  const same = await own.get(FILE, { headers: { range, 'if-range': `"${sha256}"` } });
  expect(same.statusCode).toBe(206);
  for (const tag of ['"other"', `W/"${sha256}"`, `"${sha256}-zstd"`, 'Fri, 02 Aug 2024 09:00:00 GMT']) {
    const whole = await own.get(FILE, { headers: { range, 'if-range': tag } });
    expect(whole.statusCode, tag).toBe(200);
    expect(whole.rawPayload).toEqual(bytes);
  }
});

it.each([
  ['zstd', 'zstd'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip, zstd;q=0.5', 'gzip'],
  ['gzip', 'gzip'],
  ['br, deflate', 'identity'],
  ['identity', 'identity'],
  ['zstd;q=0, gzip;q=0', 'identity'],
])('Accept-Encoding: %s is answered in %s, the same bytes within', async (accepted, coding) => {
  const answer = await own.get(FILE, { headers: { 'accept-encoding': accepted } });
  expect(answer.statusCode).toBe(200);
  const inflate = { zstd: zstdDecompressSync, gzip: gunzipSync, identity: (body: Buffer) => body }[coding as 'zstd'];
  expect(inflate(answer.rawPayload)).toEqual(bytes);
  expect(answer.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
  expect(answer.headers['content-length']).toBe(String(answer.rawPayload.length));
  // RFC 9530: of the representation as it is sent, with its coding; what is within it has a digest too.
  expect(answer.headers['repr-digest']).toBe(digestField(answer.rawPayload));
  expect(answer.headers['unencoded-digest']).toBe(coding === 'identity' ? undefined : digestField(bytes));
});

it('manifest, signature and keys have addresses of their own, byte for byte', async () => {
  for (const [name, path, type] of [
    ['manifest', 'datapackage.json', 'application/json; charset=utf-8'],
    ['signature', 'datapackage.json.jws', 'application/jose; charset=utf-8'],
    ['keys', 'keys.json', 'application/jwk-set+json'],
  ] as const) {
    const answer = await own.get(`snapshots/${TEACHERS}/${name}`);
    expect(answer.body).toBe(await own.world.fileText(TEACHERS, path));
    expect(answer.headers['content-type']).toBe(type);
    expect(await fetches()).toMatchObject([{ path }]);
  }
});

it('a file that is not there is a 404, whatever it is called', async () => {
  for (const path of ['other.csv', '..%2f..%2fetc%2fpasswd', '%00', 'teacher-plan.csv%00', 'x'.repeat(200)])
    expect([400, 404]).toContain((await own.get(`snapshots/${TEACHERS}/files/${path}`)).statusCode);
  expect(await fetches()).toEqual([]);
});

it('a file whose stored bytes were changed is an error without a word of it, not another file', async () => {
  const { db } = own.world;
  await db.raw(`ALTER TABLE ops.snapshot_file DISABLE TRIGGER snapshot_file_immutable;
    UPDATE ops.snapshot_file SET body = set_byte(body, 40, get_byte(body, 40) # 1) WHERE path = 'school-plan.csv';
    ALTER TABLE ops.snapshot_file ENABLE TRIGGER snapshot_file_immutable`);
  const answer = await own.get('snapshots/113-school-plan-v1/files/school-plan.csv');
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ type: 'urn:problem-type:mingce:api-broken' });
  expect(answer.headers.etag).toBeUndefined();
});

it('of a hundred downloads at the same time each is written down, with its consumer and part', async () => {
  const asked = Array.from({ length: 100 }, (_, n) => ({
    token: n % 2 === 0 ? own.tokens.both : own.tokens.teachers,
    headers: { range: `bytes=${n}-${n + 9}` },
  }));
  const answers = await Promise.all(asked.map((options) => own.get(FILE, options)));
  for (const [n, answer] of answers.entries()) {
    expect(answer.statusCode).toBe(206);
    expect(answer.rawPayload).toEqual(bytes.subarray(n, n + 10));
  }
  const told = (await fetches()) as { consumer: string; first_byte: number; last_byte: number }[];
  expect(told.map((f) => `${f.consumer} ${f.first_byte}-${f.last_byte}`).sort()).toEqual(
    asked.map((_, n) => `${n % 2 === 0 ? 'both' : 'planning-teacher'} ${n}-${n + 9}`).sort(),
  );
});

it('of those asked for at the same time only what still stands is handed out: not a shredded file, not with a token that does not count', async () => {
  const { id, token } = await own.token('late', ['teacher-plan', 'school-plan']);
  await own.world
    .db('ops.api_token')
    .where({ id })
    .update({ revoked_at: own.at, revoked_by: LIN.name, revoked_why: '外洩' });
  await own.world.db.transaction(async (trx) => {
    await trx('ops.snapshot_key')
      .where({ snapshot_id: SCHOOLS })
      .update({ destroyed_at: own.at, destroyed_by: LIN.name, destroyed_why: '目的完成', sealed: null });
  });
  const schools = `snapshots/${SCHOOLS}/files/school-plan.csv`;
  const asked = [FILE, schools, FILE, schools].flatMap((url) => [own.get(url), own.get(url, { token })]);
  const statuses = (await Promise.all(asked)).map(({ statusCode }) => statusCode);
  expect(statuses).toEqual([200, 401, 410, 401, 200, 401, 410, 401]);
  expect(await fetches()).toMatchObject([{ snapshot_id: TEACHERS }, { snapshot_id: TEACHERS }]);
  // In one statement.
  const other = await own.token('early', ['teacher-plan', 'school-plan']);
  const asks = (token: number, snapshot: string) =>
    ({ consumer: { name: '-', token, kinds: [] }, range: null, at: own.at, snapshot, path: 'x.csv' }) as const;
  const together = [asks(other.id, SCHOOLS), asks(other.id, TEACHERS), asks(id, TEACHERS), asks(id, SCHOOLS)];
  expect(await addFetches(own.world.db, together)).toEqual(['shredded', 'written', 'refused', 'refused']);
  expect(await fetches()).toMatchObject([{ snapshot_id: TEACHERS, consumer: 'early' }]);
});

it('a fetch says when its token was last used, to the minute', async () => {
  const { id, token } = await own.token('often', ['teacher-plan']);
  const lastUsed = async (at: string): Promise<string> => {
    own.at = at;
    expect((await own.get(FILE, { token })).statusCode).toBe(200);
    return (await own.world.db('ops.api_token').where({ id }).first('last_used_at')).last_used_at;
  };
  expect(await lastUsed('2024-08-03T10:00:00+08:00')).toBe('2024-08-03T10:00:00+08:00');
  expect(await lastUsed('2024-08-03T10:00:59+08:00')).toBe('2024-08-03T10:00:00+08:00');
  expect(await lastUsed('2024-08-03T10:01:00+08:00')).toBe('2024-08-03T10:01:00+08:00');
  own.at = NOW;
});

it('what was shredded is gone, also from memory; its manifest stays', async () => {
  expect((await own.get(FILE)).statusCode).toBe(200);
  await fetches();
  const at = '2025-08-01T09:00:00+08:00';
  await destroySnapshotKey(own.world.db, { id: TEACHERS, by: LIN, keepUntil: null, reason: '目的完成', at });
  for (const headers of [{}, { range: 'bytes=0-9' }, { 'accept-encoding': 'zstd' }] as Record<string, string>[]) {
    const answer = await own.get(FILE, { headers });
    expect(answer.statusCode).toBe(410);
    expect(answer.json()).toMatchObject({ type: 'urn:problem-type:mingce:api-shredded' });
  }
  expect(await fetches()).toEqual([]);
  expect((await own.get(`snapshots/${TEACHERS}/manifest`)).statusCode).toBe(200);
  expect((await own.get(`snapshots/${TEACHERS}`)).json().shreddedAt).toBe(at);
});
