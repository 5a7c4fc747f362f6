/** R16: every school has at least one active 總負責人; none is an alert, until there is one again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  await story.small.send(`064601-${day}.csv`, `${day}T15:00:00+08:00`, [HEAD, ...rows], 'accounts');
  await story.night(nextDay);
  return story.open('no-account-lead');
}

it('R16: the only 總負責人 is disabled on 08-01: none was missing the night before, one is the night after', async () => {
  expect(await says('2024-07-30', '2024-07-31', lead('啟用'), clerk)).toEqual([]);
  expect(await says('2024-08-01', '2024-08-02', lead('停用'), clerk)).toEqual([SCHOOL]);
});

it('R16: one that is only applied for is not active; one alert, not one a night', async () => {
  expect(await says('2024-08-02', '2024-08-03', lead('停用'), second('申請中'), clerk)).toEqual([SCHOOL]);
  const { rows } = await story.small.db.raw(
    `SELECT count(*)::int AS n FROM review.exception WHERE code = 'no-account-lead'`,
  );
  expect(rows[0].n).toBe(1);
});

it('R16: enabled on 08-03, the new one closes it; a second beside it may go without an alert', async () => {
  expect(await says('2024-08-03', '2024-08-04', lead('停用'), second('啟用'), clerk)).toEqual([]);
  expect(await says('2024-08-04', '2024-08-05', lead('啟用'), second('啟用'), clerk)).toEqual([]);
  expect(await says('2024-08-05', '2024-08-06', lead('啟用'), second('刪除'), clerk)).toEqual([]);
});
