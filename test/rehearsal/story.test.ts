/** One school's files told as a story, end to end, on a small installation without a rehearsal: what a night does, and what it must not do. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import type { Database } from '../../warehouse/connect.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

/** SHA-256 of A123456789, as a source without plain identifiers gives it. */
const DIGEST = '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13';
const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,異動別,異動日期';
const HASHED = HEAD.replace('身分證字號', '身分證編碼');

let small: SmallInstallation;
let db: Database;

beforeAll(async () => {
  small = await openSmallInstallation();
  db = small.db;
});
afterAll(() => small.close());

const send: SmallInstallation['send'] = (...args) => small.send(...args);
const night: SmallInstallation['night'] = (...args) => small.night(...args);

/** Who serves where, and who left why, as the roster says now. */
async function roster(): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT p.name || ' ' || i.source_key || ' ' || v.valid_from || CASE WHEN v.end_reason IS NOT NULL THEN ' ' || v.end_reason || ' ' || v.valid_to ELSE '' END AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE v.valid_to = 'infinity' OR v.end_reason IS NOT NULL ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}
const exceptions = (code: string) =>
  db('review.exception').where({ code, closed_at: null }).select('subject', 'params').orderBy('subject');
const partOf = (result: SyncResult, source: string) =>
  result.sources.flatMap((s) => s.parts ?? [s]).find((p) => p.source === source);

const WANG = '064601,A123456789,王小明,男,70/05/06,教師,國語、數學,,';
const LI = '064601,B123456780,李大華,男,民國68年12月23日,校長,,,';

it('the first night registers whom the file names', async () => {
  await send('064601-教師名冊.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG, LI]);
  const result = await night('2024-07-30T02:00:00+08:00');
  expect(result.status).toBe('complete');
  expect(await roster()).toEqual(['李大華 064601:國小 2024-07-29', '王小明 064601:國小 2024-07-29'].sort());
});

it('the same bytes under another name change nothing', async () => {
  await send('064601-名冊副本.csv', '2024-07-30T10:00:00+08:00', [HEAD, WANG, LI]);
  const result = await night('2024-07-31T02:00:00+08:00');
  expect(partOf(result, 'roster/064601')).toMatchObject({ status: 'fresh', read: 2, unchanged: 2, accepted: 0 });
  expect(result.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
});

it('a dry run shows a plan and changes no warehouse row', async () => {
  await send('064602-教師名冊.csv', '2024-07-31T09:00:00+08:00', [
    HASHED,
    `064602,${DIGEST},王小明,男,70/05/06,教師,國語,轉入,113/08/01`,
  ]);
  const before = await roster();
  const result = await night('2024-08-01T01:00:00+08:00', true);
  expect(result.planHash).toMatch(/^sha256:/);
  expect(result.changes.assignments).toEqual({ added: 1, changed: 0, ended: 1 });
  expect(await roster()).toEqual(before);
});

it('a new school that registers a teacher by the hashed id alone sets the unit; the old school need do nothing (R08)', async () => {
  const result = await night('2024-08-01T02:00:00+08:00');
  expect(result.changes.assignments).toEqual({ added: 1, changed: 0, ended: 1 });
  expect(await roster()).toEqual(
    [
      '李大華 064601:國小 2024-07-29',
      '王小明 064601:國小 2024-07-29 轉校 2024-08-01',
      '王小明 064602:國小 2024-08-01',
    ].sort(),
  );
  expect(result.exceptions.opened).toBe(1);
});

it('an older file never moves the state back (I4): its source fails, the roster stands', async () => {
  const before = await roster();
  await send('064601-舊名冊.csv', '2024-07-20T10:00:00+08:00', [HEAD, WANG]);
  const result = await night('2024-08-02T02:00:00+08:00');
  expect(partOf(result, 'roster/064601')).toMatchObject({
    status: 'failed',
    error: { code: 'delivery-older-than-landed' },
  });
  expect(await roster()).toEqual(before);
  await rm(small.inbox('064601-舊名冊.csv'));
});

it('a file that cannot be read fails alone: the other school is taken in', async () => {
  await send('064603-教師名冊.csv', '2024-08-02T08:00:00+08:00', ['姓名,職稱', '陳美,教師']);
  await send('064604-教師名冊.csv', '2024-08-02T08:00:00+08:00', [
    HEAD,
    '064604,F229999993,林淑芬,女,75/01/02,教師,英語,,',
  ]);
  const result = await night('2024-08-03T02:00:00+08:00');
  expect(partOf(result, 'roster/064604')).toMatchObject({ status: 'fresh', read: 1 });
  expect(await roster()).toContain('林淑芬 064604:國小 2024-08-02');
  await rm(small.inbox('064603-教師名冊.csv'), { force: true });
});

it('who is merely not listed is asked about and stays (I12); who is said to have retired goes, and stays on record (R09)', async () => {
  await send('064601-八月名冊.csv', '2024-08-03T08:00:00+08:00', [
    HEAD,
    '064601,C123456785,趙新,男,80/01/02,教師,英語,新進,113/08/01',
  ]);
  await send('064604-異動名冊.csv', '2024-08-03T08:00:00+08:00', [
    '名冊別：異動',
    HEAD,
    '064604,F229999993,林淑芬,女,75/01/02,教師,英語,退休,113/08/02',
  ]);
  const result = await night('2024-08-04T02:00:00+08:00');
  // 李大華; 王小明, who is not listed either, is another school's since 08-01 (R08).
  expect(partOf(result, 'roster/064601')).toMatchObject({ missing: 1 });
  const now = await roster();
  expect(now).toContain('李大華 064601:國小 2024-07-29');
  expect(now).toContain('趙新 064601:國小 2024-08-01');
  expect(now.find((line) => line.startsWith('林淑芬'))).toMatch(/退休 2024-08-02$/);
});

it('a corrected leave replaces the leave, a withdrawn one takes it back, a return is a new spell (R09)', async () => {
  const changes = (...rows: string[]): string[] => ['名冊別：異動', HEAD, ...rows];
  const lin = (said: string): string => `064604,F229999993,林淑芬,女,75/01/02,教師,英語,${said}`;
  const spells = async (): Promise<string[]> => (await roster()).filter((line) => line.startsWith('林淑芬'));
  await send('064604-更正.csv', '2024-08-04T08:00:00+08:00', changes(lin('離職,113/08/20')));
  await night('2024-08-05T02:00:00+08:00');
  expect(await spells()).toEqual([expect.stringMatching(/^林淑芬 064604:國小 \S+ 離職 2024-08-20$/)]);
  await send('064604-撤回.csv', '2024-08-05T08:00:00+08:00', changes(lin('在職,113/08/05')));
  await night('2024-08-06T02:00:00+08:00');
  expect(await spells()).toEqual([expect.stringMatching(/^林淑芬 064604:國小 \S+$/)]);
  await send('064604-離職.csv', '2024-08-06T08:00:00+08:00', changes(lin('離職,113/08/06')));
  await night('2024-08-07T02:00:00+08:00');
  await send('064604-回任.csv', '2024-09-02T08:00:00+08:00', changes(lin('新進,113/09/01')));
  await night('2024-09-03T02:00:00+08:00');
  expect(await spells()).toEqual(
    [expect.stringMatching(/^林淑芬 064604:國小 2024-09-01$/), expect.stringMatching(/離職 2024-08-06$/)].toReversed(),
  );
});

it('a teacher who left the new school does not reappear at the old one, whose list was never updated', async () => {
  await send('064602-離職.csv', '2024-09-03T08:00:00+08:00', [
    '名冊別：異動',
    HASHED,
    `064602,${DIGEST},王小明,男,70/05/06,教師,國語,離職,113/09/03`,
  ]);
  await night('2024-09-04T02:00:00+08:00');
  const wang = (await roster()).filter((line) => line.startsWith('王小明'));
  expect(wang.every((line) => /(轉校|離職) \S+$/.test(line))).toBe(true);
  expect(wang).toHaveLength(2);
});

it('a broken or outdated file before a newer complete one is set aside; a broken newest word lands nothing of that night', async () => {
  const HE = '064605,C123456785,何安,男,80/01/02,教師,英語,,';
  await send('064605-a.xlsx', '2024-09-04T08:00:00+08:00', ['PK\u0003\u0004 no workbook at all']);
  await send('064605-b.csv', '2024-09-04T09:00:00+08:00', [HEAD, HE]);
  const first = await night('2024-09-05T02:00:00+08:00');
  expect(partOf(first, 'roster/064605')).toMatchObject({ status: 'fresh', read: 1, accepted: 1 });
  await send('064605-old.csv', '2024-09-01T08:00:00+08:00', [HEAD, HE.replace('英語', '數學')]);
  await send('064605-c.csv', '2024-09-05T08:00:00+08:00', [HEAD, HE.replace('英語', '自然')]);
  const second = await night('2024-09-06T02:00:00+08:00');
  expect(partOf(second, 'roster/064605')).toMatchObject({ status: 'fresh', read: 1, accepted: 1 });
  expect(await exceptions('delivery-set-aside')).toEqual([
    { subject: 'roster/064605', params: { files: '064605-old.csv' } },
  ]);
  const before = await roster();
  await send('064605-d.csv', '2024-09-06T08:00:00+08:00', [HEAD, HE.replace('英語,,', '英語,離職,113/09/06')]);
  await send('064605-e.xlsx', '2024-09-06T09:00:00+08:00', ['PK\u0003\u0004 no workbook at all']);
  const third = await night('2024-09-07T02:00:00+08:00');
  expect(partOf(third, 'roster/064605')).toMatchObject({ status: 'failed', read: 0 });
  expect(third.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(await roster()).toEqual(before);
});

it('a late list of changes is set aside by a newer complete list only, also by one of an earlier night, and that is told', async () => {
  const changes = (...rows: string[]): string[] => ['名冊別：異動', HEAD, ...rows];
  const kong = (said: string): string => `064607,G123456781,孔明,男,80/01/02,教師,英語,${said}`;
  await send('064607-1.csv', '2024-09-10T10:00:00+08:00', [HEAD, kong(',')]);
  await night('2024-09-11T02:00:00+08:00');
  await send('064607-0.csv', '2024-09-10T09:00:00+08:00', changes(kong('退休,113/09/09')));
  await send('064607-2.csv', '2024-09-11T11:00:00+08:00', changes(kong('在職,113/09/11')));
  const result = await night('2024-09-12T02:00:00+08:00');
  expect(partOf(result, 'roster/064607')).toMatchObject({ status: 'fresh', read: 1 });
  expect((await roster()).filter((line) => line.includes('孔明 064607'))).toEqual([
    expect.not.stringContaining('退休'),
  ]);
  expect(await exceptions('delivery-set-aside')).toContainEqual({
    subject: 'roster/064607',
    params: { files: '064607-0.csv' },
  });
  expect(await db('landing.object').where({ name: '064607-0.csv' })).toHaveLength(1);
  await night('2024-09-13T02:00:00+08:00');
  expect(await exceptions('delivery-set-aside')).toContainEqual(expect.objectContaining({ subject: 'roster/064607' }));
});
