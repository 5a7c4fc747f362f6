/** Raw objects whose time is over: gone, but for what is still needed, and said so. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { exportCorrection } from '../../pipelines/quarantine/correction-file.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,職稱,異動別,異動日期';
const WANG = '064601,A123456789,王小明,教師,,';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation(1, { config: { retention: { rawDays: 10 } } });
});
afterAll(() => small.close());

/** Names of the files whose bytes are kept, and of those whose are not. */
async function kept(): Promise<{ kept: string[]; gone: string[] }> {
  const { rows } = await small.db.raw(
    `SELECT o.name, EXISTS (SELECT 1 FROM landing.object_chunk c WHERE c.object_id = o.id) AS kept, o.removed_at IS NULL AS said
     FROM landing.object o WHERE source LIKE 'roster/%' ORDER BY o.id`,
  );
  expect(rows.every((r: { kept: boolean; said: boolean }) => r.kept === r.said)).toBe(true);
  const names = (of: boolean) =>
    rows.filter((r: { kept: boolean }) => r.kept === of).map((r: { name: string }) => r.name);
  return { kept: names(true), gone: names(false) };
}

it('what a newer complete picture replaced leaves after its time; current pictures and open quarantine stay', async () => {
  await small.send('064601-a.csv', '2024-07-01T10:00:00+08:00', [HEAD, WANG]);
  await small.send('064602-a.csv', '2024-07-01T10:00:00+08:00', [HEAD, '064602,B123456780,李大華,校長,,']);
  await small.night('2024-07-02T02:00:00+08:00');
  await small.send('064602-b.csv', '2024-07-02T10:00:00+08:00', [
    '名冊別：異動',
    HEAD,
    '064602,B123456780,李大華,校長,失蹤,113/07/01',
  ]);
  await small.send('064601-b.csv', '2024-07-02T10:00:00+08:00', [HEAD, WANG.replace('教師', '組長')]);
  await small.night('2024-07-03T02:00:00+08:00');
  await small.night('2024-07-11T02:00:00+08:00');
  expect((await kept()).gone).toEqual([]);
  await small.night('2024-07-12T03:00:00+08:00');
  expect(await kept()).toEqual({
    kept: expect.arrayContaining(['064601-b.csv', '064602-a.csv', '064602-b.csv']),
    gone: ['064601-a.csv'],
  });
});

it('lineage stays readable and says that the original is gone', async () => {
  const { rows } = await small.db.raw(`SELECT person_id FROM warehouse.person_version WHERE name = '王小明' LIMIT 1`);
  const explained = await explainPerson(small.db, rows[0].person_id);
  expect(explained.values.find((v) => v.column === 'name')?.from).toMatchObject({
    object: '064601-a.csv',
    objectRemovedAt: expect.stringContaining('2024-07-12'),
  });
  expect(renderExplanation(explained).replaceAll(/\s/g, '')).toContain(
    '064601-a.csv第2列（原檔已依保存期限於2024-07-12刪除）',
  );
});

it('a replay and a correction file find what they need; the same old bytes sent again are kept anew and change nothing', async () => {
  const before = await warehouseHash(small.db, small.ctx.keyring);
  const replayed = await small.replay('2024-07-12T04:00:00+08:00', ['roster']);
  expect(replayed.status).toBe('complete');
  expect(replayed.sources.flatMap((s) => s.parts ?? []).every((p) => p.status === 'fresh')).toBe(true);
  const { specs } = await small.sources();
  const file = path.join(path.dirname(small.inbox('x')), '..', 'back.xlsx');
  expect(await exportCorrection(small.ctx, specs.get('roster') as never, 'roster/064602', file)).toMatchObject({
    rows: 1,
  });
  await rm(file);
  await small.send('064601-a2.csv', '2024-07-12T10:00:00+08:00', [HEAD, WANG]);
  const night = await small.night('2024-07-13T02:00:00+08:00');
  expect(night.sources.flatMap((s) => s.parts ?? [])).toEqual([
    expect.objectContaining({ status: 'fresh', duplicate: 1 }),
  ]);
  expect(await warehouseHash(small.db, small.ctx.keyring)).toBe(before);
});
