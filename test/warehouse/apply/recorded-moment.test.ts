/** Recorded moments: what was answered of a moment that has passed stands, whichever apply waited meanwhile. */
import { expect, it } from 'vitest';
import { openRecordedMoment } from '../../../warehouse/apply/identities.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { until } from '../../support/until.ts';

const own = ownDatabase();

it('an apply that waits for its turn takes its moment when it has it, not when it came', async () => {
  const reader = await own.db.transaction();
  await reader.raw('SELECT at FROM ops.recorded_clock FOR SHARE');
  let clock = '2024-08-01T02:00:00+08:00';
  const apply = await own.db.transaction();
  const opened = openRecordedMoment(apply, () => clock);
  await until('the apply waits', async () => {
    const { rows } = await own.db.raw(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  });
  // Somebody reads as of 02:00:05 now: of that moment nothing may come any more.
  clock = '2024-08-01T02:00:06+08:00';
  await reader.commit();
  expect(await opened).toBe(clock);
  await apply.commit();
});

it('the moments grow with the commits, also where the clock stands or goes back', async () => {
  const moments: string[] = [];
  for (const clock of ['2024-08-02T02:00:00+08:00', '2024-08-02T02:00:00+08:00', '2024-08-01T02:00:00+08:00'])
    moments.push(await own.db.transaction((apply) => openRecordedMoment(apply, () => clock)));
  expect(moments).toEqual([
    '2024-08-02T02:00:00+08:00',
    '2024-08-02T02:00:00.000001+08:00',
    '2024-08-02T02:00:00.000002+08:00',
  ]);
});
