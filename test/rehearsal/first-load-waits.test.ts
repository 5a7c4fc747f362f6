/** A first load of which part waits for another school's hold: that part is no surprise on the nights after (I6, I11). */
import { afterEach, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { listHolds } from '../../pipelines/holds.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
let small: SmallInstallation;
afterEach(() => small.close());

const rows = (school: string, from: number, to: number, change = ','): string[] =>
  Array.from(
    { length: to - from },
    (_, i) => `${school},${nationalId(from + i)},王${String.fromCodePoint(0x5e73 + from + i)},70/05/06,教師,${change}`,
  );
const send = (day: string, school: string, lines: readonly string[]) =>
  small.send(`${school}.csv`, `${day}T10:00:00+08:00`, [HEAD, ...lines]);
const night = (day: string) => small.night(`${day}T22:00:00+08:00`);
const heldKeys = async () => (await listHolds(small.db)).map((h) => h.institution?.code);

it('a new school that registers half of another one’s people is held with that one alone, the next night too, and is guarded for whom it sends then', async () => {
  small = await openSmallInstallation();
  await send('2024-09-30', '064601', rows('064601', 0, 20));
  await night('2024-09-30');
  const first = [...rows('064604', 0, 10, '轉入,113/10/01'), ...rows('064604', 100, 105)];
  await send('2024-10-01', '064604', first);
  expect(await night('2024-10-01')).toMatchObject({ status: 'held', changes: { assignments: { added: 5, ended: 0 } } });
  expect(await heldKeys()).toEqual(['064601']);
  for (const day of ['2024-10-02', '2024-10-03']) {
    const quiet = await night(day);
    expect([quiet.exceptions.opened, quiet.exceptions.closed]).toEqual([0, 0]);
    expect(await heldKeys()).toEqual(['064601']);
  }
  await send('2024-10-04', '064604', [...first, ...rows('064604', 200, 206)]);
  await night('2024-10-04');
  expect(await heldKeys()).toEqual(['064601', '064604']);
});
