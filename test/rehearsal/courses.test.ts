/** Course files through a night: their picture, books, warnings, quarantine and missing ones. Nothing is reconciled from them. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderReceipt } from '../../pipelines/report/render-receipt.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,課程代碼,課程名稱,登錄帳號,處理狀態,結束日期';
const DONE = '064601,C1,雙語教學,tc064601,名單確認通過,113/08/20';
const OPEN = '064601,C2,數位學習,tc064601,開放報名,113/09/20';
const ODD = '064601,C3,美感教育,A123456789,退回修正,113/09/20';
const BROKEN = '064601,C4,特教知能,,開放報名,113/09/20';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

const send = (arrived: string, ...lines: string[]) =>
  small.send('064601-研習課程.csv', arrived, [HEAD, ...lines], 'courses');
const books = (night: SyncResult) => {
  const source = night.sources.find((s) => s.source === 'courses')!;
  const { read, accepted, unchanged, quarantined, missing } = source;
  return { status: source.status, read, accepted, unchanged, quarantined, missing };
};
const picture = async () =>
  (
    await small.db.raw(
      `SELECT course_code, account_key, account_name, state, ends_on, missing_since FROM landing.course_record ORDER BY key`,
    )
  ).rows;

it('lands courses, keeps unknown states with a warning, and quarantines a row without an account', async () => {
  await small.send(
    '064601-帳號.csv',
    '2024-07-29T10:00:00+08:00',
    ['學校代碼,帳號,帳號類別,狀態', '064601,A123456789,研習承辦人,啟用'],
    'accounts',
  );
  await send('2024-07-29T10:00:00+08:00', DONE, OPEN, ODD, BROKEN);
  const night = await small.night('2024-07-30T02:00:00+08:00');
  expect(night).toMatchObject({ status: 'complete', error: null });
  expect(books(night)).toEqual({ status: 'fresh', read: 4, accepted: 3, unchanged: 0, quarantined: 1, missing: 0 });
  const rows = await picture();
  expect(rows).toMatchObject([
    { course_code: 'C1', account_key: '064601:tc064601', state: '名單確認通過', ends_on: '2024-08-20' },
    { course_code: 'C2', state: '開放報名' },
    { course_code: 'C3', account_name: 'A****89', state: '退回修正' },
  ]);
  const accounts = await small.db.raw('SELECT key FROM landing.account_record');
  expect(rows[2].account_key).toBe(accounts.rows[0].key);
  expect(
    (await small.db.raw(`SELECT code, rows FROM landing.warning WHERE source = 'courses/064601' ORDER BY code`)).rows,
  ).toEqual([
    { code: 'account-name-is-identifier', rows: 1 },
    { code: 'course-state-unknown', rows: 1 },
  ]);
});

it('the school gets its receipt of the courses, as of everything else', async () => {
  const told = await findReceipts(small.db, '064601', null);
  expect(told.map((r) => [r.kind, r.outcome])).toEqual([
    ['account', 'taken'],
    ['course', 'partly-taken'],
  ]);
  const text = renderReceipt(told[1]!);
  expect(text).toContain('讀為 研習課程（完整）');
  expect(text).toContain('採用欄位：學校代碼、課程代碼、課程名稱、登錄帳號→帳號、處理狀態→');
  expect(text).toContain('沒有帳號，此列未採用。');
});

it('a second list changes what it says, names who is missing, and a corrected row leaves the quarantine', async () => {
  await send(
    '2024-07-30T10:00:00+08:00',
    OPEN.replace('開放報名', '名單確認通過'),
    ODD,
    BROKEN.replace(',,', ',tc064601,'),
  );
  const night = await small.night('2024-07-31T02:00:00+08:00');
  expect(books(night)).toEqual({ status: 'fresh', read: 3, accepted: 2, unchanged: 1, quarantined: 0, missing: 1 });
  const [told] = await findReceipts(small.db, 'courses/064601', null);
  expect(told?.todo[0]?.zh).toContain('有 1 門原有課程不在這份完整清單上');
  expect(
    (await picture()).map((row: { course_code: string; missing_since: number | null }) => [
      row.course_code,
      row.missing_since !== null,
    ]),
  ).toEqual([
    ['C1', true],
    ['C2', false],
    ['C3', false],
    ['C4', false],
  ]);
  const { rows } = await small.db.raw('SELECT count(*) AS n FROM landing.quarantine WHERE resolved_run_id IS NULL');
  expect(rows[0].n).toBe(0);
});

it('the same list again changes nothing', async () => {
  const before = await picture();
  await send(
    '2024-07-31T10:00:00+08:00',
    OPEN.replace('開放報名', '名單確認通過'),
    ODD,
    BROKEN.replace(',,', ',tc064601,'),
  );
  const night = await small.night('2024-08-01T02:00:00+08:00');
  expect(books(night)).toMatchObject({ read: 3, accepted: 0, unchanged: 3, missing: 1 });
  expect(await picture()).toEqual(before);
});
