/** Who is missing from complete lists night after night: ends by no night, and by the bureau's word only. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { decideReview, type ReviewDecision, undoJudgement } from '../../pipelines/review.ts';
import { shownJudgements, waitingMatters } from '../../pipelines/review-matters.ts';
import type { ReviewMatter } from '../../schemas/outputs/review.ts';
import type { Database } from '../../warehouse/connect.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { addBureau, LIN } from '../support/users.ts';

let small: SmallInstallation;
let db: Database;

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const teachers = Array.from(
  { length: 10 },
  (_, i) => `064601,${nationalId(i)},王小${'一二三四五六七八九十'[i]},70/05/06,教師`,
);
const send = (day: string, without = 0) =>
  small.send('064601.csv', `${day}T10:00:00+08:00`, [HEAD, ...teachers.slice(without)]);
const night = (day: string) => small.night(`${day}T23:00:00+08:00`);
const asked = async (): Promise<ReviewMatter[]> => (await waitingMatters(db, 3)).map(({ shown }) => shown);
const left = (id: string, when: string, more: Partial<ReviewDecision> = {}) =>
  decideReview(db, { id, verdict: 'ended', code: '退休', reason: '人事室確認', by: LIN, when, nights: 3, ...more });
const missing = async (): Promise<object[]> =>
  (await db('review.exception').where({ code: 'missing-from-roster', closed_at: null })).map((e) => e.params);
async function spell(): Promise<string> {
  const { rows } = await db.raw(
    `SELECT v.valid_to, coalesce(v.end_reason, '在職') AS how FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id
     JOIN warehouse.person_version p ON p.person_id = a.person_id AND p.name = '王小一' WHERE v.recorded_to = 'infinity' ORDER BY v.valid_from DESC LIMIT 1`,
  );
  return `${rows[0].valid_to} ${rows[0].how}`;
}

beforeAll(async () => {
  small = await openSmallInstallation();
  db = small.db;
  await addBureau(db, ['lin']);
  await send('2024-08-01');
  await night('2024-08-01');
  await send('2024-08-02', 1);
  await night('2024-08-02');
  await night('2024-08-03');
});
afterAll(() => small.close());

it('I12: is not asked about before the nights are full, and ends by no night', async () => {
  expect(await asked()).toEqual([]);
  for (const day of ['2024-08-04', '2024-08-05']) await night(day);
  expect(await waitingMatters(db)).toEqual([]);
  expect(await asked()).toMatchObject([
    {
      kind: 'absence',
      name: '王小一',
      absent: { since: '2024-08-02', nights: 4 },
      verdicts: expect.arrayContaining(['ended 退休']),
    },
  ]);
  expect([await spell(), await missing()]).toEqual(['infinity 在職', [{ people: 1 }]]);
});

it('R09: confirmed by the bureau, the post ends with the reason and day that were told, by that judgement', async () => {
  const [matter] = await asked();
  const when = '2024-08-06T09:00:00+08:00';
  await expect(left(matter!.id, when, { code: '失蹤' })).rejects.toMatchObject({ code: 'review-verdict' });
  await expect(left(matter!.id, when, { nights: null })).rejects.toMatchObject({ code: 'review-matter-unknown' });
  const line = await left(matter!.id, when, { on: '2024-08-01' });
  expect(line).toMatchObject({ kind: 'absence', ended: { reason: '退休', on: '2024-08-01' } });
  expect((await asked()).map((m) => m.decided)).toEqual([line.number]);
  await night('2024-08-06');
  expect(await spell()).toBe('2024-08-01 退休');
  const [change] = await db('ops.plan_change').where({ run_id: db('ops.run').max('id') });
  expect(change).toMatchObject({ action: 'end', rule: 'R09', judgement_id: line.number, registered_at: when });
  expect([await asked(), await missing()]).toEqual([[], []]);
  expect((await night('2024-08-07')).changes.assignments).toEqual({ added: 0, changed: 0, ended: 0 });
});

it('undone, the post goes on; confirmed again, it ends; listed again, the list counts', async () => {
  const [judgement] = await shownJudgements(db, false);
  await undoJudgement(db, {
    number: judgement!.number,
    reason: '後來發現有誤',
    by: LIN,
    when: '2024-08-08T09:00:00+08:00',
  });
  await night('2024-08-08');
  expect(await spell()).toBe('infinity 在職');
  const [matter] = await asked();
  await left(matter!.id, '2024-08-09T09:00:00+08:00');
  await night('2024-08-09');
  expect(await spell()).toBe('2024-08-02 退休');
  await small.send('064601.csv', '2024-08-10T10:00:00+08:00', [
    HEAD,
    ...teachers,
    '064601,A123456789,李新進,70/05/06,教師',
  ]);
  await night('2024-08-10');
  expect([await spell(), await asked()]).toEqual(['infinity 在職', []]);
});
