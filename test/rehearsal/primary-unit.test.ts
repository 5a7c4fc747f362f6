/** A teacher of two schools who retires from the primary one (R08, R09), told as a story through PostgreSQL. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,主聘,異動別,異動日期';
const at = (code: string, said: string): string => `${code},A123456789,王小明,男,70/05/06,教師,${said}`;
const changes = (row: string): string[] => ['名冊別：異動', HEAD, row];

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

const asked = async (): Promise<string[]> =>
  (
    await small.db.raw(
      `SELECT institution_key || ' ' || (params->>'since') || CASE WHEN closed_at IS NULL THEN ' open' ELSE ' closed' END AS line
       FROM review.exception WHERE code = 'no-primary-unit' ORDER BY id`,
    )
  ).rows.map((r: { line: string }) => r.line);

const posts = async (): Promise<string[]> =>
  (
    await small.db.raw(
      `SELECT i.source_key || CASE WHEN v.is_primary THEN ' 主聘' ELSE ' 兼任' END || coalesce(' ' || v.end_reason, '') AS line
       FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
       JOIN warehouse.institution i ON i.id = a.institution_id
       WHERE v.valid_to = 'infinity' OR v.end_reason IS NOT NULL ORDER BY 1`,
    )
  ).rows.map((r: { line: string }) => r.line);

it('asks the school of the remaining post, and makes it no primary unit', async () => {
  await small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, at('064601', '是,,')]);
  await small.send('064602-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, at('064602', '否,,')]);
  await small.night('2024-07-30T02:00:00+08:00');
  expect([await posts(), await asked()]).toEqual([['064601:國小 主聘', '064602:國小 兼任'], []]);
  await small.send('064601-b.csv', '2024-07-30T10:00:00+08:00', changes(at('064601', '是,退休,113/08/01')));
  const night = await small.night('2024-07-31T02:00:00+08:00');
  expect(night.changes.assignments).toEqual({ added: 0, changed: 0, ended: 1 });
  expect(await posts()).toEqual(['064601:國小 主聘 退休', '064602:國小 兼任']);
  expect(await asked()).toEqual(['schools:064602:國小 2024-08-01 open']);
});

it('keeps it open, once, while nights pass and the post is only retitled', async () => {
  await small.night('2024-08-01T02:00:00+08:00');
  await small.send('064602-b.csv', '2024-08-01T10:00:00+08:00', changes(at('064602', '否,,').replace('教師', '導師')));
  const night = await small.night('2024-08-02T02:00:00+08:00');
  expect([night.exceptions.opened, night.exceptions.closed]).toEqual([0, 0]);
  expect(await asked()).toEqual(['schools:064602:國小 2024-08-01 open']);
});

it('closes it once a record sets a primary unit again', async () => {
  await small.send('064602-c.csv', '2024-08-02T10:00:00+08:00', changes(at('064602', '是,,').replace('教師', '導師')));
  await small.night('2024-08-03T02:00:00+08:00');
  expect(await posts()).toEqual(['064601:國小 主聘 退休', '064602:國小 主聘']);
  expect(await asked()).toEqual(['schools:064602:國小 2024-08-01 closed']);
});
