/** Ends that lie on or before what was last known: of an account, and of a spell of the care system's. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { type Institution, makeContext, play, type Staff } from '../../pipelines/report/city.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let db: Database;
let ctx: PipelineContext;
beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  ctx = makeContext(db);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const SCHOOL: Institution = {
  source: 'schools',
  key: '193601:國小',
  code: '193601',
  section: '國小',
  name: '市立中區光復國小',
  district: '中區',
};
const GARDEN: Institution = { ...SCHOOL, source: 'care', key: '0942800021', code: '0942800021', section: '幼兒園' };
const LEAD = { source: 'accounts/193601', code: '193601', name: 'guangfu01', holder: '王小明' };
const ANNA: Staff = { source: 'care', key: 's1', code: '0942800021', name: '林安', id: 'F229999993' };

const account = async (): Promise<string[]> =>
  (
    await db.raw(
      `SELECT valid_from || ' ' || valid_to || ' ' || state AS line FROM warehouse.account_version WHERE recorded_to = 'infinity' ORDER BY valid_from, valid_to`,
    )
  ).rows.map((r: { line: string }) => r.line);
const spells = async (): Promise<string[]> =>
  (
    await db.raw(
      `SELECT a.spell || ' ' || v.valid_from || ' ' || v.valid_to AS line FROM warehouse.assignment a
       JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to ORDER BY 1`,
    )
  ).rows.map((r: { line: string }) => r.line);

it('R22: an account deleted on the day of its last change, or by an earlier registration, is gone from then on, and its history stands', async () => {
  await play(ctx, { clock: '2024-08-01T02:00:00+08:00', institutions: [SCHOOL, GARDEN], accounts: [LEAD] });
  await play(ctx, { clock: '2024-08-10T02:00:00+08:00', accounts: [{ ...LEAD, state: '停用' }] });
  await play(ctx, { clock: '2024-08-10T12:00:00+08:00', accounts: [{ ...LEAD, state: '刪除' }] });
  expect(await account()).toEqual(['2024-08-01 2024-08-10 啟用', '2024-08-10 2024-08-10 停用']);
  await play(ctx, { clock: '2024-08-11T02:00:00+08:00', accounts: [{ ...LEAD, name: 'guangfu02' }] });
  await play(ctx, { clock: '2024-08-11T03:00:00+08:00', accounts: [{ ...LEAD, name: 'guangfu02', state: '刪除' }] });
  expect(await account()).toContain('2024-08-11 2024-08-11 啟用');
});

it('R11: the care system takes a mistaken return back by the leave that it told before', async () => {
  const night = (day: string, said: Partial<Staff>) =>
    play(ctx, { clock: `${day}T02:00:00+08:00`, staff: [{ ...ANNA, ...said }] });
  await night('2024-08-12', { startOn: '2024-08-01' });
  await night('2024-09-01', { startOn: '2024-08-01', endOn: '2024-08-31', endReason: '離職' });
  await night('2024-09-04', { startOn: '2024-09-03' });
  expect(await spells()).toEqual(['1 2024-08-01 2024-08-31', '2 2024-09-03 infinity']);
  await night('2024-09-05', { startOn: '2024-08-01', endOn: '2024-08-31', endReason: '離職' });
  expect(await spells()).toEqual(['1 2024-08-01 2024-08-31']);
});
