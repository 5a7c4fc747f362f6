import { hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import { campaignSchema } from '../../schemas/campaign.ts';
import { configSchema } from '../../schemas/config.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { type InstallationKeyring, makeKeyring } from '../../warehouse/keyring.ts';
import { makeServer } from '../../web/server.ts';
import { makeContext } from '../pipelines/report/city.ts';
import { threeNights } from '../pipelines/report/three-nights.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const CONFIG = configSchema.parse({
  simulation: true,
  sources: [{ type: 'institution-list', name: 'schools', path: 's.csv', layout: 'schools' }],
});

let database: TestDatabase;
let db: Database;
let keyring: InstallationKeyring;
let site: FastifyInstance;
let runs: [number, number, number];

const serve = (over: Partial<Parameters<typeof makeServer>[0]> = {}): FastifyInstance =>
  makeServer({ db, keyring, log: pino({ level: 'silent' }), config: CONFIG, campaigns: [], ...over });
const get = (url: string, headers: Record<string, string> = {}) =>
  site.inject({ url, headers: { host: 'localhost', ...headers } });

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  keyring = makeKeyring(randomBytes(32));
  site = serve();
});
afterAll(async () => {
  await site?.close();
  await db?.destroy();
  await database?.drop();
});

test('before the first run the pages say so, and the health is "new"', async () => {
  const home = await get('/');
  expect(home.statusCode).toBe(200);
  expect(home.body).toContain('尚未執行過同步');
  expect((await get('/runs')).body).toContain('尚未執行過同步');
  expect((await get('/snapshots')).body).toContain('尚未產生快照');
  expect((await get('/healthz')).json()).toEqual({ status: 'new', lastRun: null, finishedAt: null });
});

test('after three nights the first page shows the last one, and each run has its report', async () => {
  runs = await threeNights(makeContext(db, keyring));
  const home = await get('/');
  expect(home.body).toContain('基準日結算');
  expect(home.body).toContain('等待處理');
  const list = await get('/runs');
  for (const run of runs) expect(list.body).toContain(`href="/runs/${run}"`);
  const report = await get(`/runs/${runs[1]}`);
  expect(report.statusCode).toBe(200);
  expect(report.body).toContain('林美玲');
  expect(report.body).toContain('昨夜概況');
  expect((await get('/healthz')).json()).toMatchObject({ status: 'fresh', lastRun: String(runs[2]) });
});

/** The first school's roster, by the link of the page of institutions. */
const rosterUrl = async (): Promise<string> =>
  /href="(\/institutions\/[^"]+)"/.exec((await get('/institutions')).body)?.[1] ?? 'no link';

test('the roster of an institution, of any day and as recorded before any moment', async () => {
  const url = await rosterUrl();
  const now = await get(url);
  expect(now.statusCode).toBe(200);
  expect(now.body).toContain('依目前紀錄');
  expect(now.body).toContain('服務單位');
  const { rows } = await db.raw(
    `SELECT to_char(max(recorded_at) AT TIME ZONE 'Asia/Taipei', 'YYYY-MM-DD"T"HH24:MI:SS') AS last FROM ops.run`,
  );
  const then = await get(`${url}?on=&before=${rows[0].last}`);
  expect(then.statusCode).toBe(200);
  expect(then.body).toContain('以前之紀錄');
  expect(then.body).toContain(`value="${rows[0].last}"`);
  for (const query of ['?before=2019-01-01T00:00', '?before=2999-01-01T00:00', '?on=1990-01-01']) {
    const none = await get(url + query);
    expect([none.statusCode, none.body.includes('查無資料')], query).toEqual([404, true]);
  }
  for (const query of ['?before=yesterday', '?on=113/08/01', '?before=2024-99-99T00:00', '?on=a&on=b']) {
    const wrong = await get(url + query);
    expect([wrong.statusCode, wrong.body.includes('看不懂')], query).toEqual([404, true]);
  }
  expect((await get('/institutions/999999')).body).toContain('查無資料');
  expect((await get('/institutions/%3Cscript%3E')).statusCode).toBe(404);
});

test('a moment leads to the report of the newest run before it', async () => {
  const last = await db('ops.run').where({ id: runs[2] }).first('recorded_at');
  const before = `${String(last.recorded_at).slice(0, 19)}`;
  expect((await get(`/runs?before=${before}`)).headers.location).toBe(`/runs/${runs[1]}`);
  expect((await get('/runs?before=2001-01-01T00:00')).body).toContain('該時點以前沒有執行紀錄');
  expect((await get('/runs?before=now')).body).toContain('看不懂');
});

test('no page carries a national id, not even where a school made it the name of an account', async () => {
  for (const url of [
    '/',
    '/runs',
    '/institutions',
    await rosterUrl(),
    '/snapshots',
    ...runs.map((run) => `/runs/${run}`),
  ]) {
    expect((await get(url)).body).not.toMatch(/[A-Z][12]\d{8}/);
  }
});

test('a health check fails when the last good run is older than a night and a bit', async () => {
  await db('ops.run').update({ finished_at: db.raw(`finished_at - interval '27 hours'`) });
  const health = await get('/healthz');
  expect(health.statusCode).toBe(503);
  expect(health.json()).toMatchObject({ status: 'stale' });
  expect((await get('/')).body).toContain('小時未成功更新');
  await db('ops.run').update({ finished_at: db.raw(`finished_at + interval '27 hours'`) });
});

test('a run that was applied and owes its report is not called untouched, and the health check fails until it is made up for', async () => {
  const id = runs[2] as number;
  const { stage } = await db('ops.run').where({ id }).first();
  await db('ops.run')
    .where({ id })
    .update({ stage: 'report', error: { code: 'x', message: 'applied, but its report stage failed' } });
  expect(await get('/healthz')).toMatchObject({ statusCode: 503, body: expect.stringContaining('"status":"owing"') });
  const home = (await get('/')).body;
  expect(home).toContain('已寫入，報告或快照未完成');
  expect(home).not.toContain('先前的名冊不受影響');
  await db('ops.run').where({ id }).update({ stage, error: null });
});

test('a snapshot is listed with its files, and a file is downloaded with exactly its bytes', async () => {
  const file = path.join(import.meta.dirname, '..', '..', 'samples', 'campaigns', '113.yaml');
  const campaign = campaignSchema.parse(parse(readFileSync(file, 'utf8')));
  const ctx = { ...makeContext(db, keyring), campaigns: [campaign] };
  const { snapshot } = await createSnapshot(ctx, { campaignId: campaign.id, kind: 'teacher-plan' });
  const list = await get('/snapshots');
  expect(list.body).toContain('教師自我進修規劃');
  for (const { path: name, bytes, sha256 } of snapshot.files) {
    expect(list.body).toContain(`href="/snapshots/${snapshot.id}/${name}"`);
    const answer = await get(`/snapshots/${snapshot.id}/${name}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.length).toBe(bytes);
    expect(`sha256:${hash('sha256', answer.rawPayload)}`).toBe(sha256);
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="${snapshot.id}-${name}"`);
    expect(answer.headers['cache-control']).toBe('no-store');
  }
  expect((await get(`/snapshots/${snapshot.id}/other.csv`)).statusCode).toBe(404);
});

test('every answer forbids scripts, framing and caching', async () => {
  for (const url of ['/', '/runs', `/runs/${runs[1]}`, '/institutions', '/snapshots', '/nowhere', '/site.css']) {
    const { headers } = await get(url);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';style-src 'self';img-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    );
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
  }
});

test('pages hold no script, no inline style and no address outside', async () => {
  for (const url of ['/', '/runs', `/runs/${runs[1]}`, '/institutions', await rosterUrl(), '/snapshots']) {
    const { body } = await get(url);
    expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
    expect(body.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:\/\//);
  }
});

test.each([
  '/runs/999999',
  '/runs/abc',
  '/runs/1e3',
  '/runs/-1',
  '/snapshots/113-teacher-plan-v9/teachers.csv',
  '/snapshots/..%2f..%2fetc/passwd',
  '/nowhere',
  '/runs/%00',
  '/%E0%A4%A',
])('what does not exist (%s) is a 404 page in Chinese', async (url) => {
  const answer = await get(url);
  expect(answer.statusCode).toBe(404);
  expect(answer.body).toContain('找不到這一頁');
  expect(answer.body).not.toMatch(/node_modules|\.ts:\d/);
});

test('a broken database gives a 500 page without a stack trace, and a failing health check', async () => {
  const broken = connect('postgres://nobody@127.0.0.1:1/none');
  const server = serve({ db: broken });
  const page = await server.inject({ url: '/', headers: { host: 'localhost' } });
  expect(page.statusCode).toBe(500);
  expect(page.body).toContain('系統發生錯誤');
  expect(page.body).not.toMatch(/ECONNREFUSED|node_modules|\.ts:\d/);
  const health = await server.inject({ url: '/healthz', headers: { host: 'localhost' } });
  expect(health.statusCode).toBe(500);
  expect(health.json()).toEqual({ status: 'down' });
  await server.close();
  await broken.destroy();
});

test('on loopback only requests that name this machine are answered (DNS rebinding)', async () => {
  expect((await get('/', { host: 'evil.example:4080' })).statusCode).toBe(403);
  expect((await get('/', { host: '127.0.0.1:4080' })).statusCode).toBe(200);
  const open = serve({ config: { ...CONFIG, web: { ...CONFIG.web, host: '0.0.0.0' } } });
  expect((await open.inject({ url: '/', headers: { host: 'roster.example' } })).statusCode).toBe(200);
  await open.close();
});

test('nothing can be changed through the site', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
    const answer = await site.inject({ method, url: '/runs', headers: { host: 'localhost' } });
    expect(answer.statusCode).toBe(404);
  }
});
