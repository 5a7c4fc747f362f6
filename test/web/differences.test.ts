/** The page of what differs between two snapshots. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, expect, it } from 'vitest';
import { shredSnapshot } from '../../pipelines/snapshot/shred-snapshot.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import { LIN } from '../support/users.ts';
import { consumerWorld, SCHOOLS, TEACHERS } from './api/consumer-world.ts';

const own = consumerWorld(20);
const NEXT = '2024-08-03T02:00:00+08:00';
const NEWER = '113-teacher-plan-v2';
let site: FastifyInstance;
const get = (url: string) => site.inject({ url, headers: { host: 'localhost' } });
const page = (id = NEWER, since = TEACHERS) => get(`/snapshots/${id}/differences?since=${since}`);

beforeAll(async () => {
  const { world } = own;
  const runId = await world.run(NEXT);
  const late = { recordedFrom: NEXT, runId };
  await world.assign(await world.person('<遲到者>', 'B123456780', late), 1, late, 'roster/x');
  const correction = { by: LIN, reason: '學校補送', at: '2024-08-03T08:00:00+08:00' };
  await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan', correction });
  site = own.serve();
});

it('it is reached from the list, draws the reasons, and lists each row with its grounds, escaped', async () => {
  expect((await get('/snapshots')).body).toContain(`href="/snapshots/${NEWER}/differences?since=${TEACHERS}"`);
  const { statusCode, body } = await page();
  expect(statusCode).toBe(200);
  expect(body).toContain('新增 <strong>1</strong>、變更 <strong>0</strong>、移除 <strong>0</strong>');
  expect(body).toContain('更正 113-teacher-plan-v1：學校補送（lin 核定');
  expect(body).toContain('<title>各種原因的列數</title>');
  expect(body).toContain('&lt;遲到者&gt;');
  expect(body).not.toContain('<遲到者>');
  expect(body).toContain('晚到');
  expect(body).toContain('第 2 次執行 首次登錄，登錄 2024-07-01 08:00');
});

it('what cannot be compared is said, and what is not there is not found', async () => {
  const other = await page(NEWER, SCHOOLS);
  expect([other.statusCode, other.body.includes('兩個快照的種類不同，無法比較。')]).toEqual([409, true]);
  for (const url of [
    `/snapshots/${NEWER}/differences`,
    `/snapshots/${NEWER}/differences?since=113-teacher-plan-v9`,
    `/snapshots/${NEWER}/differences?since=x&since=y`,
    `/snapshots/113-teacher-plan-v9/differences?since=${TEACHERS}`,
  ])
    expect((await get(url)).statusCode, url).toBe(404);
  await shredSnapshot(own.world.ctx, { id: TEACHERS, by: LIN, reason: '目的消失', at: '2024-08-03T09:00:00+08:00' });
  const gone = await page();
  expect([gone.statusCode, gone.body.includes('明細已銷毀，無法比較')]).toEqual([409, true]);
});

it('a snapshot that does not know whom its rows stand for says so', async () => {
  const { db } = own.world;
  await db.raw('ALTER TABLE ops.snapshot_file DISABLE TRIGGER snapshot_file_immutable');
  await db('ops.snapshot_file').where({ snapshot_id: NEWER, path: '.entities' }).delete();
  const old = await page(NEWER, NEWER);
  expect([old.statusCode, old.body.includes('較早版本的程式所產生的快照')]).toEqual([409, true]);
});
