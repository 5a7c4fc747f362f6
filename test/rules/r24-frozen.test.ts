/** R24: the import uses exactly the roster registered before 2024-08-02 17:00, frozen, reproducible and checksummed; what comes later does not alter it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSnapshot, listSnapshots, verifyStored } from '../../pipelines/snapshot.ts';
import { readSnapshotFile } from '../../warehouse/snapshots.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { addBureau, LIN } from '../support/users.ts';
import { campaign113, nationalId, openStory, type Story } from './story.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const DAYA = '0942800021';
const CUT_OFF = '2024-08-02T17:00:00+08:00';
const row = (code: string, first9: string, name: string, said = ',') =>
  `${code},${nationalId(first9)},${name},70/05/06,教師,${said}`;

let story: Story;
beforeAll(async () => {
  const july = { updatedAt: '2024-07-01T10:00:00+08:00', hiredOn: '112/08/01' };
  const care = { institutions: [kindergarten(DAYA, july)], staff: [teacher('甲', DAYA, july)] };
  story = await openStory(care, { campaigns: [campaign113()] });
  const { send } = story.small;
  await send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, row('064601', 'A12345678', '王小明')]);
  await send('064602-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, row('064602', 'B12345678', '李大華')]);
  await story.night('2024-08-01');
  story.care.staff.push(teacher('前日核定', DAYA, { ...july, updatedAt: '2024-08-01T15:00:00+08:00' }));
  await story.night('2024-08-02');
  story.care.staff.push(teacher('當日核定', DAYA, { ...july, updatedAt: '2024-08-02T10:00:00+08:00' }));
  const joins = (code: string, first9: string, name: string) => row(code, first9, name, '新進,113/08/01');
  const inTime = [row('064601', 'A12345678', '王小明'), joins('064601', 'F22999999', '陳準時')];
  await send('064601-b.csv', '2024-08-02T16:59:59+08:00', [HEAD, ...inTime]);
  const tooLate = [row('064602', 'B12345678', '李大華', '離職,113/08/01'), joins('064602', 'C12345678', '趙遲到')];
  await send('064602-b.csv', CUT_OFF, [HEAD, ...tooLate]);
  await story.small.runs(CUT_OFF);
});
afterAll(() => story.close());

async function teachers(id: string): Promise<string[]> {
  const { db, ctx } = story.small;
  const pieces: Uint8Array[] = [];
  for await (const piece of readSnapshotFile(db, ctx.keyring, id, 'teacher-plan.csv')) pieces.push(piece);
  const lines = Buffer.concat(pieces).toString('utf8').split('\r\n').slice(1, -1);
  return lines.map((line) => line.split(',')[1] as string).sort();
}
const checksums = async () =>
  (await listSnapshots(story.small.ctx)).map((s) => [s.id, s.fingerprint, ...s.files.map((f) => f.sha256)]);

const FROZEN = ['李大華', '王小明', '陳準時', '幼甲', '幼前日核定'].sort();

it('R24: a file of 16:59:59 is in and one of 17:00:00 is not; a kindergarten’s change counts when it was approved before the last early-morning run', async () => {
  expect(await teachers('113-teacher-plan-v1')).toEqual(FROZEN);
});

it('R24: the night of 08-03 takes in what came later and alters neither rows nor checksums of what is frozen', async () => {
  const before = await checksums();
  await story.night('2024-08-03');
  expect(await story.serving('2024-08-03')).toEqual(
    expect.arrayContaining(['趙遲到 064602 教師', `幼當日核定 ${DAYA} 教師`]),
  );
  expect(await story.serving('2024-08-03')).not.toContain('李大華 064602 教師');
  expect(await teachers('113-teacher-plan-v1')).toEqual(FROZEN);
  expect(await checksums()).toEqual(before);
  expect((await verifyStored(story.small.ctx, '113-teacher-plan-v1')).problems).toEqual([]);
});

it('R24: a further version, which somebody of the bureau approves with a reason, has what was registered in time and came to be known later, and still nothing of 17:00:00', async () => {
  await addBureau(story.small.db, [LIN.name]);
  const asked = { campaignId: '113', kind: 'teacher-plan' } as const;
  await expect(createSnapshot(story.small.ctx, asked)).rejects.toMatchObject({ code: 'approval-needed' });
  const correction = { by: LIN, reason: '幼兒園於當日核定', at: '2024-08-03T09:00:00+08:00' };
  const { snapshot } = await createSnapshot(story.small.ctx, { ...asked, correction });
  expect(snapshot.id).toBe('113-teacher-plan-v2');
  expect(await teachers(snapshot.id)).toEqual([...FROZEN, '幼當日核定'].sort());
  expect(await teachers('113-teacher-plan-v1')).toEqual(FROZEN);
});
