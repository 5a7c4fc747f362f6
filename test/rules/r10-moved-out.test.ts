/** R10: who is moved out is not on the unit's roster from that moment; the history keeps unit, from, to, reason and source. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { recordedBefore } from '../support/as-of.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const WANG = (said: string) => `064601,A123456789,王小明,55/05/06,教師,${said}`;

let story: Story;
beforeAll(async () => {
  story = await openStory();
  await story.small.send('064601-a.csv', '2024-07-20T10:00:00+08:00', [HEAD, WANG('新進,112/08/01')]);
  await story.night('2024-07-21');
});
afterAll(() => story.close());

it('R10: 離職 on 08-01, told on 07-25, leaves 王小明 on the roster through 07-31 and off it from 08-01', async () => {
  await story.small.send('064601-b.csv', '2024-07-25T10:00:00+08:00', ['名冊別：異動', HEAD, WANG('離職,113/08/01')]);
  await story.night('2024-07-26');
  expect(await story.serving('2023-07-31')).toEqual([]);
  expect(await story.serving('2023-08-01')).toEqual(['王小明 064601 教師']);
  expect(await story.serving('2024-07-31')).toEqual(['王小明 064601 教師']);
  expect(await story.serving('2024-08-01')).toEqual([]);
});

it('R10: the history says where, from when, until when, why, and who said so', async () => {
  const { spells } = await explainPerson(story.small.db, await story.personId('王小明'));
  expect(spells).toMatchObject([
    {
      institution: { code: '064601' },
      validFrom: '2023-08-01',
      validTo: '2024-08-01',
      endReason: '離職',
      from: { source: 'roster/064601', object: '064601-b.csv', row: 3, registeredAt: '2024-07-25T10:00:00+08:00' },
    },
  ]);
});

it('R10: what was known on 07-22 is kept beside it: then no end had been told', async () => {
  const known = await explainPerson(
    story.small.db,
    await story.personId('王小明'),
    recordedBefore('2024-07-22T00:00:00+08:00'),
  );
  expect(known.spells).toMatchObject([{ validFrom: '2023-08-01', validTo: null, endReason: null }]);
});
