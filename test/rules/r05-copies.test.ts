/** R05: who only has a copy (副本) of the letter, or stands on no line of it, is asked for nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storedSnapshot } from '../../pipelines/snapshot/list-snapshots.ts';
import { campaign113, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const NATIONAL = '190601';
const CITY = '064601';

let story: Story;
beforeAll(async () => {
  story = await openStory(null, { campaigns: [campaign113()] });
  await story.night('2024-08-01');
});
afterAll(() => story.close());

it('R05: the minute the deadline passes an addressed school is late; the national one beside it is not, then or the night after', async () => {
  const about = async (code: string) => (await story.open('school-late')).filter((key) => key.includes(code));
  expect([await about(CITY), await about(NATIONAL)]).toEqual([[], []]);
  await story.small.runs('2024-08-02T17:00:00+08:00');
  expect([await about(CITY), await about(NATIONAL)]).toEqual([[`schools:${CITY}:國小`], []]);
  await story.night('2024-08-03');
  expect([await about(CITY), await about(NATIONAL)]).toEqual([[`schools:${CITY}:國小`], []]);
});

it('R05: it is listed as not addressed, and what it sends all the same is kept', async () => {
  const { manifest } = await storedSnapshot(story.small.ctx, '113-teacher-plan-v1');
  expect(manifest.mingce.notAddressed).toContainEqual(
    expect.objectContaining({ code: NATIONAL, reason: 'not-addressed' }),
  );
  await story.small.send(`${NATIONAL}.csv`, '2024-08-03T10:00:00+08:00', [
    HEAD,
    `${NATIONAL},A123456789,王小明,70/05/06,教師`,
  ]);
  await story.night('2024-08-04');
  expect(await story.serving('2024-08-04')).toEqual([`王小明 ${NATIONAL} 教師`]);
});
