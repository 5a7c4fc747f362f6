/** R09: 離職, 轉校 and 退休 are three reasons; each moves the teacher out of the unit, and the person stays on record. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { nationalId, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const PEOPLE = [
  { name: '王離開', id: nationalId('A12345678'), reason: '離職', on: '113/08/01', day: '2024-08-01' },
  { name: '李調校', id: nationalId('B12345678'), reason: '轉校', on: '113/08/02', day: '2024-08-02' },
  { name: '陳退休', id: nationalId('F22999999'), reason: '退休', on: '113/08/03', day: '2024-08-03' },
] as const;
const row = ({ id, name }: (typeof PEOPLE)[number], said = ',') => `064601,${id},${name},55/05/06,教師,${said}`;

/** Colleagues who stay: a school of which everybody leaves at once is held. */
const STAY = ['A11111111', 'B11111111', 'C11111111'].map(
  (first, i) => `064601,${nationalId(first)},留任${'甲乙丙'[i]},60/01/01,教師,,`,
);

let story: Story;
beforeAll(async () => {
  story = await openStory();
  await story.small.send('064601-a.csv', '2024-07-20T10:00:00+08:00', [
    HEAD,
    ...PEOPLE.map((one) => row(one)),
    ...STAY,
  ]);
  await story.night('2024-07-21');
  const ends = PEOPLE.map((one) => row(one, `${one.reason},${one.on}`));
  await story.small.send('064601-b.csv', '2024-07-31T10:00:00+08:00', [HEAD, ...ends, ...STAY]);
  await story.night('2024-08-01');
});
afterAll(() => story.close());

it.each(PEOPLE)('R09: $name is on the roster the day before the $reason and not from that day on', async ({
  name,
  day,
}) => {
  const dayBefore = day.replace(/.$/, (digit) => String(Number(digit) - 1)).replace('2024-08-00', '2024-07-31');
  expect(await story.serving(dayBefore)).toContain(`${name} 064601 教師`);
  expect(await story.serving(day)).not.toContain(`${name} 064601 教師`);
});

it('R09: each is on record afterwards, with the reason that was told', async () => {
  for (const { name, reason, day } of PEOPLE) {
    const { spells } = await explainPerson(story.small.db, await story.personId(name));
    expect(spells).toMatchObject([{ validTo: day, endReason: reason, from: { rule: 'R09', reason } }]);
  }
});

it('R09: a row that only says that somebody is gone gives no such reason and moves nobody out', async () => {
  const stays = '064602,C123456785,趙新,80/01/02,教師,';
  await story.small.send('064602-a.csv', '2024-08-01T10:00:00+08:00', [HEAD, `${stays},`]);
  await story.night('2024-08-02');
  await story.small.send('064602-b.csv', '2024-08-02T10:00:00+08:00', [HEAD, `${stays}失蹤,113/08/02`]);
  await story.night('2024-08-03');
  expect(await story.serving('2024-08-03')).toContain('趙新 064602 教師');
});
