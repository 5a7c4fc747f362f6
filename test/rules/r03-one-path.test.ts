/** R03: a person-record goes through exactly one path, by the kind of the institution. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,學制,身分證字號,姓名,出生日期,職稱,到職日期';
const HEADMASTER = '064601,國小,A123456789,王校長,60/05/06,校長,110/08/01';
const ATTACHED = '0942800021';
const NURSE = { name: '林幼教', nationalId: 'F229999995' };

let story: Story;
beforeAll(async () => {
  const updatedAt = '2024-07-01T10:00:00+08:00';
  const attached = { legalClass: '公立學校附設', parentSchoolCode: '064601', updatedAt };
  story = await openStory({
    institutions: [kindergarten(ATTACHED, attached)],
    staff: [teacher('甲', ATTACHED, { updatedAt, hiredOn: '112/08/01' })],
  });
});
afterAll(() => story.close());

it('R03: a row of the attached kindergarten in the school’s file of 07-29 is refused; told by the care system on 07-30 it is taken', async () => {
  const stray = `064601,幼兒園,${NURSE.nationalId},${NURSE.name},78/04/01,教師,112/08/01`;
  await story.small.send('064601.csv', '2024-07-29T10:00:00+08:00', [HEAD, HEADMASTER, stray]);
  const night = await story.night('2024-07-30');
  expect(night.sources.find(({ source }) => source === 'roster')).toMatchObject({ accepted: 1, quarantined: 1 });
  const { rows } = await story.small.db.raw('SELECT issues FROM landing.quarantine WHERE resolved_run_id IS NULL');
  expect(rows[0].issues[0].code).toBe('kindergarten-row-in-school-file');
  expect(await story.serving('2024-07-30')).toEqual([`幼甲 ${ATTACHED} 教師`, '王校長 064601 校長'].sort());

  const updatedAt = '2024-07-30T10:00:00+08:00';
  story.care.staff.push(teacher('林', ATTACHED, { ...NURSE, updatedAt, hiredOn: '112/08/01' }));
  await story.night('2024-07-31');
  expect(await story.serving('2024-07-31')).toContain(`林幼教 ${ATTACHED} 教師`);
});

it('R03: the school’s principal whom the care system shows as head of the attached kindergarten from 08-01 on is one person, and the school path wins', async () => {
  const updatedAt = '2024-07-31T10:00:00+08:00';
  const head = { name: '王校長', nationalId: 'A123456789', title: '園長', hiredOn: '113/08/01', updatedAt };
  story.care.staff.push(teacher('王', ATTACHED, head));
  await story.night('2024-08-01');
  expect(await story.personId('王校長')).toBeGreaterThan(0);
  const wang = async (day: string) => (await story.serving(day)).filter((line) => line.startsWith('王校長'));
  expect(await wang('2024-07-31')).toEqual(['王校長 064601 校長']);
  expect(await wang('2024-08-01')).toEqual(['王校長 064601 校長', `王校長 ${ATTACHED} 園長 兼`]);
});
