/** A delta over the API: only for who may have both, written down before it leaves, whole or a part, and refused where there is none. */
import { createHash } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { shredSnapshot } from '../../../pipelines/snapshot/shred-snapshot.ts';
import { createSnapshot } from '../../../pipelines/snapshot.ts';
import { deltaHead, deltaOperation } from '../../../schemas/snapshot-delta.ts';
import { LIN } from '../../support/users.ts';
import { consumerWorld, SCHOOLS, TEACHERS } from './consumer-world.ts';

const own = consumerWorld(50);
const NEXT = '2024-08-03T02:00:00+08:00';
const NEWER = '113-teacher-plan-v2';
const address = (id = NEWER, since = TEACHERS) => `snapshots/${id}/delta?since=${since}`;

beforeAll(async () => {
  const { world } = own;
  const runId = await world.run(NEXT);
  await world.assign(
    await world.person('遲到者', 'B123456780', { recordedFrom: NEXT, runId }),
    1,
    { recordedFrom: NEXT, runId },
    'roster/x',
  );
  const correction = { by: LIN, reason: '學校補送', at: '2024-08-03T08:00:00+08:00' };
  await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan', correction });
});

it('it says what came, where, and why, between which two, and what the file will be', async () => {
  const answer = await own.get(address());
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/jsonl; charset=utf-8']);
  const [head, ...operations] = answer.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(deltaHead.parse(head)).toMatchObject({
    kind: 'teacher-plan',
    from: { id: TEACHERS, rows: 50 },
    to: { id: NEWER, rows: 51 },
    operations: 1,
  });
  const file = await own.world.fileText(NEWER, 'teacher-plan.jsonl');
  expect(head.to.sha256).toBe(`sha256:${createHash('sha256').update(file).digest('hex')}`);
  const [operation] = operations.map((line) => deltaOperation.parse(line));
  const after = JSON.parse(file.split('\n').find((line) => line.includes('遲到者')) as string);
  expect(operation).toMatchObject({ op: 'insert', was: null, before: null, after, why: ['late'] });
});

it('tags, conditions, parts and codings are those of a file, and the bytes are the same each time', async () => {
  const whole = await own.get(address());
  const { etag } = whole.headers;
  expect(etag).toBe(`"${createHash('sha256').update(whole.rawPayload).digest('hex')}"`);
  expect((await own.get(address(), { headers: { 'if-none-match': String(etag) } })).statusCode).toBe(304);
  const part = await own.get(address(), { headers: { range: 'bytes=10-19' } });
  expect([part.statusCode, part.body]).toEqual([206, whole.body.slice(10, 20)]);
  expect((await own.get(address(), { headers: { range: 'bytes=9999999-' } })).statusCode).toBe(416);
  const gzip = await own.get(address(), { headers: { 'accept-encoding': 'gzip' } });
  expect(gunzipSync(gzip.rawPayload).toString()).toBe(whole.body);
  const zstd = await own.get(address(), { headers: { 'accept-encoding': 'zstd' } });
  expect(zstdDecompressSync(zstd.rawPayload).toString()).toBe(whole.body);
  expect(zstd.headers['repr-digest']).toBe(
    `sha-256=:${createHash('sha256').update(zstd.rawPayload).digest('base64')}:`,
  );
  const head = await own.get(address(), { method: 'HEAD' });
  expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([
    200,
    '',
    String(whole.rawPayload.length),
  ]);
});

it('each one that is handed out is written down, and what is only asked about is not', async () => {
  const fetches = () =>
    own.world
      .db('ops.consumer_fetch')
      .where({ path: `since-${TEACHERS}.delta.jsonl` })
      .orderBy('id');
  const before = (await fetches()).length;
  await own.get(address(), { method: 'HEAD' });
  expect(await fetches()).toHaveLength(before);
  await own.get(address());
  expect((await fetches()).at(-1)).toMatchObject({ snapshot_id: NEWER, consumer: 'both', first_byte: null });
});

it.each([
  ['nobody', null, 401],
  ['who may have schools only', 'schools', 403],
  ['who may have teachers, of both', 'teachers', 200],
] as const)('%s', async (_, token, status) => {
  const given = token === null ? null : own.tokens[token];
  expect((await own.get(address(), { token: given })).statusCode).toBe(status);
});

it('both must be of a kind that the token opens, and be there; between two kinds there is none', async () => {
  expect((await own.get(address(NEWER, SCHOOLS), { token: own.tokens.teachers })).statusCode).toBe(403);
  expect((await own.get(address(SCHOOLS, NEWER), { token: own.tokens.teachers })).statusCode).toBe(403);
  expect((await own.get(address(NEWER, '113-teacher-plan-v9'))).statusCode).toBe(404);
  expect((await own.get(address('113-teacher-plan-v9', NEWER))).statusCode).toBe(404);
  expect((await own.get(address(NEWER, 'x'))).statusCode).toBe(404);
  expect((await own.get(`snapshots/${NEWER}/delta`)).statusCode).toBe(400);
  const none = await own.get(address(NEWER, SCHOOLS));
  expect([none.statusCode, none.json().type, none.json().detail]).toEqual([
    409,
    'urn:problem-type:mingce:api-no-delta',
    '這兩個快照無法以差異更新。 請整份匯入較新的快照。',
  ]);
});

it('whom the rows stand for is handed out to nobody', async () => {
  expect((await own.get(`snapshots/${NEWER}/files/.entities`)).statusCode).toBe(400);
  const { files } = (await own.get(`snapshots/${NEWER}`)).json();
  expect(files.map(({ path }: { path: string }) => path)).not.toContain('.entities');
});

it('once either is shredded there is none, also of what had been held in memory', async () => {
  expect((await own.get(address())).statusCode).toBe(200);
  const request = { by: LIN, reason: '目的消失', at: '2024-08-03T09:00:00+08:00' };
  await shredSnapshot(own.world.ctx, { id: TEACHERS, ...request });
  expect((await own.get(address())).statusCode).toBe(410);
  expect((await own.get(address(TEACHERS, NEWER))).statusCode).toBe(410);
});
