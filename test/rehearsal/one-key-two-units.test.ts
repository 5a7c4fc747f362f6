/** A record that keeps its key but names another institution (R10, R11): its former post is not rewritten, and somebody is told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { openStory, type Story } from '../rules/story.ts';

const FIRST = '0942800021';
const SECOND = '0942800022';

let story: Story;
beforeAll(async () => {
  const institutions = [kindergarten(FIRST), kindergarten(SECOND)];
  const staff = [teacher('S1', FIRST, { hiredOn: '110/08/01' }), teacher('S2', SECOND, { hiredOn: '110/08/01' })];
  story = await openStory({ institutions, staff }, { roster: { columns: { 人員代號: 'staffId' } } });
  await story.night('2024-07-31');
});
afterAll(() => story.close());

const says = (who: string, changes: object): void => {
  story.care.staff = story.care.staff.map((one) =>
    one.staffId === who ? { ...one, ...changes, updatedAt: '2024-07-31T10:00:00+08:00' } : one,
  );
};
const sid = (code: string): string => Buffer.from(code, 'utf16le').toString('base64');

it('of a kindergarten’s staff the former post stands, on every day, and the matter is told (R11)', async () => {
  says('S1', { institutionSid: sid(SECOND), hiredOn: '113/08/01' });
  await story.night('2024-08-01');
  for (const day of ['2024-07-31', '2024-08-01']) expect(await story.serving(day)).toContain(`幼S1 ${FIRST} 教師`);
  expect(await story.open('record-changed-institution')).toEqual([`care:${SECOND}`]);
});

it('it stays told while nothing is put right, also when another record of the person comes', async () => {
  await story.night('2024-08-02');
  says('S1', { title: '組長' });
  await story.night('2024-08-03');
  expect(await story.serving('2024-08-03')).toContain(`幼S1 ${FIRST} 教師`);
  expect(await story.open('record-changed-institution')).toEqual([`care:${SECOND}`]);
});

it('once the source ends the post and registers the person under another key, it is a transfer like any other', async () => {
  says('S1', {
    institutionSid: sid(FIRST),
    hiredOn: '110/08/01',
    leftOn: '113/08/03',
    leaveReason: '轉園',
    title: '教師',
  });
  story.care.staff = [...story.care.staff, teacher('S9', SECOND, { name: '幼S1', hiredOn: '113/08/04' })];
  await story.night('2024-08-04');
  expect(await story.open('record-changed-institution')).toEqual([]);
  expect(await story.serving('2024-08-04')).toEqual([`幼S1 ${SECOND} 教師`, `幼S2 ${SECOND} 教師`]);
});

it('of a school with two sections and ids of its own the same holds', async () => {
  const head = '學校代碼,學制,人員代號,姓名,出生日期,職稱,異動別,異動日期';
  const rows = (section: string) => [
    head,
    `064308,高中,7,王小明,70/05/06,教師,,`,
    `064308,${section},8,李小美,71/05/06,教師,,`,
  ];
  await story.small.send('064308-a.csv', '2024-08-04T10:00:00+08:00', rows('高中'));
  await story.night('2024-08-05');
  await story.small.send('064308-b.csv', '2024-08-05T10:00:00+08:00', rows('國中'));
  await story.night('2024-08-06');
  expect(await story.open('record-changed-institution')).toEqual(['schools:064308:國中']);
  const { rows: units } = await story.small.db.raw(
    `SELECT p.name, i.source_key FROM warehouse.assignment a JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.recorded_to = 'infinity'
     WHERE p.name IN ('王小明', '李小美') ORDER BY p.name`,
  );
  expect(units.map((u: { source_key: string }) => u.source_key)).toEqual(['064308:高中', '064308:高中']);
});
