/** A school's file with only half its teachers (I6): held, decided by a second person on its exact hash, carried out once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { type Decision, decide } from '../../pipelines/decide.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import type { ActingUser } from '../../schemas/users.ts';
import type { Database } from '../../warehouse/connect.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN, OPS } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const CHEN: ActingUser = { name: 'chen', role: 'bureau', institutionCode: null };

let small: SmallInstallation;
let db: Database;

beforeAll(async () => {
  small = await openSmallInstallation(1, { roster: { handedInBy: ['chen'] } });
  db = small.db;
  await addBureau(db, ['lin', 'chen']);
});
afterAll(() => small.close());

const teacher = (n: number, title = '教師', change = ',') =>
  `${n < 100 ? '064601' : '064602'},${nationalId(n)},${'王李陳林'[n % 4]}小${'一二三四五六七八九十'[n % 10]},70/05/06,${title},${change}`;
const teachers = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => teacher(from + i));

async function serving(): Promise<Record<string, number>> {
  const { rows } = await db.raw(
    `SELECT i.source_key AS school, count(*)::int AS n FROM warehouse.assignment_version v JOIN warehouse.assignment a ON a.id = v.assignment_id
     JOIN warehouse.institution i ON i.id = a.institution_id
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ school, n }: { school: string; n: number }) => [school.slice(0, 6), n]));
}
const titles = async (school: string): Promise<string[]> => {
  const { rows } = await db.raw(
    `SELECT DISTINCT v.title FROM warehouse.assignment_version v JOIN warehouse.assignment a ON a.id = v.assignment_id
     JOIN warehouse.institution i ON i.id = a.institution_id WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' AND i.source_key LIKE ? ORDER BY 1`,
    [`${school}%`],
  );
  return rows.map(({ title }: { title: string }) => title);
};
const openCodes = async (): Promise<string[]> =>
  (await db('review.exception').where({ closed_at: null }).orderBy('code').distinct('code')).map(({ code }) => code);
const asked = (planHash: string, by: ActingUser, verdict: Decision['verdict'] = 'approve'): Decision => ({
  planHash,
  verdict,
  by,
  reason: '已電話向學校確認',
  at: '2024-10-03T09:00:00+08:00',
  handedInBy: new Map([['roster', ['chen']]]),
});

let first: string;

it('two schools are loaded for the first time: nothing is held', async () => {
  await small.send('064601.csv', '2024-09-30T10:00:00+08:00', [HEAD, ...teachers(0, 10)]);
  await small.send('064602.csv', '2024-09-30T10:00:00+08:00', [HEAD, ...teachers(100, 110)]);
  const result = await small.night('2024-10-01T02:00:00+08:00');
  expect(result).toMatchObject({ status: 'complete', held: [] });
  expect(await serving()).toEqual({ '064601': 10, '064602': 10 });
});

it('a file with half of the one is held; the other is applied', async () => {
  const promoted = teachers(0, 5).map((line, i) => (i === 0 ? line.replace('教師', '組長') : line));
  await small.send('064601.csv', '2024-10-01T10:00:00+08:00', [HEAD, ...promoted]);
  await small.send('064602.csv', '2024-10-01T10:00:00+08:00', [HEAD, ...teachers(100, 111)]);
  const dry = await small.night('2024-10-02T01:00:00+08:00', true);
  expect(dry).toMatchObject({ status: 'held', held: [{ institution: '064601' }] });
  expect(await listHolds(db)).toEqual([]);

  const result = await small.night('2024-10-02T02:00:00+08:00');
  expect(result.status).toBe('held');
  expect(result.held).toEqual([
    {
      institution: '064601',
      reason: expect.stringContaining('5 of 10 people would end or are missing'),
      planHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    },
  ]);
  first = result.held[0]!.planHash;
  expect(await serving()).toEqual({ '064601': 10, '064602': 11 });
  expect(await titles('064601')).toEqual(['教師']);
  expect(await openCodes()).not.toContain('missing-from-roster');
});

it('what is held shows why, whom, and what would change', async () => {
  const [hold, ...others] = await listHolds(db);
  expect(others).toEqual([]);
  expect(hold).toMatchObject({ planHash: first, state: 'open', missing: 5, changes: 1, decision: null });
  expect(hold!.groups).toEqual([
    { group: '未列', count: 5 },
    { group: '職稱異動', count: 1 },
  ]);
  expect(hold!.rows.at(-1)).toMatchObject({ group: '職稱異動', name: '王小一', detail: '教師 → 組長' });
  expect(hold!.rows.filter((r) => r.group === '未列').map((r) => r.name)).toContain('王小九');
  const report = await buildReport(db, Number((await small.night('2024-10-02T03:00:00+08:00')).run));
  expect(report.held.map((h) => h.planHash)).toEqual([first]);
});

it('the same proposal on the next night is the same hold', async () => {
  const result = await small.night('2024-10-03T02:00:00+08:00');
  expect(result.held.map((h) => h.planHash)).toEqual([first]);
  expect(await db('review.hold').count('* as n').first()).toEqual({ n: 1 });
});

it('neither who handed it in nor ops can approve it, and a hash that nobody proposed is unknown', async () => {
  await expect(decide(db, asked(first, CHEN))).rejects.toThrow(/須由另一人核定/);
  await expect(decide(db, asked(first, OPS))).rejects.toThrow(/ops/);
  await expect(decide(db, asked(`sha256:${'0'.repeat(64)}`, LIN))).rejects.toThrow(/沒有這份暫停的異動/);
  expect(await db('review.hold_decision').count('* as n').first()).toEqual({ n: 0 });
});

it('an approval of a plan whose inputs moved is refused with the difference', async () => {
  await small.send('064601.csv', '2024-10-03T10:00:00+08:00', [HEAD, ...teachers(0, 6)]);
  const result = await small.night('2024-10-04T02:00:00+08:00');
  const second = result.held[0]!.planHash;
  expect(second).not.toBe(first);
  await expect(decide(db, asked(first, LIN))).rejects.toThrow(
    new RegExp(`第 ${result.run} 次執行後.*${second}（多 0 筆、少 2 筆）`),
  );
  expect((await listHolds(db)).map((h) => h.planHash)).toEqual([second]);
});

it('an approval that was given is void where the inputs move before it is carried out', async () => {
  const [hold] = await listHolds(db);
  await decide(db, asked(hold!.planHash, LIN));
  await small.send('064601.csv', '2024-10-04T10:00:00+08:00', [HEAD, ...teachers(0, 5)]);
  const result = await small.night('2024-10-05T02:00:00+08:00');
  expect(result).toMatchObject({ status: 'held', held: [{ institution: '064601' }] });
  expect(await openCodes()).not.toContain('missing-from-roster');
  await expect(decide(db, asked(hold!.planHash, LIN))).rejects.toThrow(/已非目前的內容/);
});

it('a second person approves the very plan; it is carried out once, however often that is sent', async () => {
  const [hold] = await listHolds(db);
  const before = await warehouseHash(db, small.ctx.keyring);
  const decisions = await Promise.all([1, 2, 3].map(() => decide(db, asked(hold!.planHash, LIN))));
  expect(decisions.map((d) => d.already).sort()).toEqual([false, true, true]);
  const run = await small.carryOut('2024-10-05T09:00:00+08:00');
  expect(run).toMatchObject({ kind: 'decision', status: 'complete', held: [] });
  expect(await listHolds(db)).toEqual([]);
  // Nobody ended: missing people are asked about, now that it is known that they are.
  expect(await serving()).toEqual({ '064601': 10, '064602': 11 });
  expect(await openCodes()).toContain('missing-from-roster');
  expect(await warehouseHash(db, small.ctx.keyring)).toBe(before);
  expect((await decide(db, asked(hold!.planHash, LIN))).already).toBe(true);
  await expect(decide(db, asked(hold!.planHash, LIN, 'discard'))).rejects.toThrow(/已由 lin 核定/);
  const again = await small.carryOut('2024-10-05T10:00:00+08:00');
  expect(again).toMatchObject({ status: 'complete', changes: { assignments: { added: 0, changed: 0, ended: 0 } } });
  expect((await small.night('2024-10-06T02:00:00+08:00')).status).toBe('complete');
});

it('an approval takes both sides of a transfer, and a hold both sides with it', async () => {
  // Four of the eleven of 064602 are registered by 064601: one more than a fifth would leave.
  const moved = [100, 101, 102, 103].map((n) =>
    teacher(n).replace('064602', '064601').replace(/,,$/, ',轉入,113/10/07'),
  );
  await small.send('064601.csv', '2024-10-06T10:00:00+08:00', [HEAD, ...teachers(0, 10), ...moved]);
  const result = await small.night('2024-10-07T02:00:00+08:00');
  expect(result.held.map((h) => h.institution)).toEqual(['064602']);
  expect(await serving()).toEqual({ '064601': 10, '064602': 11 });
  const [hold] = await listHolds(db);
  expect(new Set(hold!.rows.map((r) => r.institution.code))).toEqual(new Set(['064601', '064602']));
  await decide(db, asked(hold!.planHash, LIN));
  await small.carryOut('2024-10-07T09:00:00+08:00');
  expect(await serving()).toEqual({ '064601': 14, '064602': 7 });
});

it('what is discarded stays out without asking again, until the source says something else', async () => {
  await small.send('064602.csv', '2024-10-07T10:00:00+08:00', [
    HEAD,
    ...[104, 105, 106].map((n) => teacher(n, '教師', '離職,113/10/07')),
    ...teachers(107, 111),
  ]);
  const result = await small.night('2024-10-08T02:00:00+08:00');
  const { planHash } = result.held[0]!;
  await decide(db, asked(planHash, LIN, 'discard'));
  expect((await decide(db, asked(planHash, LIN, 'discard'))).already).toBe(true);
  const quiet = await small.night('2024-10-09T02:00:00+08:00');
  expect(quiet).toMatchObject({ status: 'complete', held: [] });
  expect(await serving()).toEqual({ '064601': 14, '064602': 7 });
  expect((await listHolds(db)).map((h) => h.state)).toEqual(['discarded']);
  await small.send('064602.csv', '2024-10-09T10:00:00+08:00', [
    HEAD,
    teacher(104, '教師', '離職,113/10/07'),
    ...teachers(105, 111),
  ]);
  expect((await small.night('2024-10-10T02:00:00+08:00')).status).toBe('complete');
  expect(await serving()).toEqual({ '064601': 14, '064602': 6 });
  expect(await listHolds(db)).toEqual([]);
});

it('a hold that nobody decides expires after thirty days, to the day', async () => {
  await small.send('064602.csv', '2024-10-10T10:00:00+08:00', [HEAD, ...teachers(105, 107)]);
  expect((await small.night('2024-10-11T02:00:00+08:00')).status).toBe('held');
  expect((await small.night('2024-11-10T02:00:00+08:00')).status).toBe('held');
  expect((await listHolds(db)).map((h) => h.state)).toEqual(['open']);
  await small.night('2024-11-10T02:00:01+08:00');
  expect((await listHolds(db)).map((h) => h.state)).toEqual(['expired']);
  const after = await small.night('2024-11-11T02:00:00+08:00');
  expect(after.status).toBe('complete');
  expect(await openCodes()).toContain('missing-from-roster');
});
