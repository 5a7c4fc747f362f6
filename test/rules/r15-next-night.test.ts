/** R15: what is approved on day D takes effect with the next run, in the early morning of D+1. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { openStory, type Story } from './story.ts';

const DAYA = '0942800021';
const MAY = { updatedAt: '2024-05-01T10:00:00+08:00', hiredOn: '112/08/01' };

let story: Story;
beforeAll(async () => {
  story = await openStory({ institutions: [kindergarten(DAYA, MAY)], staff: [teacher('甲', DAYA, MAY)] });
  await story.night('2024-07-31');
});
afterAll(() => story.close());

const edit = { ...MAY, title: '園長', updatedAt: '2024-07-31T09:00:00+08:00' };

it('R15: proposed on 07-31 and approved on 08-01 at 09:30, a new title is in force after the run of 08-02 at 02:00 and not after that of 08-01', async () => {
  story.care.staff = [teacher('甲', DAYA, { ...edit, reviewStatus: '異動待審', changeType: '異動' })];
  await story.night('2024-08-01');
  expect(await story.serving('2024-08-01')).toEqual([`幼甲 ${DAYA} 教師`]);
  story.care.staff = [teacher('甲', DAYA, { ...edit, updatedAt: '2024-08-01T09:30:00+08:00' })];
  const night = await story.night('2024-08-02');
  expect(night.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  expect(await story.serving('2024-08-02')).toEqual([`幼甲 ${DAYA} 園長`]);
  // It holds from the day of its approval; before that day the old one held.
  expect(await story.serving('2024-08-01')).toEqual([`幼甲 ${DAYA} 園長`]);
  expect(await story.serving('2024-07-31')).toEqual([`幼甲 ${DAYA} 教師`]);
});
