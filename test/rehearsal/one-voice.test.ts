/** One school, two sources: what one of them cannot say, the other says. And a 兼任教師, whose source cannot say 主聘. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱';
const at = (code: string, title: string): string => `${code},A123456789,王小明,男,70/05/06,${title}`;

let small: SmallInstallation;
beforeEach(async () => {
  small = await openSmallInstallation(1, { sources: [{ type: 'roster-files', name: 'office', inbox: 'bundles' }] });
});
afterEach(() => small.close());

const spells = async (): Promise<string[]> =>
  (
    await small.db.raw(
      `SELECT concat_ws(' ', a.source, v.valid_from, v.valid_to, CASE WHEN v.is_primary THEN '主聘' ELSE '兼任' END, v.end_reason) AS line
       FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
       WHERE v.valid_from < v.valid_to ORDER BY 1`,
    )
  ).rows.map((r: { line: string }) => r.line);
const open = async (): Promise<string[]> =>
  (await small.db('review.exception').whereNull('closed_at').orderBy('code').pluck('code')) as string[];

it('an explicit 離職 in one source of a school ends the service that another one lists', async () => {
  await small.send('064601.csv', '2024-07-20T10:00:00+08:00', [HEAD, at('064601', '教師')], 'bundles');
  await small.night('2024-07-21T02:00:00+08:00');
  await small.send('064601.csv', '2024-07-22T10:00:00+08:00', [
    '名冊別：異動',
    `${HEAD},異動別,異動日期`,
    `${at('064601', '教師')},離職,113/07/22`,
  ]);
  const { changes } = await small.night('2024-07-23T02:00:00+08:00');
  expect(changes.assignments).toEqual({ added: 0, changed: 0, ended: 1 });
  expect(await spells()).toEqual(['office/064601 2024-07-20 2024-07-22 主聘 離職']);
  const quiet = await small.night('2024-07-24T02:00:00+08:00');
  expect(quiet.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
});

it('who left by the word of one source is not asked about when the other lists them no more', async () => {
  const other = '064601,B123456780,李小華,女,71/05/06,教師';
  await small.send('064601.csv', '2024-07-20T10:00:00+08:00', [HEAD, at('064601', '教師'), other], 'bundles');
  await small.night('2024-07-21T02:00:00+08:00');
  await small.send('064601.csv', '2024-07-22T10:00:00+08:00', [HEAD, other], 'bundles');
  await small.night('2024-07-23T02:00:00+08:00');
  expect(await open()).toEqual(['missing-from-roster']);
  await small.send('064601.csv', '2024-07-23T10:00:00+08:00', [
    '名冊別：異動',
    `${HEAD},異動別,異動日期`,
    `${at('064601', '教師')},離職,113/07/21`,
  ]);
  await small.night('2024-07-24T02:00:00+08:00');
  expect(await open()).toEqual([]);
  expect((await spells())[0]).toBe('office/064601 2024-07-20 2024-07-21 主聘 離職');
});

it('a 兼任教師 leaves the service unit where it is', async () => {
  await small.send('064601.csv', '2024-07-20T10:00:00+08:00', [HEAD, at('064601', '教師')]);
  await small.night('2024-07-21T02:00:00+08:00');
  await small.send('064602.csv', '2024-07-22T10:00:00+08:00', [HEAD, at('064602', '兼任教師')]);
  await small.night('2024-07-23T02:00:00+08:00');
  expect(await spells()).toEqual(['roster/064601 2024-07-20 infinity 主聘', 'roster/064602 2024-07-22 infinity 兼任']);
});

it('who is 兼任教師 and nothing else belongs to the school that says so, until another one registers them', async () => {
  await small.send('064602.csv', '2024-07-20T10:00:00+08:00', [HEAD, at('064602', '兼任教師')]);
  await small.night('2024-07-21T02:00:00+08:00');
  expect(await spells()).toEqual(['roster/064602 2024-07-20 infinity 主聘']);
  await small.send('064601.csv', '2024-07-22T10:00:00+08:00', [HEAD, at('064601', '教師')]);
  await small.night('2024-07-23T02:00:00+08:00');
  expect(await spells()).toEqual([
    'roster/064601 2024-07-22 infinity 主聘',
    'roster/064602 2024-07-20 2024-07-22 主聘',
    'roster/064602 2024-07-22 infinity 兼任',
  ]);
});

it('a source that tells no e-mail address takes none away', async () => {
  await small.send('064601.csv', '2024-07-20T10:00:00+08:00', [
    `${HEAD},電子郵件`,
    `${at('064601', '教師')},ming@tc.edu.tw`,
  ]);
  await small.night('2024-07-21T02:00:00+08:00');
  await small.send('064602.csv', '2024-07-22T10:00:00+08:00', [HEAD, at('064602', '教師')]);
  await small.night('2024-07-23T02:00:00+08:00');
  expect(await small.db('warehouse.person_version').where({ recorded_to: 'infinity' }).pluck('email')).toEqual([
    'ming@tc.edu.tw',
  ]);
});
