/** R20: a new holder applies personally, and the 總負責人 enables. Files of schools may say who did; where they do not, that is told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,申請人,開通人';
const LEAD = '064601,tc01,總負責人,A123456789,王小明,啟用,王小明,研習中心';
const clerk = (state: string, applied: string, enabled: string) =>
  `064601,tc02,研習承辦人,B123456780,李大華,${state},${applied},${enabled}`;
const SCHOOL = 'schools:064601:國小';
const CODES = ['account-enabled-by-holder', 'account-applied-by-other', 'account-origin-untold'] as const;

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story.close());

/** What the school says on the afternoon of a day; the night after hears it. @returns the codes that are open of it then */
async function says(day: string, nextDay: string, head: string, ...rows: string[]): Promise<string[]> {
  await story.accountsSent('064601', day, [`製表日期：${day}`, head, ...rows]);
  await story.night(nextDay);
  const open = await Promise.all(CODES.map(async (code) => ((await story.open(code)).includes(SCHOOL) ? [code] : [])));
  return open.flat();
}

it('R20: applied for on 08-01 and enabled on 08-03 by the 總負責人, an account raises no question', async () => {
  expect(await says('2024-07-30', '2024-07-31', HEAD, LEAD)).toEqual([]);
  expect(await says('2024-08-01', '2024-08-02', HEAD, LEAD, clerk('申請中', '李大華', ''))).toEqual([]);
  expect(await says('2024-08-03', '2024-08-04', HEAD, LEAD, clerk('啟用', '李大華', '王小明'))).toEqual([]);
});

it('R20: a 總負責人 who enabled the own account, and an applicant who is not the holder, are told from the night on in which the file says so', async () => {
  const self = LEAD.replace('研習中心', '王小明');
  expect(await says('2024-08-04', '2024-08-05', HEAD, self, clerk('啟用', '李大華', '王小明'))).toEqual([CODES[0]]);
  expect(await says('2024-08-05', '2024-08-06', HEAD, LEAD, clerk('啟用', '王小明', '王小明'))).toEqual([CODES[1]]);
  expect(await says('2024-08-06', '2024-08-07', HEAD, LEAD, clerk('啟用', '李大華', '王小明'))).toEqual([]);
});

it('R20: a file that does not say who is told as unknown from the night on in which an account is enabled, not of those of its first file', async () => {
  const head = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
  const row = (name: string, state: string) => `064602,${name},研習承辦人,C123456781,林淑芬,${state}`;
  const untold = async (day: string, nextDay: string, ...rows: string[]) => {
    await story.accountsSent('064602', day, [head, ...rows]);
    await story.night(nextDay);
    return story.open('account-origin-untold');
  };
  expect(await untold('2024-08-07', '2024-08-08', row('tc11', '啟用'), row('tc12', '申請中'))).toEqual([]);
  expect(await untold('2024-08-08', '2024-08-09', row('tc11', '停用'), row('tc12', '申請中'))).toEqual([]);
  expect(await untold('2024-08-09', '2024-08-10', row('tc11', '停用'), row('tc12', '啟用'))).toEqual([
    'schools:064602:國小',
  ]);
});

it('R20: one that the first file had as disabled, and that is enabled since, is asked about too', async () => {
  const head = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
  const untold = async (day: string, nextDay: string, state: string) => {
    const row = `064603,tc13,研習承辦人,C123456781,林淑芬,${state}`;
    await story.accountsSent('064603', day, [head, row]);
    await story.night(nextDay);
    return (await story.open('account-origin-untold')).includes('schools:064603:國小');
  };
  expect(await untold('2024-08-09', '2024-08-10', '停用')).toBe(false);
  expect(await untold('2024-08-10', '2024-08-11', '啟用')).toBe(true);
});

it('R20: an enabled account is not applied for again: it stands, and that is told until the school says otherwise', async () => {
  const applied = clerk('申請中', '李大華', '');
  await says('2024-08-11', '2024-08-12', HEAD, LEAD, applied);
  expect(await story.open('account-state-refused')).toEqual([SCHOOL]);
  await says('2024-08-12', '2024-08-13', HEAD, LEAD, clerk('啟用', '李大華', '王小明'));
  expect(await story.open('account-state-refused')).toEqual([]);
});
