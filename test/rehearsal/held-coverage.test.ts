/** What a snapshot says of a school whose file waits for a decision: what the guards had said by its own run, whatever later runs say. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { createSnapshot, rebuildSnapshot } from '../../pipelines/snapshot.ts';
import type { CoverageEntry } from '../../schemas/snapshot.ts';
import { findSnapshot } from '../../warehouse/snapshots.ts';
import { CAMPAIGN } from '../pipelines/snapshot/campaign.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const SCHOOL = '064603';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

const teacher = (n: number, title = '教師') =>
  `${SCHOOL},${nationalId(n)},王小${'一二三四五六七八九十'[n]},70/05/06,${title}`;
const ctx = () => ({ ...small.ctx, campaigns: [CAMPAIGN] });
/** As recorded by now. */
async function taken(): Promise<{ id: string; coverage: CoverageEntry | undefined }> {
  const { rows } = await small.db.raw('SELECT max(recorded_at) AS at FROM ops.run');
  const asked = { campaignId: '113', kind: 'teacher-plan', asOf: rows[0].at as string, correction: null } as const;
  const { snapshot } = await createSnapshot(ctx(), asked);
  const manifest = (await findSnapshot(small.db, snapshot.id))?.manifest;
  return { id: snapshot.id, coverage: manifest?.mingce.coverage.find(({ code }) => code === SCHOOL) };
}

it('a snapshot beside a file that is held is made again as it was, though a later night holds it still, and another lets it go', async () => {
  await small.send('a.csv', '2024-08-01T10:00:00+08:00', [
    HEAD,
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => teacher(n)),
  ]);
  expect((await small.night('2024-08-02T02:00:00+08:00')).status).toBe('complete');
  const half = [0, 1, 2, 3].map((n) => teacher(n, n < 2 ? '組長' : '教師'));
  await small.send('b.csv', '2024-08-02T10:00:00+08:00', [HEAD, ...half]);
  expect((await small.night('2024-08-03T02:00:00+08:00')).status).toBe('held');
  const first = await taken();
  expect(first.coverage).toMatchObject({ status: 'held', teachers: 10, notes: ['held-lost'] });

  expect((await small.night('2024-08-04T02:00:00+08:00')).status).toBe('held');
  const second = await taken();
  expect(second.coverage).toMatchObject({ status: 'held', notes: ['held-lost'] });
  expect(await rebuildSnapshot(ctx(), first.id)).toMatchObject({ ok: true });

  await small.send('c.csv', '2024-08-04T10:00:00+08:00', [
    HEAD,
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => teacher(n, n < 1 ? '組長' : '教師')),
  ]);
  expect((await small.night('2024-08-05T02:00:00+08:00')).status).toBe('complete');
  expect((await taken()).coverage?.status).toBe('fresh');
  for (const { id } of [first, second]) expect(await rebuildSnapshot(ctx(), id)).toMatchObject({ ok: true });
});
