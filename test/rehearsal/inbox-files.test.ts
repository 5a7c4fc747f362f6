/** Files on their way through an inbox, with the whole of a night: archives that several schools share, the same bytes again, other bytes under a name. */
import { readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { zipOf } from '../connectors/support/zip.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const WANG = '064601,A123456789,王小明,63/4/1,教師';
const LI = '064602,B123456780,李大華,64/4/1,教師';
const LIN = '064602,A223456781,林美玲,65/4/1,教師';
const text = (...lines: string[]) => `${lines.join('\n')}\n`;

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

async function put(name: string, content: Uint8Array | string, arrived: string): Promise<void> {
  await writeFile(small.inbox(name), content);
  await utimes(small.inbox(name), new Date(arrived), new Date(arrived));
}
const left = async () => (await readdir(small.inbox(''))).sort();

/** What each school's part came to. */
const ledger = (night: SyncResult) =>
  (night.sources.find(({ source }) => source === 'roster')?.parts ?? []).map((part) => ({
    source: part.source,
    status: part.status,
    counts: [part.read, part.accepted, part.unchanged, part.duplicate],
    error: part.error?.code ?? null,
  }));
const changed = (night: SyncResult) => Object.values(night.changes).flatMap((c) => [c.added, c.changed, c.ended]);

it('an archive whose third school broke lands the two others, stays for the third, and leaves when it is made good', async () => {
  const files = (third: string) =>
    zipOf([
      { name: '064601/名冊.csv', content: text(HEAD, WANG) },
      { name: '064602/名冊.csv', content: text(HEAD, LI) },
      { name: '064603/名冊.csv', content: third },
    ]);
  await put('全市.zip', files('備註\n沒有欄位\n'), '2024-07-29T10:00:00+08:00');
  const first = await small.night('2024-07-30T02:00:00+08:00');
  expect(ledger(first)).toEqual([
    { source: 'roster/064601', status: 'fresh', counts: [1, 1, 0, 0], error: null },
    { source: 'roster/064602', status: 'fresh', counts: [1, 1, 0, 0], error: null },
    { source: 'roster/064603', status: 'failed', counts: [0, 0, 0, 0], error: 'file-header-missing' },
  ]);
  expect(await left()).toEqual(['.全市.zip.landed', '全市.zip']);

  const again = await small.night('2024-07-31T02:00:00+08:00');
  expect(ledger(again).filter(({ status }) => status !== 'carried-forward')).toEqual([
    { source: 'roster/064603', status: 'failed', counts: [0, 0, 0, 0], error: 'file-header-missing' },
  ]);
  expect(again.warehouseHash).toBe(first.warehouseHash);

  await put(
    '全市.zip',
    files(text(HEAD, WANG.replace('064601,A123456789,王', '064603,F229999993,陳'))),
    '2024-07-31T10:00:00+08:00',
  );
  const whole = await small.night('2024-08-01T02:00:00+08:00');
  expect(ledger(whole).map(({ status, counts }) => [status, ...counts])).toEqual([
    ['fresh', 1, 0, 1, 0],
    ['fresh', 1, 0, 1, 0],
    ['fresh', 1, 1, 0, 0],
  ]);
  expect(await left()).toEqual([]);

  await put(
    '全市.zip',
    files(text(HEAD, WANG.replace('064601,A123456789,王', '064603,F229999993,陳'))),
    '2024-08-01T10:00:00+08:00',
  );
  const same = await small.night('2024-08-02T02:00:00+08:00');
  expect(changed(same)).toEqual(changed(same).map(() => 0));
  expect(same.warehouseHash).toBe(whole.warehouseHash);
  expect(await left()).toEqual([]);
});

it('the same bytes under another name change nothing; other bytes under the same name are the newer word', async () => {
  const line = (night: SyncResult) => ledger(night).find(({ source }) => source === 'roster/064602');
  await put('064602_名冊.csv', text(HEAD, LI, LIN), '2024-08-02T10:00:00+08:00');
  const newer = await small.night('2024-08-03T02:00:00+08:00');
  expect(line(newer)?.counts).toEqual([2, 1, 1, 0]);

  await put('064602_名冊(2).csv', text(HEAD, LI, LIN), '2024-08-03T10:00:00+08:00');
  const copy = await small.night('2024-08-04T02:00:00+08:00');
  expect(line(copy)?.counts).toEqual([2, 0, 2, 0]);
  expect(copy.warehouseHash).toBe(newer.warehouseHash);

  const [receipt] = await findReceipts(small.db, '064602', Number(copy.run));
  expect(receipt).toMatchObject({ outcome: 'same-as-before' });
  expect(receipt?.files).toEqual([
    expect.objectContaining({
      name: '064602_名冊(2).csv',
      format: 'csv',
      encoding: 'utf-8',
      headerRow: 1,
      ignored: [],
    }),
  ]);
  expect(receipt?.files[0]?.columns.map(({ title }) => title)).toEqual(HEAD.split(','));

  await put('064602_名冊(2).csv', text(HEAD, LI, LIN.replace('教師', '導師')), '2024-08-04T10:00:00+08:00');
  const other = await small.night('2024-08-05T02:00:00+08:00');
  expect(line(other)?.counts).toEqual([2, 1, 1, 0]);

  await put('064602_舊.csv', text(HEAD, LI, LIN), '2024-08-05T10:00:00+08:00');
  const old = await small.night('2024-08-06T02:00:00+08:00');
  expect(line(old)?.counts).toEqual([2, 0, 0, 2]);
  expect(old.warehouseHash).toBe(other.warehouseHash);
  expect(await left()).toEqual([]);
});

it('accounts in the inbox of rosters are refused: nobody is missing, nothing of the holder changes, and the school is told', async () => {
  const before = await small.night('2024-08-06T03:00:00+08:00');
  const titles = '學校代碼,身分證字號,姓名,帳號,帳號類別,狀態';
  await put(
    '064602_業務帳號.csv',
    text(titles, '064602,B123456780,李大華,tc1,總負責人,啟用'),
    '2024-08-06T04:00:00+08:00',
  );
  const night = await small.night('2024-08-06T05:00:00+08:00');
  expect(ledger(night).find(({ source }) => source === 'roster/064602')).toMatchObject({
    status: 'failed',
    error: 'file-is-accounts',
  });
  expect(night.sources.find(({ source }) => source === 'roster')?.missing).toBe(0);
  expect(night.warehouseHash).toBe(before.warehouseHash);
  const [told] = await findReceipts(small.db, '064602', null);
  expect(told?.error?.text.zh).toContain('看起來是業務帳號檔（有「帳號、帳號類別、狀態」等欄位）');
  await rm(small.inbox('064602_業務帳號.csv'));
});

it('two files of the same bytes in one night are one picture', async () => {
  await put('064602_a.csv', text(HEAD, LI, LIN.replace('教師', '組長')), '2024-08-06T10:00:00+08:00');
  await put('064602_b.csv', text(HEAD, LI, LIN.replace('教師', '組長')), '2024-08-06T11:00:00+08:00');
  const night = await small.night('2024-08-07T02:00:00+08:00');
  const line = ledger(night).find(({ source }) => source === 'roster/064602');
  expect(line).toMatchObject({ status: 'fresh', counts: [4, 1, 3, 0] });
  const { rows } = await small.db.raw(
    `SELECT count(*) AS n FROM landing.object o JOIN landing.delivery d ON o.id = ANY(d.objects) WHERE d.as_of >= '2024-08-06T10:00:00+08:00'`,
  );
  expect(rows[0].n).toBe(1);
  expect(await left()).toEqual([]);
});

it('a link in the inbox is told each night until it is gone, holds up no school, and is never followed', async () => {
  await put('064604.csv', text(HEAD, WANG.replace('064601', '064604')), '2024-08-10T10:00:00+08:00');
  await symlink('/etc/passwd', small.inbox('064605.csv'));
  const told = { source: 'roster/unknown-entries', status: 'failed', counts: [0, 0, 0, 0], error: 'inbox-irregular' };
  const first = await small.night('2024-08-11T02:00:00+08:00');
  expect(ledger(first)).toContainEqual(told);
  expect(ledger(first)).toContainEqual(expect.objectContaining({ source: 'roster/064604', status: 'fresh' }));
  const open = async () => {
    const { rows } = await small.db.raw(
      `SELECT subject FROM review.exception WHERE closed_at IS NULL AND code = 'source-failed'`,
    );
    return rows.map(({ subject }: { subject: string }) => subject);
  };
  expect(await open()).toContainEqual(expect.stringContaining('unknown-entries'));
  const [receipt] = await findReceipts(small.db, 'roster/unknown-entries', null);
  expect(receipt).toMatchObject({ outcome: 'refused', error: { text: { zh: expect.stringContaining('064605.csv') } } });
  await small.night('2024-08-12T02:00:00+08:00');
  expect(await left()).toContain('064605.csv');
  await rm(small.inbox('064605.csv'));
  const gone = await small.night('2024-08-13T02:00:00+08:00');
  expect(ledger(gone).filter(({ status }) => status === 'failed')).toEqual([]);
  expect(await open()).toEqual([]);
});
