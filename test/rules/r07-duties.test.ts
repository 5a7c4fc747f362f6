/** R07: a school may update 實際任教科目 and 職稱 of its teachers; the change holds from the day on which it was registered, and nothing else moves. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,任教科目,登錄時間';
const WANG = (duties: string) => `064601,A123456789,王小明,70/05/06,${duties}`;

let story: Story;
beforeAll(async () => {
  story = await openStory();
});
afterAll(() => story.close());

const duties = async (): Promise<string[]> => {
  const { spells } = await explainPerson(story.small.db, await story.personId('王小明'));
  return spells.map((s) =>
    [s.spell, s.validFrom, s.validTo ?? '…', s.title, s.subjects.join('、'), s.from.rule].join(' '),
  );
};

it('R07: until 07-31 王小明 teaches 國語文 as 教師, from 08-01, when the school says so, 數學 as 組長, in the same spell', async () => {
  await story.small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG('教師,國語文,2024-07-29 09:00')]);
  await story.night('2024-07-30');
  await story.small.send('064601-b.csv', '2024-08-01T10:00:00+08:00', [HEAD, WANG('組長,數學,2024-08-01 09:00')]);
  const night = await story.night('2024-08-02');
  expect(night.changes.assignments).toEqual({ added: 0, changed: 1, ended: 0 });
  expect(await duties()).toEqual(['1 2024-07-29 2024-08-01 教師 國語文 R08', '1 2024-08-01 … 組長 數學 R07']);
});

it('R07: a subject alone is a change, too, and the same word again is none', async () => {
  await story.small.send('064601-c.csv', '2024-08-05T10:00:00+08:00', [HEAD, WANG('組長,自然科學,2024-08-05 09:00')]);
  await story.night('2024-08-06');
  const after = await duties();
  expect(after.slice(1)).toEqual(['1 2024-08-01 2024-08-05 組長 數學 R07', '1 2024-08-05 … 組長 自然科學 R07']);
  await story.small.send('064601-d.csv', '2024-08-06T10:00:00+08:00', [
    HEAD,
    WANG('組長,自然科學,2024-08-05 09:00'),
    '',
  ]);
  const quiet = await story.night('2024-08-07');
  expect(quiet.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(await duties()).toEqual(after);
});
