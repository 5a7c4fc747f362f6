/** R19: an account belongs to one person and is never handed over, and a freed account name never comes back. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation } from '../support/small-installation.ts';
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
  await story.accountsSent('064601', day, ['名冊別：異動', HEAD, row]);
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

/** What another school says of one account. */
async function otherSays(day: string, nextDay: string, name: string, holder: string, state = '啟用'): Promise<void> {
  const row = `064602,${name},研習承辦人,${holder},${state},`;
  await story.accountsSent('064602', day, ['名冊別：異動', HEAD, row]);
  await story.night(nextDay);
}
const OTHER = 'schools:064602:國小';

it('R19: a name that one school freed on 08-12 is told the night after another person has it at another school, and not when the same person has', async () => {
  await says('2024-08-11', '2024-08-12', 'tc03', WANG);
  await otherSays('2024-08-12', '2024-08-13', 'tc03', LI);
  expect(await story.open('account-name-reused')).toEqual([]);
  await otherSays('2024-08-13', '2024-08-14', 'tc03', LI, '刪除');
  await says('2024-08-12', '2024-08-14', 'tc03', WANG, '刪除');
  await says('2024-08-14', '2024-08-15', 'tc04', WANG);
  await says('2024-08-15', '2024-08-16', 'tc04', WANG, '刪除');
  await otherSays('2024-08-16', '2024-08-17', 'tc04', WANG);
  expect(await story.open('account-name-reused')).toEqual([]);
  await says('2024-08-17', '2024-08-18', 'tc05', WANG);
  await says('2024-08-18', '2024-08-19', 'tc05', WANG, '刪除');
  expect(await story.open('account-name-reused')).toEqual([]);
  await otherSays('2024-08-19', '2024-08-20', 'tc05', LI);
  expect(await story.open('account-name-reused')).toEqual([OTHER]);
  await otherSays('2024-08-20', '2024-08-21', 'tc05', LI, '刪除');
  expect(await story.open('account-name-reused')).toEqual([]);
});

it('R19: a holder of another name without an identifier is told as not checked, from the night on in which the name changed', async () => {
  await says('2024-08-21', '2024-08-22', 'tc06', ',王小明');
  await says('2024-08-22', '2024-08-23', 'tc06', ',王小明');
  expect(await story.open('account-holder-untold')).toEqual([]);
  await says('2024-08-23', '2024-08-24', 'tc06', ',李大華');
  expect(await story.open('account-holder-untold')).toEqual(['schools:064601:國小']);
  expect(await story.open('account-handed-over')).toEqual(['schools:064601:國小']);
  await says('2024-08-24', '2024-08-25', 'tc06', ',王小明');
  expect(await story.open('account-holder-untold')).toEqual(['schools:064601:國小']);
  await says('2024-08-25', '2024-08-26', 'tc06', ',王小明', '刪除');
  expect(await story.open('account-holder-untold')).toEqual([]);
});

it('R19: the account of a 總負責人 is not given to another person on 08-20: it stands, and that is told', async () => {
  const file = (day: string, holder: string) =>
    story.small.send(
      `064603-${day}.csv`,
      `${day}T15:00:00+08:00`,
      [HEAD, `064603,tc07,總負責人,${holder},啟用,${day} 08:00`],
      'accounts',
    );
  await file('2024-08-26', WANG);
  await story.night('2024-08-27');
  expect(await holders('tc07')).toEqual(['王小明 2024-08-26 infinity']);
  await file('2024-08-27', LI);
  await story.night('2024-08-28');
  expect(await holders('tc07')).toEqual(['王小明 2024-08-26 infinity']);
  expect(await story.open('account-lead-handed-over')).toEqual(['schools:064603:國小']);
  await file('2024-08-28', WANG);
  await story.night('2024-08-29');
  expect(await story.open('account-lead-handed-over')).toEqual([]);
});

it('R19: one person with two accounts of one kind is told, and one who does not use an account is', async () => {
  const row = (name: string, kind: string, holder: string, last: string) =>
    `064604,${name},${kind},${holder},啟用,${last}`;
  const file = (day: string, ...rows: string[]) => story.accountsSent('064604', day, [HEAD, ...rows]);
  const first = row('tc08', '研習承辦人', WANG, '2023-08-30 08:00');
  await file('2024-08-29', first, row('tc09', '報表查詢人員', WANG, '2024-08-01 08:00'));
  await story.night('2024-08-29');
  expect([await story.open('account-duplicate'), await story.open('account-idle')]).toEqual([[], []]);
  await file('2024-08-30', first, row('tc10', '研習承辦人', WANG, '2024-08-01 08:00'));
  await story.night('2024-08-31');
  expect(await story.open('account-duplicate')).toEqual(['schools:064604:國小']);
  expect(await story.open('account-idle')).toEqual(['schools:064604:國小']);
});

/** One night of school 064605. @returns since when the finding of the code is told of it */
async function since(day: string, code: string, holder: string, login: string): Promise<string[]> {
  const row = `064605,tc11,研習承辦人,${holder},啟用,${login}`;
  await story.small.send(`064605-${day}.csv`, `${day}T01:00:00+08:00`, [HEAD, row], 'accounts');
  await story.night(day);
  const { rows } = await story.small.db.raw(
    `SELECT params->>'since' AS since FROM review.exception WHERE closed_at IS NULL AND code = ? AND institution_key LIKE '%:064605:%'`,
    [code],
  );
  return rows.map((r: { since: string }) => r.since);
}

it('R19: another holder is told since the day of the hand-over, also when somebody signs in afterwards, and of a third one since theirs', async () => {
  const code = 'account-handed-over';
  expect(await since('2024-09-01', code, WANG, '')).toEqual([]);
  expect(await since('2024-09-02', code, LI, '')).toEqual(['2024-09-02']);
  expect(await since('2024-09-03', code, LI, '2024-09-02 09:00')).toEqual(['2024-09-02']);
  expect(await since('2024-09-04', code, 'C123456781,林淑芬', '2024-09-03 09:00')).toEqual(['2024-09-04']);
  expect(await since('2024-09-05', code, LI, '2024-09-04 09:00')).toEqual(['2024-09-05']);
  expect(await since('2024-09-06', code, WANG, '2024-09-05 09:00')).toEqual([]);
});

it('R19: a name without an identifier is told as not checked since its day, and no more once the identifier of that name is sent', async () => {
  const code = 'account-holder-untold';
  expect(await since('2024-09-07', code, ',王曉明', '2024-09-06 09:00')).toEqual(['2024-09-07']);
  expect(await since('2024-09-08', code, ',王曉明', '2024-09-07 09:00')).toEqual(['2024-09-07']);
  expect(await since('2024-09-09', code, 'A123456789,王曉明', '2024-09-08 09:00')).toEqual([]);
  expect(await since('2024-09-10', code, 'A123456789,王曉明', '2024-09-09 09:00')).toEqual([]);
  expect(await since('2024-09-11', code, ',王小明', '2024-09-10 09:00')).toEqual(['2024-09-11']);
});

it('R19: what one file may not, two may not: the holder of a 總負責人 is left out, then another one named; or another identifier first, and the name after', async () => {
  const row = (name: string, holder: string) => `064606,${name},總負責人,${holder},啟用,`;
  const file = async (day: string, nextDay: string, ...rows: string[]) => {
    await story.accountsSent('064606', day, [HEAD, ...rows]);
    await story.night(nextDay);
  };
  const now = async (name: string) => (await holders(name)).at(-1)?.split(' ')[0];
  await file('2024-09-12', '2024-09-13', row('tc11', WANG), row('tc12', WANG));
  await file('2024-09-13', '2024-09-14', row('tc11', ','), row('tc12', 'B123456780,王小明'));
  expect([await now('tc11'), await now('tc12')]).toEqual(['王小明', '王小明']);
  await file('2024-09-14', '2024-09-15', row('tc11', 'C123456781,林淑芬'), row('tc12', LI));
  expect([await now('tc11'), await now('tc12')]).toEqual(['王小明', '王小明']);
  expect(await story.open('account-lead-handed-over')).toContain('schools:064606:國小');
});

it('R19: whoever had a name that was freed may have it again, from the day on which the school says so; by a name alone nobody', async () => {
  await says('2024-09-20', '2024-09-21', 'tc20', WANG);
  await says('2024-09-21', '2024-09-22', 'tc20', WANG, '刪除');
  await says('2024-09-22', '2024-09-23', 'tc20', ',王小明');
  expect(await holders('tc20')).toEqual(['王小明 2024-09-20 2024-09-21']);
  expect(await story.open('account-name-returned')).toEqual(['schools:064601:國小']);
  await says('2024-09-24', '2024-09-25', 'tc20', WANG);
  const again = ['王小明 2024-09-20 2024-09-21', '王小明 2024-09-24 infinity'];
  expect([await holders('tc20'), await story.open('account-name-returned')]).toEqual([again, []]);
  await story.night('2024-09-26');
  expect(await holders('tc20')).toEqual(again);
});

it('R19: one name in two lists of a school for two people is told, and for one person not', async () => {
  const two = await openSmallInstallation(1, { sources: [{ type: 'account-files', name: 'other', inbox: 'bundles' }] });
  try {
    const shared = async (day: string, holder: string): Promise<unknown[]> => {
      const sent = `2024-08-${day}T10:00:00+08:00`;
      await two.send('064601.csv', sent, [HEAD, `064601,tc01,研習承辦人,${holder},啟用,`], 'bundles');
      await two.night(`2024-08-${day}T23:00:00+08:00`);
      return (await two.db('review.exception').where({ code: 'account-name-shared', closed_at: null })).map((e) => [
        e.subject,
        e.params,
      ]);
    };
    const first = [HEAD, `064601,tc01,研習承辦人,${WANG},啟用,`];
    await two.send('064601.csv', '2024-08-01T10:00:00+08:00', first, 'accounts');
    await two.night('2024-08-01T12:00:00+08:00');
    const told = [['other/064601 064601:tc01', { other: 'accounts/064601' }]];
    expect(await shared('02', LI)).toEqual(told);
    expect(await shared('03', ',林淑芬')).toEqual(told);
    expect(await shared('04', WANG)).toEqual([]);
  } finally {
    await two.close();
  }
});
