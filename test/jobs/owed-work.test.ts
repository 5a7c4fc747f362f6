/** What breaks after a run was applied: it is told truly, keeps nobody waiting, and is made up for. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../cli/read-config.ts';
import { openScheduler } from '../../jobs/scheduler.ts';
import { CAMPAIGN } from '../pipelines/snapshot/world.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { until } from '../support/until.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,異動別,異動日期';
const WANG = '064601,A123456789,王小明,男,70/05/06,教師,國語,,';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation(1, { campaigns: [CAMPAIGN] });
  await small.db.raw(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$`,
  );
});
afterAll(() => small.close());

/** Breaks a stage for as long as the work goes on. */
async function broken<T>(trigger: string, table: string, work: () => Promise<T>): Promise<T> {
  await small.db.raw(`CREATE TRIGGER broken ${trigger} EXECUTE FUNCTION refuse()`);
  try {
    return await work();
  } finally {
    await small.db.raw(`DROP TRIGGER broken ON ${table}`);
  }
}
const noReport = <T>(work: () => Promise<T>) =>
  broken(`BEFORE UPDATE ON ops.run FOR EACH ROW WHEN (NEW.stage = 'snapshot')`, 'ops.run', work);
const noSnapshot = <T>(work: () => Promise<T>) =>
  broken('BEFORE INSERT ON ops.snapshot FOR EACH ROW', 'ops.snapshot', work);
const run = (id: string) => small.db('ops.run').where({ id }).first();
const assignments = async () => (await small.db('warehouse.assignment').count('* as n'))[0]?.n;
const snapshots = () => small.db('ops.snapshot').select('id', 'run_id', 'recorded_through').orderBy('id');

it('a run whose report broke after it was applied does not claim that nothing was applied', async () => {
  await small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG]);
  const result = await noReport(() => small.night('2024-07-30T02:00:00+08:00'));
  expect(await assignments()).toBe(1);
  expect(result).toMatchObject({ status: 'complete', changes: { assignments: { added: 1 } }, warehouseHash: null });
  expect(result.error?.message).toContain('applied, but its report stage failed');
  expect(await run(result.run)).toMatchObject({ status: 'complete', stage: 'report' });
  expect(small.log.text()).toContain('run applied, but it owes its report or snapshots');
});

it('the database itself refuses to call an applied run failed', async () => {
  const failing = small.db('ops.run').whereNotNull('recorded_at').update({ status: 'failed' });
  await expect(failing).rejects.toMatchObject({ constraint: 'failed_applied_nothing' });
});

it('the next sync makes up for the report before its own run, and is not held up', async () => {
  const results = await small.runs('2024-07-31T02:00:00+08:00');
  expect(results.map((r) => [r.status, r.error, r.warehouseHash !== null])).toEqual([
    ['complete', null, true],
    ['complete', null, true],
  ]);
  expect(results[0]?.clock).toBe('2024-07-30T02:00:00+08:00');
  expect(results[0]?.warehouseHash).toBe(results[1]?.warehouseHash);
});

it('a closing run whose snapshots break says so, the night goes on, and the freeze is made up for unaltered', async () => {
  await small.send('064601-b.csv', '2024-08-02T16:00:00+08:00', [HEAD, WANG.replace('國語', '數學')]);
  await small.send('064601-c.csv', '2024-08-02T18:00:00+08:00', [HEAD, WANG.replace('國語', '自然')]);
  const [closing, night] = await noSnapshot(() => small.runs('2024-08-03T02:00:00+08:00'));
  expect(closing).toMatchObject({ kind: 'closing', status: 'complete', snapshots: [] });
  expect(closing?.error?.message).toContain('its snapshot stage failed');
  expect(night).toMatchObject({ kind: 'manual', status: 'complete', error: null });
  const [made] = await small.runs('2024-08-04T02:00:00+08:00');
  expect(made).toMatchObject({
    run: closing?.run,
    error: null,
    snapshots: expect.arrayContaining(['113-teacher-plan-v1']),
  });
  const { recorded_at } = await run(closing?.run as string);
  expect((await snapshots()).map((s) => s.recorded_through)).toEqual([recorded_at, recorded_at]);
});

it('the schedule takes up what is owed once a night, and then begins the night itself', async () => {
  const { db, engine } = small;
  const owing = await noReport(() => small.night('2024-08-04T12:00:00+08:00'));
  const { config } = readConfig('samples/mingce.yaml');
  const at = (now: string, clock: string) =>
    openScheduler({ ...engine, config, now: () => now, clock: async () => clock });
  const idle = () => until('no run goes on', async () => !(await db('ops.run').where({ status: 'running' }).first()));
  const newest = async () => (await db('ops.run').orderBy('id', 'desc').first()).slot;
  const scheduler = await at('2024-08-04T18:00:30Z', '2024-08-05T02:00:00+08:00');
  await noReport(async () => {
    await scheduler.look();
    expect(await run(owing.run)).toMatchObject({ status: 'running', asked_in: 'nightly@2024-08-05T02:00' });
    await idle();
    expect(await run(owing.run)).toMatchObject({ status: 'complete', stage: 'report' });
  });
  await scheduler.look();
  await idle();
  expect(await newest()).toBe('nightly@2024-08-05T02:00');
  await scheduler.look();
  expect(await db('ops.run').where({ status: 'running' })).toEqual([]);
  scheduler.close();
});
