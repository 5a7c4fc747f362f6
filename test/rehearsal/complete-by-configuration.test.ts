/** `sources[].complete` corrected after files had come: a replay reads what says nothing by itself as it is configured by now. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const SCHOOLS = { type: 'institution-list', name: 'schools', path: 'institutions/schools.csv', layout: 'schools' };
const roster = (complete?: boolean) => [SCHOOLS, { type: 'roster-files', name: 'roster', inbox: 'inbox', complete }];
const HEAD = '身分證字號,姓名,出生日期,職稱';
const WANG = 'A123456789,王小明,70/05/06,教師';
const LI = 'B123456780,李大華,68/12/23,校長';
const ZHAO = 'C123456781,趙新,80/01/02,教師';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation(1, { only: roster() });
});
afterAll(() => small.close());

const picture = async (code: string): Promise<string[]> =>
  (
    await small.db.raw(
      `SELECT concat_ws(' ', name, CASE WHEN missing_since IS NOT NULL THEN 'missing' END) AS line
       FROM landing.staff_record WHERE source = ? ORDER BY id_hmac`,
      [`roster/${code}`],
    )
  ).rows
    .map((r: { line: string }) => r.line)
    .sort();
const asked = async (code: string): Promise<number> =>
  (
    await small.db.raw(
      `SELECT count(*) AS n FROM review.exception WHERE code = 'missing-from-roster' AND subject = ? AND closed_at IS NULL`,
      [`roster/${code}`],
    )
  ).rows[0].n;

it('who was missing from a list that is no complete one by now is not missing, and the question closes', async () => {
  await small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG, LI]);
  await small.night('2024-07-30T02:00:00+08:00');
  await small.send('064601-b.csv', '2024-07-30T10:00:00+08:00', [HEAD, LI, ZHAO]);
  await small.night('2024-07-31T02:00:00+08:00');
  expect([await picture('064601'), await asked('064601')]).toEqual([['李大華', '王小明 missing', '趙新'].sort(), 1]);
  const before = await warehouseHash(small.db, small.ctx.keyring);

  await small.configure(roster(false));
  const result = await small.replay('2024-07-31T12:00:00+08:00', ['roster/064601']);
  expect(result.sources.flatMap((s) => s.parts ?? [])).toMatchObject([{ read: 4, missing: 0 }]);
  expect([await picture('064601'), await asked('064601')]).toEqual([['李大華', '王小明', '趙新'].sort(), 0]);
  expect(await warehouseHash(small.db, small.ctx.keyring)).toBe(before);
  expect(await small.replay('2024-07-31T13:00:00+08:00')).toMatchObject({ exceptions: { opened: 0, closed: 0 } });
});

it('and is missing again where they are complete after all', async () => {
  await small.configure(roster(true));
  const result = await small.replay('2024-07-31T14:00:00+08:00', ['roster/064601']);
  expect(result.sources.flatMap((s) => s.parts ?? [])).toMatchObject([{ read: 2, missing: 1 }]);
  expect([await picture('064601'), await asked('064601')]).toEqual([['李大華', '王小明 missing', '趙新'].sort(), 1]);
});

it('a list that says by itself what it is stays that', async () => {
  await small.send('064602-a.csv', '2024-07-31T15:00:00+08:00', ['名冊別：完整', HEAD, WANG, LI]);
  await small.night('2024-08-01T02:00:00+08:00');
  await small.send('064602-b.csv', '2024-08-01T10:00:00+08:00', ['名冊別：完整', HEAD, LI]);
  await small.night('2024-08-02T02:00:00+08:00');
  await small.send('064602-c.csv', '2024-08-02T10:00:00+08:00', ['名冊別：異動', HEAD, ZHAO]);
  await small.night('2024-08-03T02:00:00+08:00');
  const before = ['李大華', '王小明 missing', '趙新'].sort();
  expect(await picture('064602')).toEqual(before);
  for (const complete of [false, true]) {
    await small.configure(roster(complete));
    const result = await small.replay(`2024-08-03T1${Number(complete)}:00:00+08:00`, ['roster/064602']);
    expect(result).toMatchObject({ exceptions: { opened: 0, closed: 0 } });
    expect(await picture('064602')).toEqual(before);
  }
});
