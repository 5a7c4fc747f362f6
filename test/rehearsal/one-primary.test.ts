/** One primary unit on every day (R08), also where the old unit tells a later day of its own, and where a start is corrected. Stories through PostgreSQL. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const PEOPLE = {
  told: 'A123456789,王小明,男,70/05/06',
  moved: 'F229999995,林淑芬,女,75/01/02',
  early: 'B123456780,李大華,男,60/03/04',
} as const;
type Person = keyof typeof PEOPLE;
type Word = readonly [school: string, change: string, on: string];

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

let files = 0;
/** What schools say of one person; the night after hears it, and the same night again writes nothing. */
async function night(person: Person, day: string, ...words: readonly Word[]): Promise<void> {
  for (const [school, change, on] of words) {
    // The same bytes again would be the same file: blanks make another one.
    const row = `${school},${PEOPLE[person]},教師${' '.repeat(++files)},${change},${on}`;
    await small.send(`${school}-${files}.csv`, `${day}T10:00:00+08:00`, ['名冊別：異動', HEAD, row]);
  }
  expect((await small.night(`${day}T23:00:00+08:00`)).status).toBe('complete');
  const again = await small.night(`${day}T23:00:00+08:00`);
  expect(again.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect([again.exceptions.opened, again.exceptions.closed]).toEqual([0, 0]);
}

async function lines(person: Person): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT right(a.source, 6) || ' ' || v.valid_from || coalesce(' ' || v.end_reason || ' ' || v.valid_to, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity'
     WHERE p.name = ? AND v.is_primary AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to ORDER BY v.valid_from, 1`,
    [PEOPLE[person].split(',')[1] as string],
  );
  return rows.map((r: { line: string }) => r.line);
}
async function open(code: string): Promise<number> {
  const { rows } = await small.db.raw(
    'SELECT count(*)::int AS n FROM review.exception WHERE closed_at IS NULL AND code = ?',
    [code],
  );
  return rows[0].n;
}

it('R08: the new unit wins from the day it registers the person, also while an end that the old one told is still to come', async () => {
  await night('told', '2024-07-01', ['064601', '新進', '112/08/01']);
  await night('told', '2024-08-02', ['064601', '轉校', '113/08/05'], ['064602', '轉入', '113/08/01']);
  expect(await lines('told')).toEqual(['064601 2023-08-01 轉校 2024-08-01', '064602 2024-08-01']);
});

it('the same where the old one tells its later end a night after', async () => {
  await night('told', '2024-08-03', ['064603', '轉入', '113/09/01']);
  await night('told', '2024-08-04', ['064602', '離職', '113/09/10']);
  expect((await lines('told')).slice(1)).toEqual(['064602 2024-08-01 轉校 2024-09-01', '064603 2024-09-01']);
});

it('an end before the new unit registers the person is the old unit’s own', async () => {
  await night('told', '2024-08-05', ['064602', '離職', '113/08/20']);
  expect((await lines('told')).slice(1)).toEqual(['064602 2024-08-01 離職 2024-08-20', '064603 2024-09-01']);
});

it('two units that say so of one day are asked', async () => {
  expect(await open('two-primary-units')).toBe(0);
  await night('told', '2024-08-06', ['064602', '離職', '113/09/10'], ['064603', '轉入', '113/08/01']);
  expect(await open('two-primary-units')).toBe(2);
  await night('told', '2024-08-07', ['064603', '轉入', '113/08/21']);
  expect(await open('two-primary-units')).toBe(0);
  expect((await lines('told')).slice(1)).toEqual(['064602 2024-08-01 轉校 2024-08-21', '064603 2024-08-21']);
});

it('a corrected start of an open spell is followed, and the end of the unit that gave way with it', async () => {
  await night('moved', '2024-09-01', ['064601', '新進', '112/08/01']);
  await night('moved', '2024-09-02', ['064602', '轉入', '113/08/05']);
  expect(await lines('moved')).toEqual(['064601 2023-08-01 轉校 2024-08-05', '064602 2024-08-05']);
  await night('moved', '2024-09-03', ['064602', '轉入', '113/08/08']);
  expect(await lines('moved')).toEqual(['064601 2023-08-01 轉校 2024-08-08', '064602 2024-08-08']);
  await night('moved', '2024-09-04', ['064602', '轉入', '113/08/02']);
  expect(await lines('moved')).toEqual(['064601 2023-08-01 轉校 2024-08-02', '064602 2024-08-02']);
});

it('an end that did not depend on the corrected start stays', async () => {
  await night('early', '2024-09-05', ['064601', '新進', '112/08/01']);
  await night('early', '2024-09-06', ['064601', '離職', '113/08/01']);
  await night('early', '2024-09-07', ['064602', '轉入', '113/08/05']);
  await night('early', '2024-09-08', ['064602', '轉入', '113/08/08']);
  expect(await lines('early')).toEqual(['064601 2023-08-01 離職 2024-08-01', '064602 2024-08-08']);
});

it('no spell begins before the one that precedes it had ended', async () => {
  await night('early', '2024-09-09', ['064601', '新進', '113/09/01']);
  expect(await lines('early')).toContain('064601 2024-09-01');
  await night('early', '2024-09-10', ['064601', '新進', '113/07/01']);
  expect(await lines('early')).toContain('064601 2023-08-01 離職 2024-08-01');
});

it('the correction is told as one', async () => {
  const { rows } = await small.db.raw(
    `SELECT count(*)::int AS n FROM ops.plan_change WHERE reason = '起始日更正' AND rule = 'R08'`,
  );
  expect(rows[0].n).toBeGreaterThanOrEqual(3);
});
