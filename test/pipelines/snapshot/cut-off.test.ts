import { beforeEach, describe, expect, it } from 'vitest';
import { createSnapshot } from '../../../pipelines/snapshot.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { CUT_OFF, World } from './world.ts';

const RECORDED = CUT_OFF;
const LATER = '2024-08-03T02:00:00+08:00';
const IN_TIME = '2024-08-02T16:59:59+08:00';
const TOO_LATE = '2024-08-02T17:00:00+08:00';

let database: TestDatabase;
let world: World;
let school: number;

beforeEach(async () => {
  database = await createTestDatabase();
  world = new World(database.url);
  school = await world.institution({ code: '064601', name: '臺中國小' });
  await world.run('2024-07-30T02:00:00+08:00');
  await world.run(CUT_OFF, { kind: 'closing' });
  return async () => {
    await world.close();
    await database.drop();
  };
});

async function teachers(): Promise<string[]> {
  const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
  return (await world.records(snapshot.id, 'teacher-plan.csv')).map((cells) => `${cells[1]} ${cells[6]}`);
}

describe('the cut-off of R24', () => {
  it('takes in what was registered at 16:59:59 and leaves out 17:00:00', async () => {
    const early = await world.person('早到');
    const late = await world.person('遲到');
    await world.assign(early, school, { registeredAt: IN_TIME, recordedFrom: RECORDED });
    await world.assign(late, school, { registeredAt: TOO_LATE, recordedFrom: RECORDED });
    expect(await teachers()).toEqual(['早到 教師']);
  });

  it('keeps the older version where a change was registered at 17:00:00', async () => {
    const person = await world.person('某甲');
    const spell = await world.assign(person, school, { title: '教師' });
    await world.retire('assignment', spell, RECORDED);
    const change = { recordedFrom: RECORDED, registeredAt: TOO_LATE };
    await world.assignmentVersion(spell, { title: '教師', validTo: '2024-08-02', ...change });
    await world.assignmentVersion(spell, { title: '組長', titleCode: 5, validFrom: '2024-08-02', ...change });
    expect(await teachers()).toEqual(['某甲 教師']);
  });

  it('takes the newer version where the change was registered one second earlier', async () => {
    const person = await world.person('某甲');
    const spell = await world.assign(person, school, { title: '教師' });
    await world.retire('assignment', spell, RECORDED);
    const change = { recordedFrom: RECORDED, registeredAt: IN_TIME };
    await world.assignmentVersion(spell, { title: '教師', validTo: '2024-08-02', ...change });
    await world.assignmentVersion(spell, { title: '組長', titleCode: 5, validFrom: '2024-08-02', ...change });
    expect(await teachers()).toEqual(['某甲 組長']);
  });

  it('looks past a change that came too late to a later one that came in time', async () => {
    const person = await world.person('某甲');
    const spell = await world.assign(person, school, { title: '教師', recordedTo: '2024-08-01T02:00:00+08:00' });
    await world.assignmentVersion(spell, {
      title: '主任',
      titleCode: 3,
      recordedFrom: '2024-08-01T02:00:00+08:00',
      recordedTo: RECORDED,
      registeredAt: TOO_LATE,
    });
    await world.assignmentVersion(spell, {
      title: '組長',
      titleCode: 5,
      recordedFrom: RECORDED,
      registeredAt: IN_TIME,
    });
    expect(await teachers()).toEqual(['某甲 組長']);
  });

  it('leaves out what was recorded after the run, whatever date it claims', async () => {
    const person = await world.person('補報');
    await world.assign(person, school, { registeredAt: '2024-07-15T08:00:00+08:00', recordedFrom: LATER });
    expect(await teachers()).toEqual([]);
  });

  it('keeps a version that was replaced only after the run', async () => {
    const person = await world.person('某甲');
    const spell = await world.assign(person, school);
    await world.retire('assignment', spell, LATER);
    await world.assignmentVersion(spell, { title: '組長', titleCode: 5, recordedFrom: LATER, registeredAt: IN_TIME });
    expect(await teachers()).toEqual(['某甲 教師']);
  });

  it('leaves out spells that ended by the day or begin after it', async () => {
    const [left, ending, coming] = [await world.person('已離'), await world.person('將離'), await world.person('將到')];
    await world.assign(left, school, { validTo: '2024-08-02', endReason: '退休' });
    await world.assign(ending, school, { validTo: '2024-08-03', endReason: '離職' });
    await world.assign(coming, school, { validFrom: '2024-08-03' });
    expect(await teachers()).toEqual(['將離 教師']);
  });

  it('keeps a person whose move-out was registered too late', async () => {
    const person = await world.person('某甲');
    const spell = await world.assign(person, school);
    await world.retire('assignment', spell, RECORDED);
    await world.assignmentVersion(spell, {
      validTo: '2024-08-01',
      endReason: '轉校',
      recordedFrom: RECORDED,
      registeredAt: TOO_LATE,
    });
    expect(await teachers()).toEqual(['某甲 教師']);
  });

  it('names people as they were registered in time', async () => {
    const person = await world.person('舊名');
    await world.assign(person, school);
    await world.retire('person', person, RECORDED);
    await world.named(person, '舊名', { recordedFrom: RECORDED, registeredAt: TOO_LATE, validTo: '2024-08-02' });
    await world.named(person, '新名', { recordedFrom: RECORDED, registeredAt: TOO_LATE, validFrom: '2024-08-02' });
    expect(await teachers()).toEqual(['舊名 教師']);
  });

  it('keeps a teacher whose own data was registered later than the spell', async () => {
    const person = await world.person('某乙', null, { registeredAt: TOO_LATE });
    await world.assign(person, school);
    expect(await teachers()).toEqual(['某乙 教師']);
  });

  it('takes the name of an institution as registered in time', async () => {
    await world.retire('institution', school, RECORDED);
    await world.institution({ code: '064601', name: '改名國小', recordedFrom: RECORDED, registeredAt: TOO_LATE });
    await world.assign(await world.person('某甲'), school);
    const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    const [record] = await world.records(snapshot.id, 'teacher-plan.csv');
    expect(record?.[5]).toBe('臺中國小');
  });
});

describe('who is a row of the teacher plan', () => {
  it('counts by 職別 in schools, by title in kindergartens, and only at the primary unit', async () => {
    const nursery = await world.institution({
      code: '0942800021',
      section: '幼兒園',
      name: '市立幼兒園',
      moeCode: '061K01',
    });
    const other = await world.institution({ code: '064602' });
    const both = await world.person('兼任者');
    await world.assign(both, school);
    await world.assign(both, other, { primary: false });
    await world.assign(await world.person('職員'), school, { title: '幹事', titleCode: 12 });
    await world.assign(await world.person('未知'), school, { title: '閱推', titleCode: null });
    await world.assign(await world.person('園長甲'), nursery, { title: '園長', titleCode: null, subjects: [] }, 'care');
    await world.assign(await world.person('教保'), nursery, { title: '教保員', titleCode: null }, 'care');
    const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    expect(await world.records(snapshot.id, 'teacher-plan.csv')).toEqual([
      ['', '兼任者', '064601', '', '國小', '臺中國小', '教師', '7', '國語'],
      ['', '園長甲', '0942800021', '061K01', '幼兒園', '市立幼兒園', '園長', '', ''],
    ]);
    const manifest = JSON.parse(await world.fileText(snapshot.id, 'datapackage.json'));
    expect(manifest.mingce.counts).toMatchObject({ rows: 2, unknownTitles: 1, institutions: 3 });
  });

  it('gives one row to a person with two open primary units: the newest stands', async () => {
    const other = await world.institution({ code: '064602' });
    const person = await world.person('兩校');
    await world.assign(person, other, { validFrom: '2024-07-01' });
    await world.assign(person, school, { validFrom: '2024-08-01' });
    const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    const records = await world.records(snapshot.id, 'teacher-plan.csv');
    expect(records.map((cells) => cells[2])).toEqual(['064601']);
  });

  it('gives the SHA-256 of the identifier, from the plain value or the digest, the one learnt last', async () => {
    const sha = '51ff20a57253f7f0ee3a9bffe86a86a2141c716b2f554b2bf6429df50e538c13';
    const corrected = await world.person('甲', 'A800000014', { runId: 1 });
    await world.identified(corrected, 'A123456789', true, 2);
    await world.identified(corrected, 'B142610160', false, 3);
    await world.assign(corrected, school);
    await world.assign(await world.person('乙'), school);
    const { snapshot } = await createSnapshot(world.ctx, { campaignId: '113', kind: 'teacher-plan' });
    const records = await world.records(snapshot.id, 'teacher-plan.csv');
    expect(records.map((cells) => [cells[1], cells[0]])).toEqual([
      ['乙', ''],
      ['甲', sha],
    ]);
  });
});
