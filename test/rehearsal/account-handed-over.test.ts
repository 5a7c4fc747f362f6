/** R19: an account belongs to one person; one that another person holds is recorded as it is said, and told until the source says otherwise. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期,最後登入';
const ROSTER = '學校代碼,身分證字號,姓名,性別,出生日期,職稱';
const WANG = 'A123456789,王小明';
const LEE = 'B123456780,李大華';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

let login = 0;
/** One night in which the school says whose its account is. @returns the finding's days that are open after it */
async function says(day: string, holder: string, state = '啟用'): Promise<string[]> {
  const last = `2024-06-01 08:${String(++login).padStart(2, '0')}`;
  const row = `064601,tc064601,研習承辦人,${holder},${state},113/01/02,${last}`;
  await small.send(`064601-${day}.csv`, `${day}T10:00:00+08:00`, [HEAD, row], 'accounts');
  return night(day);
}
async function night(day: string): Promise<string[]> {
  expect((await small.night(`${day}T23:00:00+08:00`)).status).toBe('complete');
  const { rows } = await small.db.raw(
    `SELECT (params->>'since') || ' ' || institution_key AS line FROM review.exception WHERE closed_at IS NULL AND code = 'account-handed-over'`,
  );
  return rows.map((r: { line: string }) => r.line);
}
async function holder(): Promise<string> {
  const { rows } = await small.db.raw(
    `SELECT holder_name FROM warehouse.account_version WHERE recorded_to = 'infinity' AND valid_to = 'infinity'`,
  );
  return rows[0].holder_name;
}

it('is told from the night on in which another person holds it, and stays told while nothing or something else of it changes', async () => {
  expect(await says('2024-08-01', WANG)).toEqual([]);
  expect(await says('2024-08-02', WANG)).toEqual([]);
  expect(await says('2024-08-03', LEE)).toEqual(['2024-08-03 schools:064601:國小']);
  expect(await holder()).toBe('李大華');
  expect(await night('2024-08-04')).toHaveLength(1);
  expect(await says('2024-08-05', LEE)).toHaveLength(1);
});

it('is told no more once the account is back with its holder, or deleted', async () => {
  expect(await says('2024-08-06', WANG)).toEqual([]);
  expect(await says('2024-08-07', LEE)).toHaveLength(1);
  expect(await says('2024-08-08', LEE, '刪除')).toEqual([]);
});

it('a corrected identifier is no other person: of the same name, or where the roster says that both are one', async () => {
  const account = (day: string, who: string) =>
    small.send(
      `064602-${day}.csv`,
      `${day}T10:00:00+08:00`,
      [HEAD, `064602,tc064602,研習承辦人,${who},啟用,113/01/02,2024-07-01 08:00`],
      'accounts',
    );
  const roster = (day: string, id: string) =>
    small.send(`064602-${day}.csv`, `${day}T10:00:00+08:00`, [ROSTER, `064602,${id},林淑芬,女,75/01/02,教師`]);
  await account('2024-09-01', 'C123456781,林淑芬');
  await roster('2024-09-01', 'C123456781');
  expect(await night('2024-09-01')).toEqual([]);
  await account('2024-09-02', 'D123456782,林淑芬');
  expect(await night('2024-09-02')).toEqual([]);
  await account('2024-09-03', 'D123456782,林淑芳');
  expect(await night('2024-09-03')).toHaveLength(1);
  await roster('2024-09-04', 'D123456782');
  expect(await night('2024-09-04')).toEqual([]);
});
