/** R19: an account belongs to one person and is never handed over, and a freed account name never comes back. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,最後登入';
const WANG = 'A123456789,王小明';
const LI = 'B123456780,李大華';

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story.close());

/** What the school says of one account on the afternoon of a day; the night after hears it. */
async function says(day: string, nextDay: string, name: string, holder: string, state = '啟用'): Promise<void> {
  const row = `064601,${name},研習承辦人,${holder},${state},${day} 08:00`;
  await story.small.send(`064601-${day}.csv`, `${day}T15:00:00+08:00`, ['名冊別：異動', HEAD, row], 'accounts');
  await story.night(nextDay);
}
/** Who held an account from when until when, as known now. */
async function holders(name: string): Promise<string[]> {
  const { rows } = await story.small.db.raw(
    `SELECT concat_ws(' ', v.holder_name, v.valid_from, v.valid_to) AS line FROM warehouse.account a
     JOIN warehouse.account_version v ON v.account_id = a.id AND v.recorded_to = 'infinity' WHERE a.account_name = ? ORDER BY v.valid_from`,
    [name],
  );
  return rows.map((r: { line: string }) => r.line);
}

it('R19: 王小明’s account is 李大華’s from 08-02 on: nothing is told the night before, the hand-over is the night after', async () => {
  await says('2024-07-31', '2024-08-01', 'tc01', WANG);
  expect(await story.open('account-handed-over')).toEqual([]);
  await says('2024-08-02', '2024-08-03', 'tc01', LI);
  expect(await story.open('account-handed-over')).toEqual(['schools:064601:國小']);
});

it('R19: a name that was freed on 08-05 and comes back on 08-08 for another person is not reopened, and that is told', async () => {
  await says('2024-08-04', '2024-08-05', 'tc02', WANG);
  expect(await holders('tc02')).toEqual(['王小明 2024-08-04 infinity']);
  await says('2024-08-05', '2024-08-06', 'tc02', WANG, '刪除');
  expect(await holders('tc02')).toEqual(['王小明 2024-08-04 2024-08-05']);
  expect(await story.open('account-name-returned')).toEqual([]);
  await says('2024-08-08', '2024-08-09', 'tc02', LI);
  expect(await holders('tc02')).toEqual(['王小明 2024-08-04 2024-08-05']);
  expect(await story.open('account-name-returned')).toEqual(['schools:064601:國小']);
});

it('R19: it stays told through quiet nights, and is closed when the school deletes it again', async () => {
  await story.night('2024-08-10');
  expect(await story.open('account-name-returned')).toEqual(['schools:064601:國小']);
  await says('2024-08-10', '2024-08-11', 'tc02', LI, '刪除');
  expect(await story.open('account-name-returned')).toEqual([]);
  expect(await holders('tc02')).toEqual(['王小明 2024-08-04 2024-08-05']);
});
