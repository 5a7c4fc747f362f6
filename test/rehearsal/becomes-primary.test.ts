/** A secondary post that becomes the service unit (R08): the old unit ends on the day of that registration, and nobody's history moves. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,登錄時間,主聘,到職日期';
const at = (code: string, registered: string, said: string): string =>
  `${code},A123456789,王小明,男,70/05/06,教師,${registered} 10:00,${said}`;

let small: SmallInstallation;
beforeEach(async () => {
  small = await openSmallInstallation();
});
afterEach(() => small.close());

const spells = async (): Promise<string[]> =>
  (
    await small.db.raw(
      `SELECT concat_ws(' ', i.source_key, v.valid_from, v.valid_to, CASE WHEN v.is_primary THEN '主聘' ELSE '兼任' END, v.end_reason) AS line
       FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
       JOIN warehouse.institution i ON i.id = a.institution_id WHERE v.valid_from < v.valid_to ORDER BY 1`,
    )
  ).rows.map((r: { line: string }) => r.line);

const days = [
  {
    told: 'the post began after the unit',
    unit: '99/08/01',
    post: '109/08/01',
    from: '2010-08-01',
    since: '2020-08-01',
  },
  {
    told: 'the post began before the unit',
    unit: '111/08/01',
    post: '109/08/01',
    from: '2022-08-01',
    since: '2020-08-01',
  },
  { told: 'nobody told a start', unit: '', post: '', from: '2024-07-15', since: '2024-07-16' },
];
it.each(days)('ends the unit when the post becomes primary, not before: $told', async ({ unit, post, from, since }) => {
  await small.send('064601.csv', '2024-07-17T10:00:00+08:00', [HEAD, at('064601', '2024-07-15', `是,${unit}`)]);
  await small.send('064602.csv', '2024-07-17T10:00:00+08:00', [HEAD, at('064602', '2024-07-16', `否,${post}`)]);
  await small.night('2024-07-18T02:00:00+08:00');
  await small.send('064602.csv', '2024-07-20T12:00:00+08:00', [HEAD, at('064602', '2024-07-20', `是,${post}`)]);
  const taken = await small.night('2024-07-21T02:00:00+08:00');
  // The new unit had the person before, so that nobody arrives there: the report names it all the same.
  const { moves } = await buildReport(small.db, Number(taken.run));
  expect(moves.map((move) => [move.name, move.from?.code, move.to?.code])).toEqual([['王小明', '064601', '064602']]);
  const whole = [
    `064601:國小 ${from} 2024-07-20 主聘 轉校`,
    `064602:國小 ${since} 2024-07-20 兼任`,
    '064602:國小 2024-07-20 infinity 主聘',
  ];
  expect(await spells()).toEqual(whole);
  // A later word of the new unit is no newer claim, and the night after is quiet.
  await small.send('064602.csv', '2024-07-22T12:00:00+08:00', [
    HEAD,
    at('064602', '2024-07-22', `是,${post}`).replace('70/05/06', '70/05/07'),
  ]);
  await small.night('2024-07-23T02:00:00+08:00');
  const { changes } = await small.night('2024-07-24T02:00:00+08:00');
  expect([await spells(), changes.assignments]).toEqual([whole, { added: 0, changed: 0, ended: 0 }]);
});
