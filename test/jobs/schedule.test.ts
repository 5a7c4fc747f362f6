import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCampaigns, readConfig } from '../../cli/read-config.ts';
import type { ConnectorContext, Sight } from '../../connectors/contract.ts';
import { openQueue } from '../../jobs/queue.ts';
import { openScheduler } from '../../jobs/scheduler.ts';
import { runsFor } from '../../jobs/start-run.ts';
import type { PipelineContext } from '../../pipelines/context.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { failedClosings } from '../../warehouse/closings.ts';
import { connect, type Database } from '../../warehouse/connect.ts';
import { makeKeyring } from '../../warehouse/keyring.ts';
import { claimRun, createRun, failRun, finishRun, type NewRun } from '../../warehouse/runs.ts';
import { dueSlot, listSchedules, saveSchedule } from '../../warehouse/schedules.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeTestLogger } from '../support/test-logger.ts';

let database: TestDatabase;
let db: Database;
let ctx: PipelineContext;
const { config, configDir } = readConfig('samples/mingce.yaml');

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  const campaigns = readCampaigns(config, configDir);
  const signal = new AbortController().signal;
  const log = makeTestLogger().logger;
  ctx = {
    db,
    keyring: makeKeyring(Buffer.alloc(32, 7)),
    log,
    signal,
    campaigns,
    guards: config.guards,
    progress: () => undefined,
  };
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const asked = (clock: string): NewRun => ({
  kind: 'nightly',
  clock,
  simulated: true,
  dryRun: false,
  onlySources: null,
  slot: null,
});
const kinds = async (clock: string): Promise<string[]> =>
  (await runsFor(ctx, asked(clock))).map((r) => `${r.kind} ${r.clock}`);
const CUT_OFF = '2024-08-02T17:00:00+08:00';

it('an installation set up after a cut-off has nothing to freeze', async () => {
  expect(await kinds('2024-08-03T02:00:00+08:00')).toEqual(['nightly 2024-08-03T02:00:00+08:00']);
});

it('the first run after a cut-off is preceded by its closing run, once (R24)', async () => {
  const before = await createRun(db, asked('2024-08-02T02:00:00+08:00'));
  await db('ops.run')
    .where({ id: before?.id })
    .update({ recorded_at: '2024-08-02T02:00:01+08:00', status: 'complete' });
  expect(await kinds('2024-08-02T16:59:59+08:00')).toEqual(['nightly 2024-08-02T16:59:59+08:00']);
  expect(await kinds(CUT_OFF)).toEqual([`closing ${CUT_OFF}`]);
  const [closing, nightly] = await runsFor(ctx, asked('2024-08-03T02:00:00+08:00'));
  expect([closing?.kind, closing?.clock, nightly?.kind]).toEqual(['closing', CUT_OFF, 'nightly']);
  await createRun(db, closing as NewRun);
  await db('ops.run').update({ status: 'complete' });
  expect(await kinds('2024-08-03T02:00:00+08:00')).toEqual(['nightly 2024-08-03T02:00:00+08:00']);
});

it('the newest firing that is due is named by its local day, also across midnight UTC', async () => {
  await saveSchedule(db, { name: 'probe', at_time: '02:00', time_zone: 'Asia/Taipei' });
  expect((await dueSlot(db, 'probe', '2024-07-31T17:59:59Z')).slot).toBe('probe@2024-07-31T02:00');
  const due = await dueSlot(db, 'probe', '2024-07-31T18:00:00Z');
  expect(due).toMatchObject({ slot: 'probe@2024-08-01T02:00', late: 0, taken: false });
  await createRun(db, { ...asked('2024-08-01T02:00:00+08:00'), slot: due.slot });
  expect((await dueSlot(db, 'probe', '2024-07-31T18:30:00Z')).taken).toBe(true);
  await db('ops.schedule').where({ name: 'probe' }).delete();
});

it('in real operation the watchdog looks at inboxes on servers, each by itself, and knows them from then on', async () => {
  await db('ops.run').update({ status: 'complete' });
  const queue = openQueue({ databaseUrl: database.url, redisUrl: null }, () => undefined);
  const files = [{ path: '064601.csv', stamp: '3:1' }];
  const broken = { look: () => Promise.reject(new SourceError('inbox-missing', { inbox: 'sftp://x', reason: '2' })) };
  const seen: Sight[][] = [];
  const whole = {
    look: async (look: ConnectorContext) => {
      seen.push((await look.sights?.('roster', files)) ?? []);
    },
  };
  const specs = new Map([broken, {}, whole].map((connector, i) => [`s${i}`, { connector }])) as never;
  // Too late for the night that was due at two.
  let now = '2024-08-01T12:00:00Z';
  const deps = {
    ...{ ctx, queue, sourcesFor: async () => ({ specs, systems: {} }), now: () => now, clock: async () => now },
    config: { ...config, simulation: false },
  };
  const scheduler = await openScheduler(deps);
  await scheduler.look();
  now = '2024-08-01T12:01:00Z';
  await scheduler.look();
  scheduler.close();
  expect(seen.map(([sight]) => sight?.arrived)).toEqual(Array(2).fill(Date.parse('2024-08-01T12:00:00Z')));
  const rehearsing = await openScheduler({ ...deps, config });
  await rehearsing.look();
  rehearsing.close();
  expect(seen).toHaveLength(2);
  await queue.close();
});

it('after a cut-off the watchdog begins the closing run, and the night itself when that has ended', async () => {
  await db('ops.run').update({ status: 'complete', slot: null, kind: 'nightly' });
  const queue = openQueue({ databaseUrl: database.url, redisUrl: null }, () => undefined);
  const sourcesFor = async () => ({ specs: new Map(), systems: {} });
  const clock = async () => '2024-08-03T02:00:00+08:00';
  const scheduler = await openScheduler({ ctx, queue, sourcesFor, config, now: () => '2024-08-02T18:00:30Z', clock });
  const running = () => db('ops.run').where({ status: 'running' }).select('kind');
  await scheduler.look();
  expect(await running()).toEqual([{ kind: 'closing' }]);
  await scheduler.look();
  expect(await running()).toEqual([{ kind: 'closing' }]);
  await db('ops.run').where({ status: 'running' }).update({ status: 'complete' });
  await scheduler.look();
  expect(await running()).toEqual([{ kind: 'nightly' }]);
  scheduler.close();
  await queue.close();
});

it('a run whose jobs the queue lost is handed over anew (I9)', async () => {
  const queue = openQueue({ databaseUrl: database.url, redisUrl: null }, () => undefined);
  const sourcesFor = async () => ({ specs: new Map(), systems: {} });
  await db('ops.run').update({ status: 'complete' });
  const scheduler = await openScheduler({
    ctx,
    queue,
    sourcesFor,
    config,
    now: () => CUT_OFF,
    clock: async () => CUT_OFF,
  });
  const run = await createRun(db, asked('2024-08-04T02:00:00+08:00'));
  if (!run) throw new Error('no run');
  expect(await queue.holds(run.id)).toBe(false);
  await scheduler.look();
  expect(await queue.holds(run.id)).toBe(true);
  const held = await queue.counts();
  await scheduler.look();
  expect(await queue.counts()).toEqual(held);
  scheduler.close();
  await queue.close();
});

it('a queue that lost its schedule gets it back from our row', async () => {
  const queue = openQueue({ databaseUrl: database.url, redisUrl: null }, () => undefined);
  const sourcesFor = async () => ({ specs: new Map(), systems: {} });
  const open = () => openScheduler({ ctx, queue, sourcesFor, config, now: () => CUT_OFF, clock: async () => CUT_OFF });
  await db('ops.run').update({ status: 'complete' });
  (await open()).close();
  const inQueue = async (): Promise<number> => (await queue.counts()).delayed ?? 0;
  expect(await inQueue()).toBe(1);
  await queue.removeSchedule('nightly');
  expect(await inQueue()).toBe(0);
  (await open()).close();
  expect(await inQueue()).toBe(1);
  expect(await listSchedules(db)).toEqual([
    { name: 'nightly', at_time: '02:00', time_zone: 'Asia/Taipei', enabled: true },
  ]);
  await queue.close();
});

it('a closing run that fails is tried once a night, and the night itself runs all the same', async () => {
  await db('ops.run').update({ status: 'complete', slot: null, kind: 'nightly' });
  const queue = openQueue({ databaseUrl: database.url, redisUrl: null }, () => undefined);
  const sourcesFor = async () => ({ specs: new Map(), systems: {} });
  const { logger, text } = makeTestLogger();
  const before = (await db('ops.run').max('id as id').first())?.id;
  for (const day of [3, 4]) {
    let minute = 0;
    const now = () => `2024-08-0${day - 1}T18:0${minute}:30Z`;
    const clock = async () => `2024-08-0${day}T02:00:00+08:00`;
    const scheduler = await openScheduler({ ctx: { ...ctx, log: logger }, queue, sourcesFor, config, now, clock });
    for (; minute < 6; minute += 1) {
      await scheduler.look();
      const run = await db('ops.run').where({ status: 'running' }).first();
      const claim = run && (await claimRun(db, run.id, 'w'));
      if (claim && run.kind === 'closing') await failRun(db, claim, { code: 'x', message: 'refused' });
      else if (claim) await finishRun(db, claim, { status: 'complete' });
    }
    scheduler.close();
  }
  const made = await db('ops.run').where('id', '>', before).orderBy('id');
  expect(made.map((r) => [r.kind, r.status, r.asked_in ?? r.slot])).toEqual([
    ['closing', 'failed', 'nightly@2024-08-03T02:00'],
    ['nightly', 'complete', 'nightly@2024-08-03T02:00'],
    ['closing', 'failed', 'nightly@2024-08-04T02:00'],
    ['nightly', 'complete', 'nightly@2024-08-04T02:00'],
  ]);
  expect(text()).toContain('the closing run failed: it is tried again with the next night');
  expect(await failedClosings(db)).toEqual([made[2].id]);
  await queue.close();
});
