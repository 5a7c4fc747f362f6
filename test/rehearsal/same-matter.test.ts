/** One school hands in rosters, accounts and courses: what is wrong in each is told apart, in words that fit each. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

it('the report names the source where a school has one matter in several, and receipts speak of no roster that was not sent', async () => {
  const ACCOUNTS = '學校代碼,帳號,帳號類別,狀態,姓名';
  await small.send('064601.csv', '2024-07-28T10:00:00+08:00', ['學校代碼,身分證字號,姓名', '064601,A123456789,']);
  await small.send(
    '064601-a.csv',
    '2024-07-28T10:00:00+08:00',
    [ACCOUNTS, '064601,tc01,總負責人,啟用,王甲', '064601,tc01,總負責人,啟用,李乙', '064602,tc02,總負責人,啟用,趙丙'],
    'accounts',
  );
  await small.send('064602.csv', '2024-07-28T10:00:00+08:00', ['學校代碼,身分證字號,姓名', '064602,A123456789,']);
  const { run } = await small.night('2024-07-29T02:00:00+08:00');
  const { exceptions } = await buildReport(small.db, Number(run));
  expect(exceptions.filter((e) => e.code === 'rows-quarantined').map((e) => e.about)).toEqual([
    '064601 市立豐原國小（accounts）',
    '064601 市立豐原國小（roster）',
    expect.not.stringContaining('（roster）'),
  ]);
  const [receipt] = await findReceipts(small.db, 'accounts/064601', null);
  const said = [
    ...(receipt?.todo ?? []),
    ...(receipt?.rows.flatMap((row) => row.issues.map((issue) => issue.text)) ?? []),
  ]
    .map(({ zh }) => zh)
    .join();
  expect(said).toContain('同一份資料中同一人（帳號、課程）出現兩次');
  expect(said).not.toContain('名冊');
});
