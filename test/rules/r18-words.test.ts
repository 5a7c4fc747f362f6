/** R18: what 本市教師研習中心 did is believed of just what the list showed, and while the school asks for it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountRequests, recordDone } from '../../pipelines/accounts/requests.ts';
import type { AccountRequest } from '../../schemas/outputs/account-requests.ts';
import { addBureau, LIN } from '../support/users.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const wang = (state: string) => `l,總負責人,A123456789,王小明,${state}`;
const li = (state: string) => `m,總負責人,B123456780,李大華,${state}`;

let story: Story;
let nights = 0;
beforeAll(async () => {
  story = await openStory();
  await addBureau(story.small.db, [LIN.name]);
});
afterAll(() => story.close());

const day = (): string => new Date(Date.UTC(2024, 7, 5 + nights)).toISOString().slice(0, 10);
/** The whole list of a school's accounts, with a row that differs each time. */
const send = (code: string, ...rows: string[]): Promise<void> =>
  story.small.send(
    `${code}-${day()}-${rows.length}.csv`,
    `${day()}T15:00:00+08:00`,
    [HEAD, ...rows.map((row) => `${code},${row}`), `${code},z${nights},報表查詢,,趙甲,停用`],
    'accounts',
  );
async function night(): Promise<void> {
  nights += 1;
  await story.night(day());
}
async function says(code: string, ...rows: string[]): Promise<void> {
  await send(code, ...rows);
  await night();
}
async function known(code: string, name: string): Promise<string | null> {
  const { rows } = await story.small.db.raw(
    `SELECT concat_ws(' ', v.holder_name, v.state, v.rule) AS line FROM warehouse.account a
     JOIN warehouse.account_version v ON v.account_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity' WHERE a.source_key = ?`,
    [`${code}:${name}`],
  );
  return rows[0]?.line ?? null;
}
const requests = async (code: string): Promise<AccountRequest[]> =>
  (await accountRequests(story.small.db)).filter((r) => r.institution.code === code && r.account !== null);
const asked = async (code: string): Promise<string[]> =>
  (await requests(code)).map((r) => `${r.account} ${r.holder} ${r.asked}`);
async function centreDid(request: AccountRequest | undefined): Promise<void> {
  const { number, asked, digest } = request as AccountRequest & { digest: string };
  const at = `${day()}T09:00:00+08:00`;
  await recordDone(story.small.db, { number, asked, digest, reason: '來文', by: LIN, at, handedInBy: new Map() });
}

it('R18: what a dry run landed since the list was made is not what the centre did', async () => {
  const code = '064601';
  await says(code, wang('啟用'));
  await says(code, wang('停用'));
  const [shown] = await requests(code);
  await send(code, wang('刪除'));
  await story.small.night(`${day()}T20:00:00+08:00`, true);
  await expect(centreDid(shown)).rejects.toMatchObject({ code: 'account-request-changed' });
  const [afterwards] = await requests(code);
  expect(afterwards).toMatchObject({ number: shown?.number, asked: '異動' });
  await expect(centreDid(afterwards)).rejects.toMatchObject({ code: 'account-request-changed' });
  await night();
  expect([await known(code, 'l'), await asked(code)]).toEqual(['王小明 啟用 R16', ['l 王小明 刪除']]);
});

it('R18: nor is what the file says of another person since, though the number and what is asked are the same', async () => {
  const code = '064602';
  const lin = 'm,總負責人,C123456781,林淑芬,啟用';
  await says(code, wang('啟用'));
  await says(code, wang('啟用'), li('啟用'));
  const [shown] = await requests(code);
  await says(code, wang('啟用'), lin);
  const [now] = await requests(code);
  expect(now).toMatchObject({ number: shown?.number, asked: shown?.asked, holder: '林淑芬' });
  await expect(centreDid(shown)).rejects.toMatchObject({ code: 'account-request-changed' });
  await centreDid(now);
  await night();
  expect(await known(code, 'm')).toBe('林淑芬 啟用 R18');
});

it('R18: a word is used up: what the school took back and says again is asked again, and that the centre did it is told meanwhile', async () => {
  const code = '064603';
  const otherwise = async () => (await story.open('account-centre-otherwise')).includes(`schools:${code}:國小`);
  await says(code, wang('啟用'));
  await says(code, wang('刪除'));
  await centreDid((await requests(code))[0]);
  expect(await otherwise()).toBe(false);
  await says(code, wang('啟用'));
  expect([await asked(code), await otherwise()]).toEqual([[], true]);
  await night();
  expect(await otherwise()).toBe(true);
  await says(code, wang('刪除'));
  expect([await known(code, 'l'), await asked(code)]).toEqual(['王小明 啟用 R16', ['l 王小明 刪除']]);
  expect(await otherwise()).toBe(false);
  const [again] = await requests(code);
  expect(again?.recorded).toBeNull();
  await centreDid(again);
  await night();
  expect([await known(code, 'l'), await asked(code), await otherwise()]).toEqual([null, [], false]);
});

it('R22: one that the centre enabled stands, though the school deletes it before its file has it so', async () => {
  const code = '064604';
  await says(code, wang('啟用'), li('申請中'));
  await centreDid((await requests(code))[0]);
  await says(code, wang('啟用'), li('刪除'));
  expect([await known(code, 'm'), await asked(code)]).toEqual(['李大華 申請中 R20', ['m 李大華 刪除']]);
  await centreDid((await requests(code))[0]);
  await night();
  expect([await known(code, 'm'), await asked(code)]).toEqual([null, []]);
});

it('R18: one that was applied for and is told as enabled is asked for once', async () => {
  const code = '064605';
  await says(code, wang('啟用'), li('申請中'));
  await says(code, wang('啟用'), li('啟用'));
  expect(await asked(code)).toEqual(['m 李大華 開通']);
  await centreDid((await requests(code))[0]);
  await night();
  expect([await known(code, 'm'), await asked(code)]).toEqual(['李大華 啟用 R18', []]);
});

it('R18: what the complete list has no more is not asked for: a new account, and a change of one that is known', async () => {
  const code = '064606';
  await says(code, wang('啟用'));
  await says(code, wang('停用'), li('啟用'));
  const shown = await requests(code);
  expect(shown.map(({ asked }) => asked)).toEqual(['異動', '開通']);
  await send(code);
  await story.small.night(`${day()}T20:00:00+08:00`, true);
  for (const request of shown)
    await expect(centreDid(request)).rejects.toMatchObject({ code: 'account-request-changed' });
  await night();
  expect(await asked(code)).toEqual([]);
  expect([await known(code, 'l'), await known(code, 'm')]).toEqual(['王小明 啟用 R16', null]);
});

it('R18: the first file of a school is the first of all sources: another one of it can only ask', async () => {
  const code = '064607';
  await says(code, wang('啟用'));
  await story.small.configure([
    ...story.small.installation.config.sources,
    { type: 'account-files', name: 'accounts2', inbox: 'bundles' },
  ]);
  await send(code, wang('啟用'), li('啟用'));
  await story.small.send(
    `${code}.csv`,
    `${day()}T15:00:00+08:00`,
    [HEAD, `${code},n,總負責人,B123456780,李大華,啟用`],
    'bundles',
  );
  await night();
  expect((await asked(code)).sort()).toEqual(['m 李大華 開通', 'n 李大華 開通']);
  expect([await known(code, 'm'), await known(code, 'n')]).toEqual([null, null]);
});

it('R18: an account stays in its section: a file that tells another one is refused until it is put right', async () => {
  const code = '193303';
  const head = '學校代碼,學制,帳號,帳號類別,身分證字號,姓名,狀態';
  const tell = async (section: string, state: string) => {
    const row = `${code},${section},q,研習承辦人,F229999995,陳新進,${state}`;
    await story.accountsSent(code, day(), [head, row]);
    await night();
    return [await known(code, 'q'), await story.open('account-section-changed')];
  };
  expect(await tell('高中', '啟用')).toEqual(['陳新進 啟用 R16', []]);
  expect(await tell('國中', '啟用')).toEqual(['陳新進 啟用 R16', ['schools:193303:國中']]);
  await night();
  expect(await story.open('account-section-changed')).toHaveLength(1);
  expect(await tell('高中', '停用')).toEqual(['陳新進 停用 R16', []]);
});
