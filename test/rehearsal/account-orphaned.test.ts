/** Accounts whose holders are gone, and accounts that nobody uses: what is told of them, and what must not be. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const ROSTER = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期,最後登入';
const WANG = 'A123456789,王小明,70/05/06,教師';
const LI = 'B123456780,李大華,71/05/06,教師';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

const roster = (code: string, day: string, ...rows: string[]) =>
  small.send(`${code}-r-${day}.csv`, `${day}T10:00:00+08:00`, [ROSTER, ...rows.map((row) => `${code},${row}`)]);
const accounts = (code: string, day: string, ...rows: string[]) =>
  small.send(
    `${code}-a-${day}.csv`,
    `${day}T10:00:00+08:00`,
    [ACCOUNTS, ...rows.map((row) => `${code},${row}`)],
    'accounts',
  );
/** @returns what of the code is open after the night: institution, and who it is about */
async function open(day: string, code: string): Promise<string[]> {
  expect((await small.night(`${day}T23:00:00+08:00`)).status).toBe('complete');
  const { rows } = await small.db.raw(
    `SELECT concat_ws(' ', e.institution_key, r.holder_name, e.params->>'first') AS line FROM review.exception e
     LEFT JOIN landing.account_record r ON e.subject = r.source || ' ' || r.key
     WHERE e.closed_at IS NULL AND e.code = ? ORDER BY 1`,
    [code],
  );
  return rows.map((row: { line: string }) => row.line);
}

it('a holder who was never on the roster, whose row is quarantined or who is missing from it is not taken for gone (I12)', async () => {
  const account = 'tc01,研習承辦人,A123456789,王小明,啟用,,';
  await accounts('064601', '2024-08-01', account, 'tc02,研習承辦人,C123456781,林外聘,啟用,,');
  await roster('064601', '2024-08-01', `${WANG},,`, `${LI},,`);
  expect(await open('2024-08-01', 'account-orphaned')).toEqual([]);
  await roster('064601', '2024-08-02', 'A12****789,王小明,70/05/06,教師,,', `${LI},,`);
  expect(await open('2024-08-02', 'account-orphaned')).toEqual([]);
  await roster('064601', '2024-08-03', `${LI},,`);
  expect(await open('2024-08-03', 'account-orphaned')).toEqual([]);
  await roster('064601', '2024-08-04', `${WANG},留職停薪,113/08/04`, `${LI},,`);
  expect(await open('2024-08-04', 'account-orphaned')).toEqual([]);
});

it('a holder whom another school registers is gone from the old one from that day, until the account is disabled (R08)', async () => {
  await roster('064602', '2024-08-05', `${WANG},轉入,113/08/06`);
  expect(await open('2024-08-05', 'account-orphaned')).toEqual([]);
  expect(await open('2024-08-06', 'account-orphaned')).toEqual(['schools:064601:國小 王小明']);
  await accounts('064601', '2024-08-07', 'tc01,研習承辦人,A123456789,王小明,停用,,');
  expect(await open('2024-08-07', 'account-orphaned')).toEqual([]);
});

it('an account is idle by its last sign-in, not before its enabling is as long ago, and not where nothing is said of sign-ins', async () => {
  const kinds = ['a', 'b', 'c', 'd'].map((name, i) => `${name},帳號${i}`);
  const [old, renewed, recent, silent] = kinds as [string, string, string, string];
  await accounts(
    '064603',
    '2024-08-08',
    `${old},,,啟用,110/08/01,2023-08-01 08:00`,
    `${renewed},,,啟用,113/08/01,2022-01-01 08:00`,
    `${recent},,,啟用,110/08/01,2023-08-15 08:00`,
    `${silent},,,啟用,110/08/01,`,
  );
  expect(await open('2024-08-08', 'account-idle')).toEqual(['schools:064603:國小 a']);
  expect(await open('2024-08-14', 'account-idle')).toEqual(['schools:064603:國小 a']);
  expect(await open('2024-08-15', 'account-idle')).toEqual(['schools:064603:國小 a、c']);
});
