/** R13 異動待審: what is under review changes nothing; the last approved version stays in force until the night after its approval. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { nationalId, openStory, type Story } from './story.ts';

const DAYA = '0942800021';
const TANZI = '0942700001';
const APPROVED = { updatedAt: '2024-07-01T10:00:00+08:00', hiredOn: '112/08/01' };
const LIN = { ...APPROVED, name: '林丙', nationalId: nationalId('B22345678') };
const inReview = (changeType: string, changes = {}) => ({
  ...APPROVED,
  reviewStatus: '異動待審',
  changeType,
  updatedAt: '2024-08-01T15:00:00+08:00',
  ...changes,
});

let story: Story;
beforeAll(async () => {
  story = await openStory({
    institutions: [kindergarten(DAYA, APPROVED), kindergarten(TANZI, APPROVED)],
    staff: [...['甲', '乙', '丁'].map((who) => teacher(who, DAYA, APPROVED)), teacher('丙', DAYA, LIN)],
  });
  await story.night('2024-08-01');
});
afterAll(() => story.close());

const BEFORE = ['幼丁 0942800021 教師', '林丙 0942800021 教師', '幼乙 0942800021 教師', '幼甲 0942800021 教師'].sort();
const leave = { leftOn: '113/08/01', leaveReason: '離職' };

it('R13: on the night after they were proposed, a pending leave removes nobody, a pending edit edits nothing, a pending transfer moves nobody, a pending hire adds nobody', async () => {
  story.care.staff = [
    teacher('甲', DAYA, inReview('離職', leave)),
    teacher('乙', DAYA, inReview('異動', { title: '園長' })),
    teacher('丙', DAYA, { ...LIN, ...inReview('離職', { leftOn: '113/08/01', leaveReason: '轉園' }) }),
    teacher('丙二', TANZI, { ...LIN, ...inReview('新進', { hiredOn: '113/08/01' }) }),
    teacher('丁', DAYA, APPROVED),
    teacher('戊', DAYA, inReview('新進', { hiredOn: '113/08/01' })),
  ];
  const night = await story.night('2024-08-02');
  expect(night.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(night.sources.find(({ source }) => source === 'care')).toMatchObject({ excluded: 5, missing: 0 });
  expect(await story.serving('2024-08-02')).toEqual(BEFORE);
});

it('R13: a pending row is not a missing row, and one without an approved version is listed as 待審無前版', async () => {
  expect(await story.open('missing-from-roster')).toEqual([]);
  expect(await story.open('pending-without-previous')).toEqual([`care:${TANZI}`, `care:${DAYA}`]);
});

it('R13: on the night after the approval each takes effect, from the day that it tells', async () => {
  const approved = { reviewStatus: '核定', changeType: null, updatedAt: '2024-08-02T11:00:00+08:00' };
  story.care.staff = story.care.staff.map((one) => ({ ...one, ...approved }));
  const night = await story.night('2024-08-03');
  expect(night.sources.find(({ source }) => source === 'care')).toMatchObject({ excluded: 0, missing: 0 });
  expect(await story.serving('2024-07-31')).toEqual(BEFORE);
  expect(await story.serving('2024-08-03')).toEqual(
    ['幼乙 0942800021 園長', '林丙 0942700001 教師', '幼丁 0942800021 教師', '幼戊 0942800021 教師'].sort(),
  );
  expect(await story.open('pending-without-previous')).toEqual([]);
});

it('R13: 退件 shows the refused proposal: it is left out too, and the approved version stays', async () => {
  const refused = { reviewStatus: '退件', changeType: '離職', ...leave, updatedAt: '2024-08-03T15:00:00+08:00' };
  story.care.staff = story.care.staff.map((one) => (one.staffId === '丁' ? { ...one, ...refused } : one));
  const night = await story.night('2024-08-04');
  expect(night.changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
  expect(await story.serving('2024-08-04')).toContain('幼丁 0942800021 教師');
});
