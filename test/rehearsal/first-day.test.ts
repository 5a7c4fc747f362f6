/** A day at a school, and a day that only stands for one: told apart by what is kept of the first day (R08, R09). Stories through PostgreSQL. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstDays } from '../../warehouse/migrations/0018-first-days.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const WANG = 'A123456789,王小明,男,70/05/06';
const LIN = 'F229999995,林淑芬,女,75/01/02';
type Word = readonly [school: string, who: string, change: string, on: string];

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

let files = 0;
/** What schools say, and the night after; the same night again writes nothing. */
async function night(day: string, ...words: readonly Word[]): Promise<void> {
  for (const [school, who, change, on] of words) {
    const row = [school, who, '教師', change, on].join(',');
    await small.send(`${school}-${++files}.csv`, `${day}T10:00:00+08:00`, ['名冊別：異動', HEAD, row]);
  }
  expect((await small.night(`${day}T23:00:00+08:00`)).status).toBe('complete');
  const again = await small.night(`${day}T23:00:00+08:00`);
  expect(again.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
}

/** Each ended spell with its days, and the first day where it is another one; of now, or of all that was ever known. */
async function ended(which = `v.recorded_to = 'infinity'`): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT right(a.source, 6) || ' ' || v.valid_from || ' ' || v.valid_to || coalesce(' ' || v.began, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
     WHERE v.end_reason IS NOT NULL AND ${which} ORDER BY 1, v.recorded_from`,
  );
  return rows.map((r: { line: string }) => r.line);
}

it('R08: a school that had the person for one day and then tells that nobody came on it moves no other school', async () => {
  await night('2024-07-01', ['064603', WANG, '新進', '112/08/01']);
  await night('2024-08-02', ['064601', WANG, '轉入', '113/08/01']);
  await night('2024-08-06', ['064602', WANG, '轉入', '113/08/05']);
  await night('2024-08-07', ['064601', WANG, '轉入', '113/08/04']);
  expect(await ended()).toEqual(['064601 2024-08-04 2024-08-05', '064603 2023-08-01 2024-08-04']);
  await night('2024-08-08', ['064601', WANG, '離職', '113/08/04']);
  expect(await ended()).toEqual(['064601 2024-08-03 2024-08-04 2024-08-04', '064603 2023-08-01 2024-08-04']);
});

it('R09: who came onto a list already gone has no first day that anybody told, whatever the end is corrected to', async () => {
  const lin = async (): Promise<string[]> => (await ended()).filter((line) => line.endsWith('-infinity'));
  await night('2024-08-09', ['064601', LIN, '離職', '113/08/01']);
  expect(await lin()).toEqual(['064601 2024-07-31 2024-08-01 -infinity']);
  await night('2024-08-10', ['064601', LIN, '離職', '113/08/05']);
  expect(await lin()).toEqual(['064601 2024-07-31 2024-08-05 -infinity']);
  await night('2024-08-11', ['064601', LIN, '離職', '113/07/10']);
  expect(await lin()).toEqual(['064601 2024-07-09 2024-07-10 -infinity']);
});

it('what was recorded before first days were kept is read as it was written', async () => {
  await night('2024-08-12', ['064601', WANG, '離職', '113/07/20']);
  const kept = await ended('true');
  await small.db.raw('ALTER TABLE warehouse.assignment_version DROP COLUMN began');
  await firstDays.up(small.db);
  expect(await ended('true')).toEqual(kept);
  await night('2024-08-13');
});
