/** R12: the feed is read every day in the early morning, unattended, at a configured hour; a rerun changes nothing. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openQueue } from '../../jobs/queue.ts';
import { openScheduler } from '../../jobs/scheduler.ts';
import { configSchema } from '../../schemas/config.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { makeContext } from '../pipelines/report/city.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openStory } from './story.ts';

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

/** The nights that an unattended installation began, looking at each of these moments as its watchdog does every minute. */
async function nightsBegun(moments: readonly string[], schedule: object = {}): Promise<string[]> {
  const queue = openQueue({ databaseUrl: database.url, redisUrl: null }, () => undefined);
  const sources = [{ type: 'institution-list', name: 'schools', path: 's.csv', layout: 'schools' }];
  const config = configSchema.parse({ simulation: true, sources, ...schedule });
  let now = '';
  const sourcesFor = async () => ({ specs: new Map(), systems: {} });
  const clock = async () => now;
  const scheduler = await openScheduler({ ctx: makeContext(db), queue, sourcesFor, config, now: () => now, clock });
  for (now of moments) {
    await scheduler.look();
    await db('ops.run').where({ status: 'running' }).update({ status: 'complete', stage: 'done' });
  }
  scheduler.close();
  await queue.close();
  const runs = await db('ops.run').where({ kind: 'nightly' }).orderBy('id');
  return runs.map((run: { slot: string; clock: string }) => `${run.slot} begun ${run.clock.slice(0, 19)}`);
}

it('R12: without anybody there each night begins at 02:00 Taipei, not a second before, and once', async () => {
  const before = ['2024-07-31T02:00:00+08:00', '2024-08-01T01:59:59+08:00'];
  const after = ['2024-08-01T02:00:00+08:00', '2024-08-01T02:01:00+08:00', '2024-08-01T23:00:00+08:00'];
  expect(await nightsBegun([...before, ...after, '2024-08-02T02:00:00+08:00'])).toEqual([
    'nightly@2024-07-31T02:00 begun 2024-07-31T02:00:00',
    'nightly@2024-08-01T02:00 begun 2024-08-01T02:00:00',
    'nightly@2024-08-02T02:00 begun 2024-08-02T02:00:00',
  ]);
});

it('R12: the hour is configuration: with 03:30 nothing begins at 03:29:59', async () => {
  const schedule = { schedule: { nightly: '03:30' } };
  expect(await nightsBegun(['2024-08-01T03:30:00+08:00', '2024-08-02T03:29:59+08:00'], schedule)).toEqual([
    'nightly@2024-08-01T03:30 begun 2024-08-01T03:30:00',
  ]);
});

it('R12: the night of 08-02 on the picture of 08-01, and that night once more, change nothing', async () => {
  const story = await openStory({
    institutions: [kindergarten('0942800021')],
    staff: [teacher('甲', '0942800021'), teacher('乙', '0942800021')],
  });
  try {
    const first = await story.night('2024-08-02');
    expect(first.changes.assignments).toEqual({ added: 2, changed: 0, ended: 0 });
    const { db: ofStory, ctx } = story.small;
    const hash = await warehouseHash(ofStory, ctx.keyring);
    for (const day of ['2024-08-03', '2024-08-03']) {
      const again = await story.night(day);
      expect(again.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
      expect(await warehouseHash(ofStory, ctx.keyring)).toBe(hash);
    }
  } finally {
    await story.close();
  }
});
