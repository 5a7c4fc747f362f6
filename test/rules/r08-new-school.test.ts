/** R08: registration (教師資料登錄) by the new unit sets the 服務單位; the old unit need do nothing, and is asked for nothing. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { nationalId, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,學制,身分證字號,姓名,出生日期,職稱,到職日期';
const WANG = { name: '王小明', nationalId: 'A123456789' };
const wang = (unit: string, since: string, title = '教師') => `${unit},A123456789,王小明,70/05/06,${title},${since}`;
const li = (unit: string) => `${unit},${nationalId('B12345678')},李大華,60/05/06,校長,100/08/01`;
const [OLD, NEW] = ['064601,國小', '064602,國小'];
const DAYA = '0942800021';

let story: Story;
beforeEach(async () => {
  const july = { updatedAt: '2024-07-01T10:00:00+08:00', hiredOn: '110/08/01' };
  story = await openStory({ institutions: [kindergarten(DAYA, july)], staff: [teacher('乙', DAYA, july)] });
});
afterEach(() => story.close());

/** What a school is told to be missing from its roster: by the ledger, the receipt and the report. */
async function askedFor(code: string, night: SyncResult) {
  const [receipt] = await findReceipts(story.small.db, code, null);
  const report = await buildReport(story.small.db, Number(night.run));
  const ledger = night.sources.flatMap((s) => s.parts ?? [s]).find((part) => part.source === `roster/${code}`);
  return [ledger?.missing, receipt?.counts.missing, report.missing.flatMap(({ names }) => names)];
}

it('R08: 王小明 is at the old school through 07-31 and at the new one from 08-01, by the new one’s word alone', async () => {
  await story.small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, wang(OLD, '110/08/01'), li(OLD)]);
  await story.night('2024-07-30');
  await story.small.send('064602-a.csv', '2024-07-31T10:00:00+08:00', [HEAD, wang(NEW, '113/08/01')]);
  await story.night('2024-08-01');
  const wangs = async (day: string) => (await story.serving(day)).filter((line) => line.startsWith('王小明'));
  expect(await wangs('2024-07-31')).toEqual(['王小明 064601 教師']);
  expect(await wangs('2024-08-01')).toEqual(['王小明 064602 教師']);

  // The old school leaves him out of its next list, as it may: nobody is missing.
  await story.small.send('064601-b.csv', '2024-08-05T10:00:00+08:00', [HEAD, li(OLD)]);
  expect(await askedFor('064601', await story.night('2024-08-06'))).toEqual([0, 0, []]);
});

it('R08: nor is anybody missing where the old school leaves him out in the night in which the new one registers him', async () => {
  await story.small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, wang(OLD, '110/08/01'), li(OLD)]);
  await story.night('2024-07-30');
  await story.small.send('064602-a.csv', '2024-07-31T10:00:00+08:00', [HEAD, wang(NEW, '113/08/01')]);
  await story.small.send('064601-b.csv', '2024-07-31T10:00:00+08:00', [HEAD, li(OLD)]);
  expect(await askedFor('064601', await story.night('2024-08-01'))).toEqual([0, 0, []]);
});

it('R08: before the new school registers him, he is missing from the old one’s list', async () => {
  await story.small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, wang(OLD, '110/08/01'), li(OLD)]);
  await story.night('2024-07-30');
  await story.small.send('064601-b.csv', '2024-07-31T10:00:00+08:00', [HEAD, li(OLD)]);
  expect(await askedFor('064601', await story.night('2024-08-01'))).toEqual([1, 1, ['王小明']]);
  await story.small.send('064602-a.csv', '2024-08-01T10:00:00+08:00', [HEAD, wang(NEW, '113/08/01')]);
  expect((await story.night('2024-08-02')).changes.assignments).toEqual({ added: 1, changed: 0, ended: 1 });
});

it('R08: a school whose teacher a kindergarten has from 08-01 may go on listing her: nobody is told that the kindergarten has not let her go', async () => {
  await story.small.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, wang(OLD, '110/08/01')]);
  await story.night('2024-07-30');
  story.care.staff.push(teacher('王', DAYA, { ...WANG, hiredOn: '113/08/01', updatedAt: '2024-07-31T10:00:00+08:00' }));
  await story.night('2024-08-01');
  await story.small.send('064601-b.csv', '2024-08-01T10:00:00+08:00', [HEAD, wang(OLD, '110/08/01', '組長')]);
  await story.night('2024-08-02');
  expect(await story.serving('2024-07-31')).toContain('王小明 064601 教師');
  expect(await story.serving('2024-08-01')).toEqual([`王小明 ${DAYA} 教師`, `幼乙 ${DAYA} 教師`].sort());
  expect(await story.open('kindergarten-not-released')).toEqual([]);
});
