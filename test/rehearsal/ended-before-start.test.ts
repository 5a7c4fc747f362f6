/** A 離職 dated before the teacher's first day (R09, R10), told as a story through PostgreSQL: out, told, and put right by a corrected file. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,異動別,異動日期';
const wang = (said: string): string[] => ['名冊別：異動', HEAD, `064601,A123456789,王小明,男,70/05/06,教師,${said}`];

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

async function spell(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT a.spell || ' ' || v.valid_from || coalesce(' ' || v.end_reason || ' ' || v.valid_to, '') AS line
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}
async function asked(): Promise<string[]> {
  const { rows } = await small.db.raw(
    `SELECT institution_key || ' ' || (params->>'since') || ' ' || (params->>'until') || CASE WHEN closed_at IS NULL THEN ' open' ELSE ' closed' END AS line
     FROM review.exception WHERE code = 'ended-before-start' ORDER BY id`,
  );
  return rows.map((r: { line: string }) => r.line);
}
const ASKED = 'schools:064601:國小 2024-08-01 2024-07-15';

it('is out from the day that was told, and the school is asked', async () => {
  await small.send('064601-a.csv', '2024-08-01T10:00:00+08:00', wang('新進,113/08/01'));
  await small.night('2024-08-02T02:00:00+08:00');
  await small.send('064601-b.csv', '2024-08-05T10:00:00+08:00', wang('離職,113/07/15'));
  await small.night('2024-08-06T02:00:00+08:00');
  expect([await spell(), await asked()]).toEqual([['1 2024-07-14 離職 2024-07-15'], [`${ASKED} open`]]);
});

it('stays asked while nights pass and the person is looked at again', async () => {
  await small.send(
    '064601-c.csv',
    '2024-08-06T10:00:00+08:00',
    wang('離職,113/07/15').map((l) => l.replace('教師', '導師')),
  );
  const night = await small.night('2024-08-07T02:00:00+08:00');
  expect([night.exceptions.opened, night.exceptions.closed]).toEqual([0, 0]);
  expect(await asked()).toEqual([`${ASKED} open`]);
});

it('a corrected day restores the start and closes the question', async () => {
  await small.send('064601-d.csv', '2024-08-20T10:00:00+08:00', wang('離職,113/08/15'));
  await small.night('2024-08-21T02:00:00+08:00');
  expect([await spell(), await asked()]).toEqual([['1 2024-08-01 離職 2024-08-15'], [`${ASKED} closed`]]);
});

it('so does a file that says 在職, weeks later: the same spell, not a return', async () => {
  await small.send(
    '064601-e.csv',
    '2024-08-22T10:00:00+08:00',
    wang('離職,113/07/15').map((l) => l.replace('教師', '組長')),
  );
  await small.night('2024-08-23T02:00:00+08:00');
  expect((await asked()).at(-1)).toBe(`${ASKED} open`);
  await small.send('064601-f.csv', '2024-09-10T10:00:00+08:00', wang('在職,'));
  await small.night('2024-09-11T02:00:00+08:00');
  expect([await spell(), await asked()]).toEqual([['1 2024-08-01'], [`${ASKED} closed`, `${ASKED} closed`]]);
});

it('a teacher who comes onto a list already gone contradicts nothing', async () => {
  const row = '064602,F229999993,林淑芬,女,75/01/02,教師,退休,113/08/01';
  await small.send('064602-a.csv', '2024-09-12T10:00:00+08:00', ['名冊別：異動', HEAD, row]);
  await small.night('2024-09-13T02:00:00+08:00');
  await small.send('064602-b.csv', '2024-09-13T10:00:00+08:00', [
    '名冊別：異動',
    HEAD,
    row.replace('113/08/01', '113/07/01'),
  ]);
  await small.night('2024-09-14T02:00:00+08:00');
  expect(await spell()).toContain('1 2024-06-30 退休 2024-07-01');
  expect(await asked()).toHaveLength(2);
});
