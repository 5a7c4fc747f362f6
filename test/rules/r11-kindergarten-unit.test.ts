/** R11: the unit of a kindergarten teacher changes only through the care system; what a school says of it is refused and told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { nationalId, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const DAYA = '0942800021';
const LIN = {
  name: '林幼教',
  nationalId: nationalId('F22999999'),
  hiredOn: '112/08/01',
  updatedAt: '2024-07-01T10:00:00+08:00',
};
const school = (said: string) => `064601,${LIN.nationalId},林幼教,78/04/01,教師,${said}`;

let story: Story;
beforeAll(async () => {
  const staff = [teacher('林', DAYA, LIN), teacher('甲', DAYA, { updatedAt: LIN.updatedAt, hiredOn: '112/08/01' })];
  story = await openStory({ institutions: [kindergarten(DAYA, { updatedAt: LIN.updatedAt })], staff });
  await story.night('2024-07-30');
});
afterAll(() => story.close());

const lin = async (day: string) => (await story.serving(day)).filter((line) => line.startsWith('林幼教'));

it('R11: a school that registers her from 08-01 does not move her, and it is told that the kindergarten has not let her go', async () => {
  await story.small.send('064601-a.csv', '2024-07-31T10:00:00+08:00', [HEAD, school('轉入,113/08/01')]);
  await story.night('2024-08-01');
  expect(await lin('2024-07-31')).toEqual([`林幼教 ${DAYA} 教師`]);
  expect(await lin('2024-08-01')).toEqual(['林幼教 064601 教師 兼', `林幼教 ${DAYA} 教師`]);
  expect(await story.open('kindergarten-not-released')).toEqual(['schools:064601:國小']);
});

it('R11: once the care system tells on 08-05 that she left for 08-06, the school has her from that day, and nothing is open', async () => {
  const left = { leftOn: '113/08/06', leaveReason: '轉園', updatedAt: '2024-08-05T10:00:00+08:00' };
  story.care.staff = story.care.staff.map((one) => (one.staffId === '林' ? { ...one, ...left } : one));
  await story.night('2024-08-06');
  expect(await lin('2024-08-05')).toEqual(['林幼教 064601 教師 兼', `林幼教 ${DAYA} 教師`]);
  expect(await lin('2024-08-06')).toEqual(['林幼教 064601 教師']);
  expect(await story.open('kindergarten-not-released')).toEqual([]);
});

it('R11: a school’s file that says 離職 of a kindergarten teacher ends nothing there', async () => {
  const row = `064601,幼兒園,幼甲,78/04/01,教師,離職,113/08/08`;
  const head = '學校代碼,學制,姓名,出生日期,職稱,異動別,異動日期';
  await story.small.send('064601-b.csv', '2024-08-07T10:00:00+08:00', ['名冊別：異動', head, row]);
  const night = await story.night('2024-08-08');
  expect(night.sources.find(({ source }) => source === 'roster')).toMatchObject({ read: 1, quarantined: 1 });
  expect(await story.serving('2024-08-08')).toContain(`幼甲 ${DAYA} 教師`);
});

it('R11: where only the hire of a transfer is approved, the new kindergarten has her from its day on, and no day is without a unit', async () => {
  const [id, TANZI] = [nationalId('H22345678'), '0942700001'];
  const both = { name: '周調園', nationalId: id };
  story.care.institutions.push(kindergarten(TANZI, { updatedAt: '2024-08-08T10:00:00+08:00' }));
  story.care.staff.push(teacher('周', DAYA, { ...both, hiredOn: '112/08/01', updatedAt: '2024-08-08T10:00:00+08:00' }));
  await story.night('2024-08-09');
  const leaves = { leftOn: '113/08/20', leaveReason: '轉園', reviewStatus: '異動待審', changeType: '離職' };
  const old = { ...both, hiredOn: '112/08/01', ...leaves, updatedAt: '2024-08-10T10:00:00+08:00' };
  const hired = { ...both, hiredOn: '113/08/20', updatedAt: '2024-08-10T10:00:00+08:00' };
  story.care.staff = story.care.staff.filter((one) => one.staffId !== '周');
  story.care.staff.push(teacher('周', DAYA, old), teacher('周二', TANZI, hired));
  await story.night('2024-08-11');
  const zhou = async (day: string) => (await story.serving(day)).filter((line) => line.startsWith('周調園'));
  for (const day of ['2024-08-09', '2024-08-10', '2024-08-19'])
    expect(await zhou(day)).toEqual([`周調園 ${DAYA} 教師`]);
  expect(await zhou('2024-08-20')).toEqual([`周調園 ${TANZI} 教師`, `周調園 ${DAYA} 教師 兼`]);

  const approved = { reviewStatus: '核定', changeType: null, updatedAt: '2024-08-11T10:00:00+08:00' };
  story.care.staff = story.care.staff.map((one) => (one.staffId === '周' ? { ...one, ...approved } : one));
  await story.night('2024-08-12');
  expect(await zhou('2024-08-19')).toEqual([`周調園 ${DAYA} 教師`]);
  expect(await zhou('2024-08-20')).toEqual([`周調園 ${TANZI} 教師`]);
});
