/** R22: the school's 總負責人 deletes accounts, but none of a 總負責人: that goes through 本市教師研習中心 (R18). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountRequests } from '../../pipelines/accounts/requests.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const COURSES = '學校代碼,課程代碼,課程名稱,登錄帳號,處理狀態,結束日期';
const lead = (state: string) => `064601,tc01,總負責人,A123456789,王小明,${state}`;
const clerk = (state: string) => `064601,tc02,研習承辦人,B123456780,李大華,${state}`;

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story.close());

async function says(day: string, nextDay: string, ...rows: string[]): Promise<void> {
  await story.accountsSent('064601', day, [HEAD, ...rows]);
  await story.night(nextDay);
}
/** Accounts in force, as known now. */
async function accounts(): Promise<string[]> {
  const { rows } = await story.small.db.raw(
    `SELECT a.account_name AS name FROM warehouse.account a JOIN warehouse.account_version v ON v.account_id = a.id
     WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY 1`,
  );
  return rows.map(({ name }: { name: string }) => name);
}

it('R22: on 08-01 the school deletes both: the night before both are there, the night after the 總負責人’s alone', async () => {
  await says('2024-07-30', '2024-07-31', lead('啟用'), clerk('啟用'));
  expect(await accounts()).toEqual(['tc01', 'tc02']);
  await says('2024-08-01', '2024-08-02', lead('刪除'), clerk('刪除'));
  expect(await accounts()).toEqual(['tc01']);
  expect(await story.open('account-lead-requested')).toEqual(['schools:064601:國小']);
});

it('R22: it stands through quiet nights, and goes the night after the centre deleted it', async () => {
  await story.night('2024-08-03');
  expect(await accounts()).toEqual(['tc01']);
  await story.centreDid('tc01', '刪除');
  await story.night('2024-08-04');
  expect(await accounts()).toEqual([]);
  expect(await story.open('account-lead-requested')).toEqual([]);
});

it('R22, R21: what blocks a deletion stands on the request', async () => {
  const course = (state: string, day = '2024-08-04') =>
    story.small.send(
      `064602-c-${day}.csv`,
      `${day}T10:00:00+08:00`,
      [COURSES, `064602,C1,雙語教學,tc06,${state},113/08/20`],
      'courses',
    );
  const other = (day: string, state: string) =>
    story.small.send(
      `064602-${day}.csv`,
      `${day}T15:00:00+08:00`,
      [HEAD, `064602,tc06,總負責人,C123456781,林淑芬,${state}`],
      'accounts',
    );
  const asked = async () =>
    (await accountRequests(story.small.db)).filter(({ institution }) => institution.code === '064602');
  await course('開放報名');
  await other('2024-08-04', '啟用');
  await story.night('2024-08-05');
  await other('2024-08-05', '刪除');
  await story.night('2024-08-06');
  expect(await asked()).toMatchObject([
    { asked: '刪除', account: 'tc06', blocked: { zh: expect.stringContaining('C1') } },
  ]);
  await course('名單確認通過', '2024-08-06');
  await story.night('2024-08-07');
  expect(await asked()).toMatchObject([{ asked: '刪除', account: 'tc06', blocked: null }]);
  expect(await accounts()).toEqual(['tc06']);
});
