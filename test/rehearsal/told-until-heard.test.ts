/** R08: a school whose teacher was registered elsewhere is told until it has spoken again, whoever else is looked at in between, and why. Told night by night. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setManualValue } from '../../pipelines/manual-values.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const wang = (school: string, title = '教師', change = '', on = ''): string =>
  `${school},A123456789,王小明,70/05/06,${title},${change},${on}`;
const LI = '064601,B123456780,李大華,60/03/04,校長,,';
const COMPLETE = '名冊別：完整';
const CHANGES = '名冊別：異動';
const [OLD, NEW] = ['064601', '064602'];
const TOLD = [expect.objectContaining({ code: 'registered-elsewhere', about: '王小明' })];

let small: SmallInstallation;
let files = 0;
async function night(day: string): Promise<SyncResult> {
  const result = await small.night(`${day}T23:00:00+08:00`);
  expect(result.status).toBe('complete');
  // I11: the same night again finds and settles nothing.
  const again = await small.night(`${day}T23:10:00+08:00`);
  expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
  return result;
}
const send = (school: string, day: string, lines: string[]): Promise<void> =>
  small.send(`${school}-${++files}.csv`, `${day}T10:00:00+08:00`, lines);
async function says(school: string, day: string, lines: string[]): Promise<SyncResult> {
  await send(school, day, lines);
  return night(day);
}
/** The matters of the code: from which run on each, and whether it is open. */
async function asked(code = 'registered-elsewhere'): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT to_char(opened_at AT TIME ZONE 'Asia/Taipei', 'YYYY-MM-DD') || CASE WHEN closed_at IS NULL THEN ' open' ELSE ' closed' END || ' ' || (params->>'since') AS line
     FROM review.exception WHERE code = ? ORDER BY id`,
    [code],
  );
  return rows.map(({ line }: { line: string }) => line);
}
const onReceipt = async (): Promise<object[]> => (await findReceipts(small.db, OLD, null))[0]?.matters ?? [];

beforeEach(async () => {
  small = await openSmallInstallation();
  await addBureau(small.db, ['lin']);
  await says(OLD, '2024-07-29', [COMPLETE, HEAD, wang(OLD), LI]);
  await says(NEW, '2024-08-01', [CHANGES, HEAD, wang(NEW, '教師', '新進', '113/08/01')]);
  expect(await asked()).toEqual(['2024-08-01 open 2024-08-01']);
});
afterEach(() => small.close());

describe('R08: the matter of a school whose teacher was registered elsewhere', () => {
  const stays = ['2024-08-01 open 2024-08-01'];

  it('stays open with its age where the new school corrects a title, until the old school’s list has the person no more', async () => {
    await says(NEW, '2024-08-02', [CHANGES, HEAD, wang(NEW, '組長', '新進', '113/08/01')]);
    expect(await asked()).toEqual(stays);
    await says(OLD, '2024-08-05', [COMPLETE, HEAD, wang(OLD), `${LI} `]);
    expect(await asked()).toEqual(stays);
    expect(await onReceipt()).toEqual(TOLD);
    await says(OLD, '2024-08-06', [COMPLETE, HEAD, LI]);
    expect(await asked()).toEqual(['2024-08-01 closed 2024-08-01']);
    expect(await onReceipt()).toEqual(TOLD);
    await says(OLD, '2024-08-07', [COMPLETE, HEAD, LI.replace('校長', '主任')]);
    expect(await onReceipt()).toEqual([]);
    expect(await asked()).toEqual(['2024-08-01 closed 2024-08-01']);
  });

  it('stays open where a value is set by hand of the person, until the old school tells the leave', async () => {
    const { rows } = await small.db.raw(`SELECT person_id FROM warehouse.person_version WHERE name = '王小明'`);
    await setManualValue(small.db, {
      entity: 'person',
      id: String(rows[0].person_id),
      field: 'email',
      value: 'wang@example.edu.tw',
      at: null,
      reason: '本人來電',
      until: null,
      by: LIN,
      when: '2024-08-02T09:00:00+08:00',
    });
    for (const day of ['2024-08-02', '2024-08-03']) await night(day);
    expect(await asked()).toEqual(stays);
    await says(OLD, '2024-08-05', [CHANGES, HEAD, wang(OLD, '教師', '轉校', '113/08/05')]);
    expect(await asked()).toEqual(['2024-08-01 closed 2024-08-01']);
    expect(await onReceipt()).toEqual(TOLD);
  });

  it('is settled by the next file of changes of the old school, in which silence says nothing', async () => {
    await says(NEW, '2024-08-02', [CHANGES, HEAD, wang(NEW, '組長', '新進', '113/08/01')]);
    await says(OLD, '2024-08-05', [CHANGES, HEAD, LI.replace('校長', '主任')]);
    expect(await onReceipt()).toEqual(TOLD);
    expect(await asked()).toEqual(['2024-08-01 closed 2024-08-01']);
  });

  it('tells the day that holds once the new school corrects it, and closes where the old school registers the person anew', async () => {
    await says(NEW, '2024-08-02', [CHANGES, HEAD, wang(NEW, '教師', '新進', '113/08/03')]);
    expect(await asked()).toEqual(['2024-08-01 open 2024-08-03']);
    await says(OLD, '2024-08-20', [CHANGES, HEAD, wang(OLD, '教師', '轉入', '113/08/20')]);
    expect(await asked()).toEqual(['2024-08-01 closed 2024-08-03', '2024-08-20 open 2024-08-20']);
  });
});
