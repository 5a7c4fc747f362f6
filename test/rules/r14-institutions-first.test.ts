/** R14: institutions and staff are both updated, institutions first. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { openStory, type Story } from './story.ts';

const OLD = '0942800021';
const NEW = '0942800022';
const updatedAt = '2024-07-01T10:00:00+08:00';

let story: Story;
beforeAll(async () => {
  story = await openStory({
    institutions: [kindergarten(OLD, { updatedAt })],
    staff: [teacher('甲', OLD, { updatedAt, hiredOn: '112/08/01' })],
  });
  await story.night('2024-07-31');
});
afterAll(() => story.close());

it('R14: a kindergarten that opens on 08-01 comes with its teacher in one night, itself first', async () => {
  const opened = { updatedAt: '2024-07-31T10:00:00+08:00' };
  story.care.institutions.push(kindergarten(NEW, opened));
  story.care.staff.push(teacher('新', NEW, opened));
  const night = await story.night('2024-08-01');
  expect(night.changes).toMatchObject({ institutions: { added: 1 }, assignments: { added: 1 } });
  const { rows } = await story.small.db.raw(
    'SELECT entity FROM ops.plan_change WHERE run_id = ? AND institution_key = ? ORDER BY seq',
    [Number(night.run), `care:${NEW}`],
  );
  expect(rows.map((r: { entity: string }) => r.entity)).toEqual(['institution', 'person', 'assignment']);
  expect(await story.serving('2024-07-31')).toEqual([`幼甲 ${OLD} 教師`]);
  expect(await story.serving('2024-08-01')).toEqual([`幼新 ${NEW} 教師`, `幼甲 ${OLD} 教師`].sort());
});

it('R14: a teacher who is told before the kindergarten waits, told, and is taken in by the night that knows it', async () => {
  const later = '0942800023';
  story.care.staff.push(teacher('早', later, { updatedAt: '2024-08-01T10:00:00+08:00' }));
  await story.night('2024-08-02');
  expect(await story.open('institution-unknown')).toEqual(['care 早']);
  expect((await story.serving('2024-08-02')).filter((line) => line.includes(later))).toEqual([]);
  story.care.institutions.push(kindergarten(later, { updatedAt: '2024-08-02T10:00:00+08:00' }));
  await story.night('2024-08-03');
  expect(await story.open('institution-unknown')).toEqual([]);
  expect(await story.serving('2024-08-03')).toContain(`幼早 ${later} 教師`);
});
