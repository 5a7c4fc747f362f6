/** A source that failed still has when a run does not listen to it: the matter stays open, with its age, until it is heard well. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
  await small.send('064601.csv', '2024-07-28T10:00:00+08:00', ['學校代碼,身分證字號,姓名', '064601,A123456789,王小明']);
  await small.night('2024-07-29T02:00:00+08:00');
});
afterAll(() => small.close());

const failed = async () => {
  const { rows } = await small.db.raw(
    `SELECT subject, opened_run_id AS since FROM review.exception WHERE code = 'source-failed' AND closed_at IS NULL`,
  );
  return rows;
};

it('through runs of other sources and through replays, and closes when the file is gone', async () => {
  await small.send('064602.csv', '2024-07-29T10:00:00+08:00', ['無一為表頭', '而且沒有資料']);
  const night = await small.night('2024-07-30T02:00:00+08:00');
  const open = [{ subject: 'roster/064602', since: Number(night.run) }];
  expect(await failed()).toEqual(open);
  await small.hear('2024-07-30T10:00:00+08:00', ['schools']);
  expect(await failed()).toEqual(open);
  await small.replay('2024-07-30T11:00:00+08:00');
  expect(await failed()).toEqual(open);
  await small.replay('2024-07-30T12:00:00+08:00', ['roster/064601']);
  expect(await failed()).toEqual(open);
  await rm(small.inbox('064602.csv'));
  await small.hear('2024-07-30T13:00:00+08:00', ['roster']);
  expect(await failed()).toEqual([]);
});
