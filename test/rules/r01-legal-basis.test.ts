/** R01: a planning year stores its legal basis, both document numbers, and what was frozen under it keeps it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSnapshot, takeDueSnapshots } from '../../pipelines/snapshot.ts';
import { campaignSchema } from '../../schemas/campaign.ts';
import { snapshotManifest } from '../../schemas/snapshot.ts';
import { World } from '../pipelines/snapshot/world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { campaign113 } from './story.ts';

const MINISTRY = '臺教師(三)字第1130068884號';
const BUREAU = '中市教課字第1130057021號';
const AMENDMENT = { issuer: '臺中市政府教育局', document: '中市教課字第1130099999號', date: '2024-08-20' };
const campaign = campaign113();

let database: TestDatabase;
let worlds: World[];
beforeAll(async () => {
  database = await createTestDatabase();
  const amended = { ...campaign, legalBasis: [...campaign.legalBasis, AMENDMENT] };
  worlds = [campaign, amended].map((one) => new World(database.url, { campaigns: [one] }));
});
afterAll(async () => {
  for (const world of worlds) await world.close();
  await database.drop();
});

it('R01: a snapshot of 2024-08-02 names both letters for ever; one that is taken after the amendment of 08-20 names that, too', async () => {
  const [before, after] = worlds as [World, World];
  const school = await before.institution({ code: '064601', name: '臺中國小' });
  await before.assign(await before.person('王小明', 'A123456789'), school);
  const runId = await before.run(campaign.cutOff, { kind: 'closing' });
  await takeDueSnapshots(before.ctx, { runId, epoch: 1 });

  await after.run('2024-08-21T02:00:00+08:00');
  const correction = await after.correction('函文更正', '2024-08-21T09:00:00+08:00');
  const later = await createSnapshot(after.ctx, { campaignId: '113', kind: 'teacher-plan', correction });
  const documents = async (id: string): Promise<string[]> => {
    const manifest = snapshotManifest.parse(JSON.parse(await after.fileText(id, 'datapackage.json')));
    return manifest.mingce.legalBasis.map(({ document }) => document);
  };
  expect(await documents('113-teacher-plan-v1')).toEqual([MINISTRY, BUREAU]);
  expect(await documents('113-school-plan-v1')).toEqual([MINISTRY, BUREAU]);
  expect(later.snapshot.id).not.toBe('113-teacher-plan-v1');
  expect(await documents(later.snapshot.id)).toEqual([MINISTRY, BUREAU, AMENDMENT.document]);
});

it('R01: a planning year without a legal basis, or with one that has no number, is no planning year', () => {
  expect(campaignSchema.safeParse(campaign).success).toBe(true);
  const withoutNumber = campaign.legalBasis.map(({ issuer, date }) => ({ issuer, date }));
  for (const legalBasis of [[], withoutNumber, undefined])
    expect(campaignSchema.safeParse({ ...campaign, legalBasis }).success).toBe(false);
});
