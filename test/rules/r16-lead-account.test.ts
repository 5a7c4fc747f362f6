/** R16: every school has at least one active 總負責人; none is an alert, until there is one again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountRequests } from '../../pipelines/accounts/requests.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const lead = (state: string) => `064601,tc064601,總負責人,A123456789,王小明,${state}`;
const second = (state: string) => `064601,tc064601b,總負責人,B123456780,李大華,${state}`;
const clerk = '064601,tc064601c,研習承辦人,F229999995,林美玲,啟用';
const SCHOOL = 'schools:064601:國小';

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story.close());

/** The school's accounts on the afternoon of a day; the night after hears them. @returns the schools that have no active 總負責人 then */
async function says(day: string, nextDay: string, ...rows: string[]): Promise<string[]> {
  await story.accountsSent('064601', day, [`製表日期：${day}`, HEAD, ...rows]);
  await story.night(nextDay);
  return story.open('no-account-lead');
}

it('R16: the only 總負責人 is disabled on 08-01: none was missing the night before, one is once 研習中心 did it', async () => {
  expect(await says('2024-07-30', '2024-07-31', lead('啟用'), clerk)).toEqual([]);
  expect(await says('2024-08-01', '2024-08-02', lead('停用'), clerk)).toEqual([]);
  await story.centreDid('tc064601', '異動');
  await story.night('2024-08-02');
  expect(await story.open('no-account-lead')).toEqual([SCHOOL]);
});

it('R16: one that is only applied for is not active; one alert, not one a night', async () => {
  expect(await says('2024-08-02', '2024-08-03', lead('停用'), second('申請中'), clerk)).toEqual([SCHOOL]);
  const { rows } = await story.small.db.raw(
    `SELECT count(*)::int AS n FROM review.exception WHERE code = 'no-account-lead'`,
  );
  expect(rows[0].n).toBe(1);
});

it('R16: enabled on 08-03, the new one closes it; a second beside it may go without an alert', async () => {
  await story.centreDid('tc064601b', '開通');
  expect(await says('2024-08-03', '2024-08-04', lead('停用'), second('啟用'), clerk)).toEqual([]);
  expect(await says('2024-08-04', '2024-08-05', lead('啟用'), second('啟用'), clerk)).toEqual([]);
  await story.centreDid('tc064601', '開通');
  await story.night('2024-08-05');
  expect(await says('2024-08-05', '2024-08-06', lead('停用'), second('啟用'), clerk)).toEqual([]);
});

const ROSTER = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';

it('R16: a 總負責人 who left the school on 08-10 is none, though the account is enabled', async () => {
  const roster = (day: string, change: string) =>
    story.small.send(`064601-r-${day}.csv`, `${day}T15:00:00+08:00`, [
      ROSTER,
      `064601,B123456780,李大華,71/05/06,教師,${change}`,
    ]);
  await story.centreDid('tc064601', '異動');
  await roster('2024-08-06', ',');
  await story.night('2024-08-07');
  expect(await story.open('no-account-lead')).toEqual([]);
  await roster('2024-08-08', '離職,113/08/10');
  await story.night('2024-08-09');
  expect(await story.open('no-account-lead')).toEqual([]);
  await story.night('2024-08-10');
  expect(await story.open('no-account-lead')).toEqual([SCHOOL]);
  expect(await story.open('account-orphaned')).toEqual([SCHOOL]);
  const requests = await accountRequests(story.small.db);
  expect(requests.map(({ asked, account }) => `${asked} ${account}`).sort()).toEqual(['刪除 tc064601b', '開通 null']);
  expect(requests.every(({ blocked }) => blocked !== null)).toBe(true);
});

it('R16: a school of which no account was told is asked from the night on in which one of another is, where configuration says so, and each section of a code for itself', async () => {
  const asking = await openStory(null, { config: { accounts: { leadOfEverySchool: true } } });
  try {
    const lead = '193303,高中,tc193303,總負責人,C123456781,林淑芬,啟用';
    const of = (section: string) =>
      asking.open('no-account-lead').then((keys) => keys.includes(`schools:193303:${section}`));
    await asking.night('2024-07-30');
    expect(await asking.open('no-account-lead')).toEqual([]);
    const head = '學校代碼,學制,帳號,帳號類別,身分證字號,姓名,狀態';
    await asking.small.send('193303-a.csv', '2024-07-30T15:00:00+08:00', [head, lead], 'accounts');
    await asking.night('2024-07-31');
    expect([await of('高中'), await of('國中')]).toEqual([false, true]);
    expect(await asking.open('no-account-lead')).toContain(SCHOOL);
  } finally {
    await asking.close();
  }
  const quiet = await openStory();
  try {
    const head = '學校代碼,學制,帳號,帳號類別,身分證字號,姓名,狀態';
    const lead = '193303,高中,tc193303,總負責人,C123456781,林淑芬,啟用';
    await quiet.small.send('193303-a.csv', '2024-07-30T15:00:00+08:00', [head, lead], 'accounts');
    await quiet.night('2024-07-31');
    expect(await quiet.open('no-account-lead')).toEqual(['schools:193303:國中']);
  } finally {
    await quiet.close();
  }
});

it('R16: an account that the complete list has no more stands and is told (I12), and a 總負責人 that is gone so is none until it is back', async () => {
  const row = (name: string, kind: string) => `064609,${name},${kind},A123456789,王小明,啟用`;
  const missing = async (day: string, nextDay: string, ...rows: string[]) => {
    await story.small.send(
      `064609-${day}.csv`,
      `${day}T15:00:00+08:00`,
      [`製表日期：${day}`, HEAD, ...rows],
      'accounts',
    );
    await story.night(nextDay);
    const { rows: open } = await story.small.db.raw(
      `SELECT concat_ws(' ', code, params->>'accounts', params->>'first') AS line FROM review.exception
       WHERE closed_at IS NULL AND code IN ('account-missing', 'no-account-lead') AND institution_key = 'schools:064609:國小' ORDER BY 1`,
    );
    return open.map((r: { line: string }) => r.line);
  };
  const [lead, one, two] = [row('m1', '總負責人'), row('m2', '報表'), row('m3', '研習')];
  expect(await missing('2024-09-01', '2024-09-02', lead, one, two)).toEqual([]);
  expect(await missing('2024-09-02', '2024-09-03', lead, one)).toEqual(['account-missing 1 m3']);
  expect(await missing('2024-09-03', '2024-09-04', one)).toEqual(['account-missing 2 m1、m3', 'no-account-lead']);
  const asked = (await accountRequests(story.small.db)).filter((r) => r.institution.code === '064609');
  expect(asked, 'one that stands is not asked for').toEqual([]);
  expect(await missing('2024-09-04', '2024-09-05', lead, one, two)).toEqual([]);
});
