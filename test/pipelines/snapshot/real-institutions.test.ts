/** R04, R26 on real institutions of the city, by the sample's campaign: codes, names, owners and districts are those of the public lists. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedSnapshot } from '../../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot } from '../../../pipelines/snapshot.ts';
import { careOwnership, legalClassOf } from '../../../samples/world/kindergarten-facts.ts';
import { loadReference } from '../../../samples/world/reference.ts';
import { makeSids } from '../../../samples/world/sid.ts';
import type { PlanKind } from '../../../schemas/campaign.ts';
import { campaign113 } from '../../rules/story.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { World } from './world.ts';

const AT = '2024-08-01T02:00:00+08:00';
const { schools, kindergartens } = loadReference();
const sids = makeSids(kindergartens);
/** 準公共: a status of private ones, of no list; by law it stays private. */
const QUASI_PUBLIC = '臺中市私立人德幼兒園';

let database: TestDatabase;
let world: World;
let wide: World;
beforeAll(async () => {
  database = await createTestDatabase();
  const campaign = campaign113();
  world = new World(database.url, { campaigns: [campaign] });
  // Widened to all kindergartens, so that the line of R26 can be seen.
  const widened = { ...campaign, id: '213', addressed: [...campaign.addressed, { section: ['幼兒園' as const] }] };
  wide = new World(database.url, { campaigns: [widened] });
  for (const { code, name, section, ownership, district } of schools)
    await world.institution({ code, name, section, ownership, district });
  for (const fact of kindergartens) {
    const id = await world.institution({
      code: sids.get(fact.code) as string,
      moeCode: fact.code,
      name: fact.name,
      section: '幼兒園',
      ownership: careOwnership(fact),
      legalClass: legalClassOf(fact),
      district: fact.district,
    });
    if (fact.name === QUASI_PUBLIC)
      await world.db('warehouse.institution_version').where({ institution_id: id }).update({ quasi_public: true });
  }
  await world.run(AT);
});
afterAll(async () => {
  await world.close();
  await wide.close();
  await database.drop();
});

/** Where an institution of a name stands: `in`, or why not. */
async function places(of: World, kind: PlanKind): Promise<(name: string, section?: string) => string> {
  const [campaign] = of.ctx.campaigns;
  const { snapshot } = await createSnapshot(of.ctx, { campaignId: campaign?.id ?? '', kind, asOf: AT });
  const { mingce } = (await storedSnapshot(of.ctx, snapshot.id)).manifest;
  return (name, section) => {
    const fits = (i: { name: string; section: string }) =>
      i.name === name && (section === undefined || i.section === section);
    if (mingce.coverage.some(fits)) return 'in';
    return [...mingce.excluded, ...mingce.notAddressed].find(fits)?.reason ?? 'unknown';
  };
}
const both = async (of: World, name: string, section?: string): Promise<[teacher: string, school: string]> => [
  (await places(of, 'teacher-plan'))(name, section),
  (await places(of, 'school-plan'))(name, section),
];

describe('who is addressed (R04), and who is out of the school plan (R26)', () => {
  it('public kindergartens are in the teacher plan and out of the school plan', async () => {
    for (const name of ['臺中市立大甲幼兒園', '臺中市立大里幼兒園仁化分班'])
      expect([name, await both(world, name)]).toEqual([name, ['in', 'public-kindergarten']]);
  });

  it('a kindergarten attached to a public school counts as public', async () => {
    for (const name of ['臺中市大甲區大甲國民小學附設幼兒園', '臺中市大甲區文昌國民小學附設幼兒園'])
      expect([name, await both(world, name)]).toEqual([name, ['in', 'public-kindergarten']]);
  });

  it('one attached to the national primary is not addressed, as that school is not', async () => {
    expect(await both(world, '國立臺中教育大學附設實驗國民小學附設幼兒園')).toEqual(['not-addressed', 'not-addressed']);
    const national = schools.find(({ code }) => code === '190601');
    expect(await both(world, national?.name ?? '')).toEqual(['not-addressed', 'not-addressed']);
  });

  it('非營利 kindergartens are private by law: not addressed, and where a campaign addresses them in both plans', async () => {
    const name = '臺中市大里非營利幼兒園(委託財團法人台灣兒童暨家庭扶助基金會辦理)';
    expect(await both(world, name)).toEqual(['not-addressed', 'not-addressed']);
    expect(await both(wide, name)).toEqual(['in', 'in']);
  });

  it('準公共 kindergartens are private ones: not addressed, and where a campaign addresses them in both plans', async () => {
    const [found] = (await world.db('warehouse.institution_version').where({ quasi_public: true })) as {
      name: string;
    }[];
    expect(found?.name).toBe(QUASI_PUBLIC);
    expect(await both(world, QUASI_PUBLIC)).toEqual(['not-addressed', 'not-addressed']);
    expect(await both(wide, QUASI_PUBLIC)).toEqual(['in', 'in']);
  });

  it('和平區立幼兒園 and its branches are not addressed; the 市立 schools of 和平區 are, and the kindergartens attached to them', async () => {
    for (const name of ['臺中市和平區立幼兒園', '臺中市和平區立幼兒園達觀分班', '臺中市和平區立幼兒園雙崎分班'])
      expect([name, await both(world, name)]).toEqual([name, ['not-addressed', 'not-addressed']]);
    for (const name of ['市立和平區和平國小', '市立白冷國小', '市立博屋瑪國小'])
      expect([name, await both(world, name)]).toEqual([name, ['in', 'in']]);
    expect(await both(world, '臺中市和平區白冷國民小學附設幼兒園')).toEqual(['in', 'public-kindergarten']);
  });

  it('the primaries and the school for the blind that the letter names are in both plans', async () => {
    for (const [code, name, section] of [
      ['191604', '私立慎齋小學', '國小'],
      ['061601', '私立華盛頓國小', '國小'],
      ['191605', '私立明道普霖斯頓小學', '國小'],
      ['191602', '私立育仁國小', '國小'],
      ['061F01', '私立惠明盲校', '特教'],
    ] as const) {
      expect(schools.find((one) => one.code === code)?.name).toBe(name);
      expect([name, await both(world, name, section)]).toEqual([name, ['in', 'in']]);
    }
  });

  it('the other private primaries, and private junior high schools, are not addressed', async () => {
    const other = schools.find(({ code }) => code === '191606');
    expect(await both(world, other?.name ?? '', '國小')).toEqual(['not-addressed', 'not-addressed']);
    expect(await both(world, '私立華盛頓高中附設國中', '國中')).toEqual(['not-addressed', 'not-addressed']);
  });
});
