/** R21: an old account may be deleted only when every course that it registered is 名單確認通過; otherwise it is refused, naming what blocks it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openStory, type Story } from './story.ts';

const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期';
const COURSES = '學校代碼,課程代碼,課程名稱,登錄帳號,處理狀態,結束日期';
const account = (name: string, state: string) => `064601,${name},研習承辦人,,王小明,${state},110/08/01`;

let story: Story;
beforeAll(async () => {
  story = await openStory();
  const { small } = story;
  await small.send(
    '064601-a.csv',
    '2024-07-29T10:00:00+08:00',
    [ACCOUNTS, account('tc-old', '啟用'), account('tc-two', '啟用'), account('tc-none', '啟用')],
    'accounts',
  );
  await small.send(
    '064601-c.csv',
    '2024-07-29T10:00:00+08:00',
    [
      COURSES,
      '064601,C1,雙語教學,tc-old,名單確認通過,113/07/20',
      '064601,C2,數位學習,tc-old,開放報名,113/08/20',
      '064601,C3,美感教育,tc-two,名單確認通過,113/07/20',
    ],
    'courses',
  );
  await story.night('2024-07-30');
});
afterAll(() => story.close());

/** Accounts that are in force, as a clerk would ask for them. */
const accounts = async (): Promise<string[]> => {
  const { rows } = await story.small.db.raw(
    `SELECT a.account_name AS name FROM warehouse.account a JOIN warehouse.account_version v ON v.account_id = a.id
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY 1`,
  );
  return rows.map(({ name }: { name: string }) => name);
};

it('R21: while C2 is open the account of 08-01 is not deleted, and the school is told which course blocks it', async () => {
  await story.small.send(
    '064601-b.csv',
    '2024-08-01T10:00:00+08:00',
    [ACCOUNTS, ...['tc-old', 'tc-two', 'tc-none'].map((name) => account(name, '刪除'))],
    'accounts',
  );
  await story.night('2024-08-02');
  expect(await accounts()).toEqual(['tc-old']);
  expect(await story.open('account-deletion-blocked')).toEqual(['schools:064601:國小']);
  const receipts = await findReceipts(story.small.db, '064601', null);
  const told = receipts.find((r) => r.kind === 'account')!;
  expect(told.matters.map((m) => m.text.zh).join()).toContain('尚有 1 門未「名單確認通過」（C2），未刪除');
});

it('R21: an account whose courses are all through, or that has none, is deleted at once', async () => {
  expect(await accounts()).not.toContain('tc-two');
  expect(await accounts()).not.toContain('tc-none');
});

it('R21: the night after C2 is 名單確認通過 it is deleted, and nothing is open', async () => {
  await story.night('2024-08-03');
  expect(await accounts()).toEqual(['tc-old']);
  await story.small.send(
    '064601-d.csv',
    '2024-08-03T10:00:00+08:00',
    [COURSES, '064601,C1,雙語教學,tc-old,名單確認通過,113/07/20', '064601,C2,數位學習,tc-old,名單確認通過,113/08/20'],
    'courses',
  );
  await story.night('2024-08-04');
  expect(await accounts()).toEqual([]);
  expect(await story.open('account-deletion-blocked')).toEqual([]);
});
