/** Several complete lists of one school in one night: the newest drives the roster, and the lists of changes between them count. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderReceipt } from '../../pipelines/report/render-receipt.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const WANG = '064601,A123456789,王小明,男,70/05/06,教師,';
const LI = '064601,B123456780,李大華,男,71/05/06,教師,';
const LIN = '064601,A223456781,林美玲,女,72/05/06,教師,';
const CHANGES = '名冊別：異動';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

async function roster(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT p.name || ' ' || v.title || coalesce(' ' || v.end_reason, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     WHERE v.valid_to = 'infinity' OR v.end_reason IS NOT NULL ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}
const open = async (): Promise<string[]> =>
  (await small.db('review.exception').where({ closed_at: null }).orderBy('id')).map((e: { code: string }) => e.code);
const part = (night: SyncResult) => night.sources.find(({ source }) => source === 'roster')?.parts?.[0];

it('an older complete list of the same night does not bring back who has left, and the school is told which one counts', async () => {
  await small.send('064601_1.csv', '2024-08-01T09:00:00+08:00', [HEAD, `${WANG},`, `${LI},`]);
  await small.night('2024-08-02T02:00:00+08:00');
  await small.send('064601_2.csv', '2024-08-02T09:00:00+08:00', [CHANGES, HEAD, `${LI}退休,113/08/01`]);
  await small.night('2024-08-03T02:00:00+08:00');
  const before = await roster();
  expect(before).toEqual(['李大華 教師 退休', '王小明 教師'].sort());

  await small.send('064601_5.csv', '2024-08-03T09:00:00+08:00', [HEAD, `${WANG},`, `${LI},`, `${LIN},`]);
  await small.send('064601_6.csv', '2024-08-03T10:00:00+08:00', [HEAD, `${WANG},`]);
  const night = await small.night('2024-08-04T02:00:00+08:00');
  expect(part(night)).toMatchObject({ status: 'fresh', read: 1, missing: 0 });
  expect(night.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(await roster()).toEqual(before);
  expect(await open()).toEqual([]);
  const [receipt] = await findReceipts(small.db, '064601', null);
  expect(receipt?.files.map(({ name }) => name)).toEqual(['064601_6.csv']);
  expect(renderReceipt(receipt!).replaceAll(/\s+/g, '')).toContain(
    '未計入：064601_5.csv（同一次執行另有較新的完整清單，以較新者為準）',
  );
});

it('a list of changes between two complete lists counts', async () => {
  await small.send('064601_7.csv', '2024-08-04T09:00:00+08:00', [HEAD, `${WANG.replace('教師', '導師')},`, `${LI},`]);
  await small.send('064601_8.csv', '2024-08-04T10:00:00+08:00', [CHANGES, HEAD, `${LIN}新進,113/08/04`]);
  await small.send('064601_9.csv', '2024-08-04T11:00:00+08:00', [HEAD, `${WANG.replace('教師', '組長')},`, `${LIN},`]);
  const night = await small.night('2024-08-05T02:00:00+08:00');
  expect(part(night)).toMatchObject({ status: 'fresh', read: 3 });
  expect(await roster()).toEqual(['李大華 教師 退休', '林美玲 教師', '王小明 組長'].sort());
});

it('an old complete list sent again beside a new one does not take its place', async () => {
  await small.send('064601_10.csv', '2024-08-05T09:00:00+08:00', [HEAD, `${WANG.replace('教師', '主任')},`, `${LIN},`]);
  await small.send('064601_11.csv', '2024-08-05T10:00:00+08:00', [HEAD, `${WANG},`, `${LI},`]);
  await small.night('2024-08-06T02:00:00+08:00');
  expect(await roster()).toEqual(['李大華 教師 退休', '林美玲 教師', '王小明 主任'].sort());
  expect(await open()).toEqual(['old-file-sent-again']);
});

it('a letter in PDF beside a roster holds it up no longer than it takes to tell', async () => {
  await small.send('064608_1.csv', '2024-08-06T09:00:00+08:00', [HEAD, '064608,F229999995,高山,男,80/01/02,教師,,']);
  await small.send('064608_公文.pdf', '2024-08-06T10:00:00+08:00', ['%PDF-1.7', '%âãÏÓ', '1 0 obj']);
  await small.send('064608_照片.png', '2024-08-06T10:30:00+08:00', ['\x89PNG\r', '\x1a\0\0\0\rIHDR']);
  const heard = async (clock: string) =>
    (await small.night(clock)).sources.flatMap(({ parts = [] }) => parts).find((p) => p.source === 'roster/064608');
  expect(await heard('2024-08-07T02:00:00+08:00')).toMatchObject({ status: 'fresh', read: 1, accepted: 1 });
  const [receipt] = await findReceipts(small.db, '064608', null);
  expect(receipt?.outcome).toBe('taken');
  expect(receipt?.setAside).toEqual([
    expect.stringContaining('064608_公文.pdf'),
    expect.stringContaining('064608_照片.png'),
  ]);
  expect(renderReceipt(receipt!).replaceAll(/\s+/g, '')).toContain('064608_公文.pdf（無法讀取，或不是名冊可用的格式）');
  await rm(small.inbox('064608_照片.png'));
  expect([existsSync(small.inbox('064608_1.csv')), existsSync(small.inbox('064608_公文.pdf'))]).toEqual([false, true]);
  expect(await heard('2024-08-08T02:00:00+08:00')).toMatchObject({
    status: 'failed',
    error: { code: 'file-format-unknown', message: expect.stringContaining('064608_公文.pdf') },
  });
  await rm(small.inbox('064608_公文.pdf'));
});

it('an older list of changes holds up no newer one: it is set aside and told, stays in the inbox, and fails by name until somebody acts', async () => {
  const ho = (said: string): string => `064606,D123456789,何平,男,80/01/02,教師,${said}`;
  const fang = (said: string): string => `064606,E123456783,方圓,女,81/01/02,教師,${said}`;
  const send = (name: string, arrived: string, ...rows: string[]) =>
    small.send(name, arrived, [CHANGES, HEAD, ...rows]);
  const heard = async (clock: string) =>
    (await small.night(clock)).sources.flatMap(({ parts = [] }) => parts).find((p) => p.source === 'roster/064606');
  const ours = async () => (await roster()).filter((line) => /^(何平|方圓)/.test(line));
  await send('064606-1.csv', '2024-09-07T10:00:00+08:00', ho('新進,113/09/01'), fang('新進,113/09/01'));
  await heard('2024-09-08T02:00:00+08:00');

  await send('064606-0.csv', '2024-09-07T09:00:00+08:00', fang('退休,113/09/05'));
  await send('064606-2.csv', '2024-09-08T11:00:00+08:00', ho('離職,113/09/08'));
  expect(await heard('2024-09-09T02:00:00+08:00')).toMatchObject({ status: 'fresh', read: 1, accepted: 1 });
  expect(await ours()).toEqual(['何平 教師 離職', '方圓 教師']);
  const told = await small.db('review.exception').where({ code: 'delivery-set-aside', subject: 'roster/064606' });
  expect(told).toEqual([expect.objectContaining({ closed_at: null, params: { files: '064606-0.csv' } })]);
  expect(['064606-0.csv', '064606-2.csv'].map((name) => existsSync(small.inbox(name)))).toEqual([true, false]);

  expect(await heard('2024-09-10T02:00:00+08:00')).toMatchObject({
    status: 'failed',
    error: { code: 'delivery-older-than-landed' },
  });
  const [receipt] = await findReceipts(small.db, '064606', null);
  expect(receipt?.error?.text.zh).toContain('「064606-0.csv」');
  expect(existsSync(small.inbox('064606-0.csv'))).toBe(true);

  // Sent once more it is the newest word.
  await send('064606-0.csv', '2024-09-10T09:00:00+08:00', fang('退休,113/09/05'));
  await heard('2024-09-10T10:00:00+08:00');
  expect(await ours()).toEqual(['何平 教師 離職', '方圓 教師 退休']);
});
