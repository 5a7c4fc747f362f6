/** R06: rosters are to be up to date by 2024-08-02 17:00; who was not heard by then is late until it sends one. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { campaign113, nationalId, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
/** By the moment at which its only roster arrives. */
const ARRIVALS = {
  '064601': '2024-07-04T23:59:59+08:00',
  '064602': '2024-07-05T00:00:00+08:00',
  '064603': '2024-08-02T16:59:59+08:00',
  '064604': '2024-08-02T17:00:00+08:00',
} as const;

let story: Story;
beforeAll(async () => {
  story = await openStory(null, { campaigns: [campaign113()] });
  for (const [code, arrived] of Object.entries(ARRIVALS)) {
    const id = nationalId(`A1${code}0`);
    await story.small.send(`${code}.csv`, arrived, [HEAD, `${code},${id},王小明,70/05/06,教師`]);
  }
});
afterAll(() => story.close());

const late = async (): Promise<string[]> => {
  const keys = await story.open('school-late');
  return Object.keys(ARRIVALS).filter((code) => keys.includes(`schools:${code}:國小`));
};

it('R06: nobody is late before 08-02 17:00', async () => {
  await story.night('2024-07-06');
  await story.night('2024-08-02');
  expect(await story.open('school-late')).toEqual([]);
});

it('R06: at 17:00 those are late whose roster is older than the letter or came at 17:00:00; 16:59:59 was in time', async () => {
  await story.small.runs('2024-08-02T17:00:00+08:00');
  expect(await late()).toEqual(['064601', '064604']);
});

it('R06: the night after hears the one that came too late, and the other one stays late', async () => {
  await story.night('2024-08-03');
  expect(await late()).toEqual(['064601']);
});
