/** R06: rosters and accounts are to be up to date by 2024-08-02 17:00; who was not heard by then is late until it sends them, and the report says how each school stands. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { campaign113, nationalId, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
/** By the moment at which its only roster arrives, and its only list of accounts. */
const ARRIVALS = {
  '064601': '2024-07-04T23:59:59+08:00',
  '064602': '2024-07-05T00:00:00+08:00',
  '064603': '2024-08-02T16:59:59+08:00',
  '064604': '2024-08-02T17:00:00+08:00',
} as const;

let story: Story;
beforeAll(async () => {
  story = await openStory(null, { campaigns: [campaign113()] });
  for (const [code, arrived] of Object.entries(ARRIVALS)) {
    const id = nationalId(`A1${code}0`);
    await story.small.send(`${code}.csv`, arrived, [HEAD, `${code},${id},王小明,70/05/06,教師`]);
    const account = `${code},tc${code},總負責人,${id},王小明,啟用`;
    await story.small.send(`${code}.csv`, arrived, [ACCOUNTS, account], 'accounts');
  }
});
afterAll(() => story.close());

const late = async (code = 'school-late'): Promise<string[]> => {
  const keys = await story.open(code);
  return Object.keys(ARRIVALS).filter((code) => keys.includes(`schools:${code}:國小`));
};

it('R06: nobody is late before 08-02 17:00', async () => {
  await story.night('2024-07-06');
  await story.night('2024-08-02');
  expect(await story.open('school-late')).toEqual([]);
  expect(await story.open('accounts-late')).toEqual([]);
});

it('R06: at 17:00 those are late whose roster is older than the letter or came at 17:00:00; 16:59:59 was in time', async () => {
  await story.small.runs('2024-08-02T17:00:00+08:00');
  expect(await late()).toEqual(['064601', '064604']);
  expect(await late('accounts-late')).toEqual(['064601', '064604']);
});

it('R06: the night after hears the one that came too late, and the other one stays late', async () => {
  await story.night('2024-08-03');
  expect(await late()).toEqual(['064601']);
  expect(await late('accounts-late')).toEqual(['064601']);
});

/** How each of the four stands by the report of the newest run at a moment. */
async function standing(clock: string): Promise<Record<string, string>> {
  const { rows } = await story.small.db.raw('SELECT max(id) AS id FROM ops.run WHERE clock = ?', [clock]);
  const { compliance } = (await buildReport(story.small.db, rows[0].id)) as RunReport;
  const schools = (compliance?.schools ?? []).filter(({ institution }) => institution.code in ARRIVALS);
  return Object.fromEntries(
    schools.map(({ institution, roster, accounts }) => [institution.code, `${roster?.status} ${accounts?.status}`]),
  );
}

it('R06: the board says before the deadline who has yet to send, at 17:00 who is missing, and after it who came late', async () => {
  expect(await standing('2024-08-02T02:00:00+08:00')).toEqual({
    '064601': 'awaited awaited',
    '064602': 'in-time in-time',
    '064603': 'awaited awaited',
    '064604': 'awaited awaited',
  });
  expect(await standing('2024-08-02T17:00:00+08:00')).toEqual({
    '064601': 'missing missing',
    '064602': 'in-time in-time',
    '064603': 'in-time in-time',
    '064604': 'missing missing',
  });
  expect(await standing('2024-08-03T02:00:00+08:00')).toEqual({
    '064601': 'missing missing',
    '064602': 'in-time in-time',
    '064603': 'in-time in-time',
    '064604': 'late late',
  });
});

it('R06: rosters and accounts are told each for itself, until the school sends what is missing', async () => {
  await story.small.send(
    '064601-b.csv',
    '2024-08-03T10:00:00+08:00',
    [ACCOUNTS, '064601,tc064601,總負責人,,王小明,啟用'],
    'accounts',
  );
  await story.night('2024-08-04');
  expect([await late(), await late('accounts-late')]).toEqual([['064601'], []]);
  expect((await standing('2024-08-04T02:00:00+08:00'))['064601']).toBe('missing late');
});

it('R06: a file of which no row could be read brought nothing: the school is late until it sends one that can be', async () => {
  const send = (day: string, state: string) =>
    story.small.send(
      `064605-${day}.csv`,
      `${day}T10:00:00+08:00`,
      [ACCOUNTS, `064605,tc064605,總負責人,,王小明,${state}`],
      'accounts',
    );
  const missing = async () => (await story.open('accounts-late')).includes('schools:064605:國小');
  expect(await missing()).toBe(true);
  await send('2024-08-04', '壞掉');
  await story.night('2024-08-05');
  expect(await missing()).toBe(true);
  await send('2024-08-05', '啟用');
  await story.night('2024-08-06');
  expect(await missing()).toBe(false);
});

it('R06: of who is not addressed, and of a year whose school year is over, the board says nothing', async () => {
  const { rows } = await story.small.db.raw('SELECT max(id) AS id FROM ops.run');
  const { compliance } = await buildReport(story.small.db, rows[0].id);
  const national = await story.small.db('warehouse.institution_version').where({ ownership: '國立' }).pluck('name');
  expect(national.length).toBeGreaterThan(0);
  const names = compliance?.schools.map(({ institution }) => institution.name) ?? [];
  expect(names.filter((name) => national.includes(name))).toEqual([]);
  expect(names.length).toBeGreaterThan(300);
  await story.night('2025-08-01');
  const next = await story.small.db.raw('SELECT max(id) AS id FROM ops.run');
  expect((await buildReport(story.small.db, next.rows[0].id)).compliance).toBeNull();
  expect(await story.open('accounts-late')).toEqual([]);
});
