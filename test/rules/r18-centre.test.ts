/** R18: enabling, changing or deleting an account of a 總負責人 goes through 本市教師研習中心; a school's file asks, and the account stands until the centre did it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountRequests, recordDone } from '../../pipelines/accounts/requests.ts';
import { LIN, OPS } from '../support/users.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const wang = (state: string) => `064601,tc01,總負責人,A123456789,王小明,${state}`;
const chen = (state: string) => `064601,tc02,總負責人,F229999995,陳新進,${state}`;
const clerk = (state: string) => `064601,tc03,研習承辦人,B123456780,張書記,${state}`;

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story.close());

/** What the school says on the afternoon of a day; the night after hears it. */
async function says(day: string, nextDay: string, ...rows: string[]): Promise<void> {
  await story.accountsSent('064601', day, [HEAD, ...rows]);
  await story.night(nextDay);
}
async function accounts(): Promise<string[]> {
  const { rows } = await story.small.db.raw(
    `SELECT concat_ws(' ', a.account_name, v.state, v.rule) AS line FROM warehouse.account a
     JOIN warehouse.account_version v ON v.account_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}
const asked = async (): Promise<string[]> =>
  (await accountRequests(story.small.db))
    .map((r) => `${r.account} ${r.holder} ${r.asked} ${r.blocked === null ? '可' : '尚不可'}`)
    .sort();

it('R18: what the first file of 07-30 says is how its accounts are, and nothing is asked', async () => {
  await says('2024-07-30', '2024-07-31', wang('啟用'), clerk('啟用'));
  expect(await accounts()).toEqual(['tc01 啟用 R16', 'tc03 啟用 R16']);
  expect(await asked()).toEqual([]);
});

it('R18: from 08-01 the old one is disabled and a new one enabled, says the school: both stand as they were and are asked for', async () => {
  await says('2024-08-01', '2024-08-02', wang('停用'), chen('啟用'), clerk('停用'));
  expect(await accounts()).toEqual(['tc01 啟用 R16', 'tc03 停用 R16']);
  expect(await asked()).toEqual(['tc01 王小明 異動 可', 'tc02 陳新進 開通 可']);
  await story.night('2024-08-03');
  expect(await asked()).toHaveLength(2);
});

it('R18: the night after the centre did it and the bureau recorded that, it is so, and nothing is asked any more', async () => {
  await story.centreDid('tc01', '異動');
  expect(await accounts()).toEqual(['tc01 啟用 R16', 'tc03 停用 R16']);
  await story.night('2024-08-04');
  expect(await accounts()).toEqual(['tc01 停用 R18', 'tc03 停用 R16']);
  await story.centreDid('tc02', '開通');
  await story.night('2024-08-05');
  expect(await accounts()).toEqual(['tc01 停用 R18', 'tc02 啟用 R18', 'tc03 停用 R16']);
  expect(await asked()).toEqual([]);
  const { rows } = await story.small.db.raw(
    `SELECT actor, detail->>'asked' AS asked FROM ops.audit WHERE action = 'account-request-done' ORDER BY id`,
  );
  expect(rows).toEqual([
    { actor: 'lin', asked: '異動' },
    { actor: 'lin', asked: '開通' },
  ]);
});

it('R18: a word is for what was asked: where the school says something else by then, the account stands', async () => {
  await says('2024-08-05', '2024-08-06', wang('停用'), chen('停用'));
  await story.centreDid('tc02', '異動');
  await says('2024-08-06', '2024-08-07', wang('啟用'), chen('刪除'));
  expect(await accounts()).toEqual(['tc01 停用 R18', 'tc02 啟用 R18', 'tc03 停用 R16']);
  expect(await asked()).toEqual(['tc01 王小明 開通 可', 'tc02 陳新進 刪除 可']);
});

it('R18: only the bureau records it, once, and only what is asked and can be done', async () => {
  const { db } = story.small;
  const requests = await accountRequests(db);
  const of = (name: string) => requests.find(({ account }) => account === name)!.number;
  const at = '2024-07-02T09:00:00+08:00';
  const done = (number: number, what: '開通' | '異動' | '刪除', by = LIN, handedIn: string[] = [], digest?: string) =>
    recordDone(db, {
      number,
      asked: what,
      digest: digest ?? requests.find((one) => one.number === number)?.digest ?? '',
      reason: '研習中心來文',
      by,
      at,
      handedInBy: new Map([['accounts', handedIn]]),
    });
  await expect(done(of('tc01'), '開通', OPS)).rejects.toMatchObject({ name: 'UserRefusedError' });
  await expect(done(of('tc01'), '開通', LIN, ['lin'])).rejects.toMatchObject({ code: 'account-request-own-upload' });
  await expect(done(of('tc01'), '刪除')).rejects.toMatchObject({ code: 'account-request-other' });
  await expect(done(999_999, '刪除')).rejects.toMatchObject({ code: 'account-request-unknown' });
  expect((await done(of('tc01'), '開通')).already).toBe(false);
  expect((await done(of('tc01'), '開通')).already).toBe(true);
  await says('2024-08-07', '2024-08-08', '064601,tc01,總負責人,B123456780,張書記,停用', chen('刪除'));
  const handedOver = (await accountRequests(db)).find(({ account }) => account === 'tc01')!;
  expect(handedOver).toMatchObject({ asked: '異動', blocked: { zh: expect.stringContaining('R19') } });
  await expect(done(handedOver.number, '異動')).rejects.toMatchObject({ code: 'account-request-blocked' });
});

it('R18: one that is applied for is asked for, a school without any is told to apply, and each only once', async () => {
  const other = (state: string) => `064602,tc0602,總負責人,C123456781,林淑芬,${state}`;
  const file = (day: string, row: string) => story.accountsSent('064602', day, [HEAD, row]);
  await file('2024-08-08', '064602,tc0603,研習承辦人,D123456782,趙甲,啟用');
  await story.night('2024-08-09');
  const ofSchool = async () =>
    (await accountRequests(story.small.db)).filter(({ institution }) => institution.code === '064602');
  expect(await ofSchool()).toMatchObject([
    { asked: '開通', account: null, blocked: { zh: expect.stringContaining('學校') } },
  ]);
  await file('2024-08-09', other('申請中'));
  await story.night('2024-08-10');
  expect(await ofSchool()).toMatchObject([
    { asked: '開通', account: 'tc0602', holder: '林淑芬', blocked: null, recorded: null },
  ]);
  await story.centreDid('tc0602', '開通');
  expect((await ofSchool())[0]?.recorded).not.toBeNull();
  await story.night('2024-08-10');
  expect(await ofSchool()).toMatchObject([{ account: 'tc0602', recorded: expect.any(String) }]);
  await file('2024-08-10', other('啟用'));
  await story.night('2024-08-11');
  expect(await ofSchool()).toEqual([]);
});
