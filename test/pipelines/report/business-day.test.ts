/** Who is in service is asked of the run's business day: one who leaves later is still there, one who comes later is not there yet. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { buildReport } from '../../../pipelines/report/build-report.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { warehouseHash } from '../../../warehouse/views/hash.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type Institution, makeContext, type Night, play, type Staff } from './city.ts';

const SCHOOL: Institution = {
  source: 'schools',
  key: '193601:國小',
  code: '193601',
  section: '國小',
  name: '市立中區光復國小',
  district: '中區',
};
const teacher = (key: string, name: string, id: string, more: Partial<Staff>): Staff => ({
  source: 'roster/193601',
  key,
  code: '193601',
  name,
  id,
  startOn: '2020-08-01',
  ...more,
});
const STAYS = teacher('a1', '王小明', 'A123456789', {});
const LEAVES = teacher('a2', '林美玲', 'B123456780', { endOn: '2024-08-01', endReason: '退休' });
const COMES = teacher('a3', '陳志豪', 'C123456781', { startOn: '2024-08-01' });
const FIRST: Night = {
  clock: '2024-07-30T02:00:00+08:00',
  institutions: [SCHOOL],
  staff: [STAYS, LEAVES, COMES],
};

const databases: TestDatabase[] = [];
const handles: Database[] = [];
async function installation(): Promise<PipelineContext> {
  const database = await createTestDatabase();
  databases.push(database);
  const db = connect(database.url);
  handles.push(db);
  return makeContext(db);
}

let ctx: PipelineContext;
beforeAll(async () => {
  ctx = await installation();
});
afterAll(async () => {
  for (const db of handles) await db.destroy();
  for (const database of databases) await database.drop();
});

async function counted(night: Night): Promise<{ people: number; missing: number }> {
  const report = await buildReport(ctx.db, await play(ctx, night));
  return { people: report.totals.people, missing: report.missing.reduce((sum, m) => sum + m.people, 0) };
}

it('before the day the leaver is counted and the newcomer is not, after it the other way round, and nobody writes a version for that', async () => {
  expect(await counted(FIRST)).toEqual({ people: 2, missing: 0 });
  expect(await counted({ clock: '2024-07-31T02:00:00+08:00' })).toEqual({ people: 2, missing: 0 });
  const { rows } = await ctx.db.raw('SELECT count(*) AS n FROM warehouse.assignment_version');
  expect(await counted({ clock: '2024-08-01T02:00:00+08:00' })).toEqual({ people: 2, missing: 0 });
  const after = await ctx.db.raw('SELECT count(*) AS n FROM warehouse.assignment_version');
  expect(after.rows).toEqual(rows);
});

it('who is missing from a list is asked about as long as the day finds them in service', async () => {
  const gone = { ...COMES, missing: true };
  expect(await counted({ clock: '2024-08-02T02:00:00+08:00', staff: [gone] })).toEqual({ people: 2, missing: 1 });
});

it('the hash tells an ended spell, its day and its reason, whatever the keys of the installation', async () => {
  const hashed = async (leaves: Staff): Promise<string> => {
    const other = await installation();
    await play(other, { ...FIRST, staff: [STAYS, leaves, COMES] });
    return warehouseHash(other.db, other.keyring);
  };
  const hash = await hashed(LEAVES);
  expect(await hashed(LEAVES)).toBe(hash);
  expect(await hashed({ ...LEAVES, endOn: '2024-08-02' })).not.toBe(hash);
  expect(await hashed({ ...LEAVES, endReason: '離職' })).not.toBe(hash);
});
