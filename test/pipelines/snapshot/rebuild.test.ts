/** A stored snapshot is the same, byte for byte, when it is made again from the warehouse, whatever came to be known since. */
import { expect, it } from 'vitest';
import { rotateSigningKey } from '../../../pipelines/signing-keys.ts';
import { createSnapshot, rebuildSnapshot, takeDueSnapshots } from '../../../pipelines/snapshot.ts';
import { addUser } from '../../../warehouse/users.ts';
import { useWorld } from './use-world.ts';
import { BEFORE, CUT_OFF } from './world.ts';

const stage = useWorld();
const LATER = '2024-08-20T02:00:00+08:00';
const NOW = '2100-01-01T10:00:00+08:00';
const KINDS = ['teacher-plan', 'school-plan'] as const;

async function closed(): Promise<void> {
  const { world } = stage;
  await world.assign(await world.person('李大華', 'B123456780'), stage.school, { title: '導師', titleCode: 6 });
  await world.run(BEFORE);
  const runId = await world.run(CUT_OFF, { kind: 'closing' });
  await takeDueSnapshots(world.ctx, { runId, epoch: 1 });
}
const wrong = async (id: string): Promise<string[]> =>
  (await rebuildSnapshot(stage.world.ctx, id)).files.filter((f) => !f.ok).map((f) => f.path);

it('at once, and after people, names, institutions, accounts, the planning year and the key changed', async () => {
  const { world } = stage;
  await closed();
  for (const kind of KINDS) expect(await wrong(`113-${kind}-v1`), kind).toEqual([]);
  await world.retire('person', 1, LATER);
  await world.named(1, '王曉明', { recordedFrom: LATER, registeredAt: LATER });
  await world.retire('assignment', 1, LATER);
  await world.assignmentVersion(1, { title: '主任', titleCode: 3, recordedFrom: LATER, registeredAt: LATER });
  const other = await world.institution({ code: '064602', name: '新學校', recordedFrom: LATER, registeredAt: LATER });
  await world.assign(await world.person('新老師', 'C123456789', { recordedFrom: LATER, runId: 3 }), other, {
    recordedFrom: LATER,
    registeredAt: LATER,
  });
  await world.account(other, 'lead02', { recordedFrom: LATER, registeredAt: LATER });
  await world.run(LATER);
  await addUser(
    world.db,
    { name: 'lin', role: 'ops', institutionCode: null },
    { by: 'installation', now: NOW, idleDays: 90 },
  );
  const lin = { name: 'lin', role: 'ops', institutionCode: null } as const;
  await rotateSigningKey(world.db, world.ctx.keyring, { by: lin, reason: '例行更換', now: NOW });
  const [campaign] = world.ctx.campaigns;
  if (campaign === undefined) throw new Error('a world without a campaign');
  const plans = { ...campaign.plans, 'teacher-plan': { ...campaign.plans['teacher-plan'], schoolTitleCodes: [1] } };
  const changed = { ...world.ctx, campaigns: [{ ...campaign, plans }] };
  for (const kind of KINDS) {
    const rebuilt = await rebuildSnapshot(changed, `113-${kind}-v1`);
    expect(rebuilt).toMatchObject({ id: `113-${kind}-v1`, ok: true });
    expect(rebuilt.files.map((f) => f.path)).toContain('datapackage.json.jws');
  }
  // The change is real: of now it would be another.
  await world.run('2024-08-22T02:00:00+08:00');
  const { snapshot } = await createSnapshot(world.ctx, {
    campaignId: '113',
    kind: 'teacher-plan',
    asOf: '2024-08-21T00:00:00+08:00',
  });
  expect(await world.fileText(snapshot.id, 'teacher-plan.csv')).toContain('王曉明');
  expect(await wrong(snapshot.id)).toEqual([]);
});

it('says which file differs where history was changed behind our back, and leaves nothing stored', async () => {
  const { world } = stage;
  await closed();
  const counts = async () => [
    (await world.db('ops.snapshot_file').count('* as n'))[0]?.n,
    (await world.db('ops.snapshot_key').count('* as n'))[0]?.n,
  ];
  const before = await counts();
  await world.db('warehouse.person_version').where({ person_id: 2 }).update({ name: '李小華' });
  expect(await wrong('113-teacher-plan-v1')).toEqual([
    'datapackage.json',
    'datapackage.json.jws',
    'teacher-plan.bom.csv',
    'teacher-plan.csv',
    'teacher-plan.jsonl',
    'teacher-plan.oneroster.zip',
    'teacher-plan.parquet',
  ]);
  expect(await wrong('113-school-plan-v1')).toEqual([]);
  expect(await counts()).toEqual(before);
  await expect(rebuildSnapshot(world.ctx, '113-teacher-plan-v9')).rejects.toMatchObject({ code: 'unknown-snapshot' });
});

it('the crosswalk that was known then is seen, though a code was joined or parted since', async () => {
  const { world } = stage;
  const garden = await world.institution({ code: '0942800021', section: '幼兒園', name: '市立幼兒園' });
  await world.assign(await world.person('陳園長'), garden, { title: '園長', titleCode: null });
  const codes = (more: object) => ({ system: 'moe-kindergarten', section: '幼兒園', institution_id: garden, ...more });
  const at = (moment: string) => world.db('ops.recorded_clock').update({ at: moment });
  await at(BEFORE);
  await world.db('warehouse.institution_code').insert(codes({ code: '061K1T' }));
  await closed();
  expect(await world.fileText('113-teacher-plan-v1', 'teacher-plan.csv')).toContain('061K1T');
  await at(LATER);
  await world.db('warehouse.institution_code').where({ code: '061K1T' }).delete();
  await world.db('warehouse.institution_code').insert(codes({ code: '061A99' }));
  expect(await wrong('113-teacher-plan-v1')).toEqual([]);
  await at('2024-08-21T02:00:00+08:00');
  await world.db('warehouse.institution_code').where({ code: '061A99' }).update({ institution_id: stage.school });
  expect(await wrong('113-teacher-plan-v1')).toEqual([]);
  const past = await world
    .db('warehouse.past_institution_code')
    .orderBy('recorded_to')
    .select('code', 'institution_id');
  expect(past).toEqual([
    { code: '061K1T', institution_id: garden },
    { code: '061A99', institution_id: garden },
  ]);
});
