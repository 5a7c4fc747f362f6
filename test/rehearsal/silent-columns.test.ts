/** A column that a file does not have says nothing: what the school told before stays. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const FULL = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,主聘,電子郵件';
const PERSON = '064601,A123456789,王小明,男,70/05/06,專任教師,國語文,否,ming@tc.edu.tw';
const OTHER = '064601,B123456780,李小華,女,71/05/06,導師,數學,是,hua@tc.edu.tw';

let small: SmallInstallation;
beforeEach(async () => {
  small = await openSmallInstallation();
  await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [FULL, PERSON, OTHER]);
  await small.night('2024-07-30T02:00:00+08:00');
});
afterEach(() => small.close());

const known = async (name: string): Promise<string> =>
  (
    await small.db.raw(
      `SELECT concat_ws(' ', p.sex, p.birth_date, p.email, v.title, v.title_code, v.subjects[1], v.is_primary) AS line
       FROM warehouse.person_version p JOIN warehouse.assignment a ON a.person_id = p.person_id
       JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
       WHERE p.recorded_to = 'infinity' AND p.valid_to = 'infinity' AND p.name = ?`,
      [name],
    )
  ).rows[0].line;

const ALL = '男 1981-05-06 ming@tc.edu.tw 專任教師 7 國語文 f';

it('a complete roster with the required columns alone keeps all that it does not name', async () => {
  await small.send('064601.csv', '2024-07-30T10:00:00+08:00', [
    '學校代碼,身分證字號,姓名',
    '064601,A123456789,王小明',
    '064601,B123456780,李小華',
  ]);
  const { changes } = await small.night('2024-07-31T02:00:00+08:00');
  expect(changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(changes.persons).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(await known('王小明')).toBe(ALL);
});

it('a list of changes changes what it names: a new title, and neither the post nor the person', async () => {
  await small.send('064601.csv', '2024-07-30T10:00:00+08:00', [
    '名冊別：異動',
    '學校代碼,身分證字號,姓名,職稱',
    '064601,A123456789,王小明,組長',
  ]);
  await small.night('2024-07-31T02:00:00+08:00');
  expect(await known('王小明')).toBe(ALL.replace('專任教師 7', '組長 5'));
});

it('an empty cell says nothing in a list of changes, and that there is nothing in a complete one', async () => {
  const emptied = PERSON.replace('專任教師,國語文', ',').replace('ming@tc.edu.tw', '');
  await small.send('064601.csv', '2024-07-30T10:00:00+08:00', ['名冊別：異動', FULL, emptied]);
  await small.night('2024-07-31T02:00:00+08:00');
  expect(await known('王小明')).toBe(ALL);
  const whole = emptied.replace(',,', ',組長,');
  await small.send('064601.csv', '2024-07-31T10:00:00+08:00', [FULL, whole, OTHER]);
  await small.night('2024-08-01T02:00:00+08:00');
  expect(await known('王小明')).toBe('男 1981-05-06 組長 5 f');
});
