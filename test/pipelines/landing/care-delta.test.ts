/** Nights of the care system with deltas between complete lists, told end to end: what a delta settles, and what it must not do. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../warehouse/connect.ts';
import { type CareServer, careCity, startCareServer } from '../../connectors/support/care-server.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';

let server: CareServer;
let small: SmallInstallation;
let db: Database;
beforeAll(async () => {
  server = await startCareServer(careCity(8));
  const source = { ...server.config, pageSize: 50, delta: true, completeEveryNights: 12 };
  small = await openSmallInstallation(1, { sources: [source] });
  db = small.db;
});
afterAll(async () => {
  await small.close();
  await server.close();
});

const moment = (day: number, hour = '02'): string => `2024-08-${String(day).padStart(2, '0')}T${hour}:00:00+08:00`;
/** Changes a person on the afternoon before a night. */
function change(i: number, day: number, changes: Record<string, unknown>): void {
  Object.assign(server.data.staff[i]!, changes, { updatedAt: moment(day - 1, '15') });
}
async function night(day: number, asOf = moment(day)) {
  server.data.asOf = asOf;
  const from = server.requests.length;
  const result = await small.night(moment(day));
  const care = result.sources.find(({ source }) => source === 'care')!;
  const since = server.requests.slice(from).find(({ path }) => path === '/v1/staff')?.changedSince ?? null;
  return { result, care, since };
}
const titles = async (): Promise<string> => {
  const { rows } = await db.raw(
    `SELECT string_agg(key || ' ' || title || CASE WHEN missing_since IS NULL THEN '' ELSE ' missing' END, ', ' ORDER BY key) AS t
     FROM landing.staff_record WHERE source = 'care' AND title <> '教師' OR missing_since IS NOT NULL`,
  );
  return rows[0].t ?? '';
};
const pending = async (): Promise<string[]> =>
  (await db('landing.pending').where({ source: 'care' }).orderBy('key')).map(
    (p: { key: string; reviewing: string | null }) => `${p.key} ${p.reviewing}`,
  );
const quarantined = async (): Promise<string[]> =>
  (await db('landing.quarantine').where({ source: 'care', resolved_run_id: null })).map((q: { key: string }) => q.key);

it('the first night asks for the complete list', async () => {
  const { care, since } = await night(1);
  expect(since).toBeNull();
  expect(care).toMatchObject({ status: 'fresh', read: 11, accepted: 11 });
});

it('the next asks for what changed since; who is silent is not missing', async () => {
  change(0, 2, { title: '園長' });
  change(1, 2, { title: '教保員', reviewStatus: '異動待審', changeType: '異動' });
  change(2, 2, { name: '' });
  const { care, since } = await night(2);
  expect(Date.parse(since!)).toBe(Date.parse(moment(1)));
  expect(care).toMatchObject({ status: 'fresh', read: 3, accepted: 1, excluded: 1, quarantined: 1, missing: 0 });
  expect(await titles()).toBe('S00000 園長');
  expect(await pending()).toEqual(['S00001 異動']);
  expect(await quarantined()).toEqual(['S00002']);
});

it('what was under review or broken is settled by the delta that names it', async () => {
  change(1, 3, { reviewStatus: '核定', changeType: null });
  change(2, 3, { name: '陳美玲' });
  const { care, since } = await night(3);
  expect(Date.parse(since!)).toBe(Date.parse(moment(2)));
  expect(care).toMatchObject({ status: 'fresh', read: 2, accepted: 2 });
  expect(await titles()).toBe('S00000 園長, S00001 教保員');
  expect(await pending()).toEqual([]);
  expect(await quarantined()).toEqual([]);
});

it('a night on which nothing changed is fresh', async () => {
  const { result, care } = await night(4);
  expect(care).toMatchObject({ status: 'fresh', read: 0 });
  expect(result.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
});

it('an older picture is refused, delta or not (I4)', async () => {
  change(0, 5, { title: '教師' });
  const { care } = await night(5, moment(3));
  expect(care).toMatchObject({ status: 'failed' });
  expect(await titles()).toBe('S00000 園長, S00001 教保員');
  const { rows } = await db.raw(
    `SELECT error_code FROM ops.run_source WHERE source = 'care' ORDER BY run_id DESC LIMIT 1`,
  );
  expect(rows).toEqual([{ error_code: 'delivery-older-than-landed' }]);
});

it('the next night makes up for it, since the last picture that was landed', async () => {
  const { care, since } = await night(6);
  expect(Date.parse(since!)).toBe(Date.parse(moment(4)));
  expect(care).toMatchObject({ status: 'fresh', read: 1, accepted: 1 });
  expect(await titles()).toBe('S00001 教保員');
});

it('staff that changed while their institution is under review wait, though the delta does not name it again', async () => {
  Object.assign(server.data.institutions[0]!, { reviewStatus: '異動待審', updatedAt: moment(6, '15') });
  expect((await night(7)).care).toMatchObject({ read: 1, excluded: 1 });
  change(3, 8, { title: '園長' });
  const { care, since } = await night(8);
  expect(since).not.toBeNull();
  expect(care).toMatchObject({ read: 1, excluded: 1 });
  expect(await pending()).toEqual([expect.stringContaining('094280002'), 'S00003 機構待審']);
});

it('the complete list is asked for while somebody waits so, for no delta would name them again', async () => {
  Object.assign(server.data.institutions[0]!, { reviewStatus: '核定', updatedAt: moment(8, '15') });
  const { care, since } = await night(9);
  expect(since).toBeNull();
  expect(care).toMatchObject({ read: 11, accepted: 2, unchanged: 9 });
  expect(await titles()).toBe('S00001 教保員, S00003 園長');
  expect(await pending()).toEqual([]);
});

it('a deleted record appears in no delta: the next complete list notices', async () => {
  server.data.staff.pop();
  expect(await night(20)).toMatchObject({ since: expect.any(String), care: { missing: 0 } });
  expect(await night(21)).toMatchObject({ since: null, care: { missing: 1 } });
  expect(await titles()).toContain('S00007 教師 missing');
});
