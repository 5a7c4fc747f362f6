/** R02: every loaded record carries its source system, down to the file and row that said it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,E-mail,異動別,異動日期';
const WANG = (code: string, mail: string, said: string) => `${code},A123456789,王小明,70/05/06,教師,${mail},${said}`;

let story: Story;
beforeAll(async () => {
  story = await openStory({ institutions: [kindergarten('0942800021')], staff: [teacher('甲', '0942800021')] });
  const { small } = story;
  await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG('064601', 'wang@tc.edu.tw', ',')]);
  const account = '064601,tc064601,總負責人,A123456789,王小明,啟用';
  await small.send(
    '064601.csv',
    '2024-07-29T10:00:00+08:00',
    ['學校代碼,帳號,帳號類別,身分證字號,姓名,狀態', account],
    'accounts',
  );
  await story.night('2024-07-30');
  await small.send('064602.csv', '2024-08-01T10:00:00+08:00', [
    HEAD,
    WANG('064602', 'xiaoming@tc.edu.tw', '轉入,113/08/01'),
  ]);
  await story.night('2024-08-02');
});
afterAll(() => story.close());

it('R02: before 08-01 what is known of 王小明 comes from the one school, afterwards from the other, each with its file and row', async () => {
  const { spells, values } = await explainPerson(story.small.db, await story.personId('王小明'));
  const said = spells.map(({ institution, validFrom, validTo, from }) =>
    [institution.code, validFrom, validTo, from.source, from.object, from.row].join(' '),
  );
  expect(said).toEqual([
    '064601 2024-07-29 2024-08-01 roster/064601 064601.csv 2',
    '064602 2024-08-01  roster/064602 064602.csv 2',
  ]);
  const mail = values.find(({ column }) => column === 'email');
  expect([mail?.value, mail?.from.source]).toEqual(['xiaoming@tc.edu.tw', 'roster/064602']);
  expect(mail?.before.map(({ value, from }) => [value, from.source])).toEqual([['wang@tc.edu.tw', 'roster/064601']]);
});

it.each([
  'institution',
  'person',
  'assignment',
  'account',
] as const)('R02: every version of every %s names the source, its record and the original', async (entity) => {
  const { rows } = await story.small.db.raw(
    `SELECT count(*)::int AS all, count(o.id) FILTER (WHERE o.source = v.source AND v.source_key <> '' AND v.row_no > 0)::int AS named
       FROM warehouse.${entity}_version v LEFT JOIN landing.object o ON o.id = v.object_id`,
  );
  expect(rows[0].all).toBeGreaterThan(0);
  expect(rows[0].named).toBe(rows[0].all);
});
