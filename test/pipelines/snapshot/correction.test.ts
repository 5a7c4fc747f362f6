/** R24: what stands is corrected by a new version with a name and a reason; all versions stay, and where nothing differs there is none. */
import { expect, it } from 'vitest';
import { storedSnapshot } from '../../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot, listSnapshots, takeDueSnapshots } from '../../../pipelines/snapshot.ts';
import { addUser } from '../../../warehouse/users.ts';
import { asks, LIN } from '../../support/users.ts';
import { useWorld } from './use-world.ts';
import { BEFORE, CUT_OFF } from './world.ts';

const stage = useWorld();
const NEXT = '2024-08-03T02:00:00+08:00';

async function closed(): Promise<void> {
  await stage.world.run(BEFORE);
  const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
  await takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 });
}
/** Registered in time, and known with the night after. */
async function lateArrival(name: string, recordedFrom = NEXT): Promise<void> {
  await stage.world.assign(await stage.world.person(name), stage.school, { recordedFrom });
  await stage.world.run(recordedFrom);
}
const create = async (reason: string | null, kind: 'teacher-plan' | 'school-plan' = 'teacher-plan') => {
  const correction = reason === null ? null : await stage.world.correction(reason);
  return createSnapshot(stage.world.ctx, { campaignId: '113', kind, correction });
};
const trail = () =>
  stage.world
    .db('ops.audit')
    .whereLike('subject', 'snapshot:%')
    .orderBy('id')
    .select('actor', 'action', 'subject', 'detail');
const ids = async (): Promise<string[]> => (await listSnapshots(stage.world.ctx)).map(({ id }) => id);

it('the manifest names who approved it, why, when and what it corrects, and so does the audit trail', async () => {
  await closed();
  await lateArrival('李大華');
  const { created, snapshot } = await create('學校補送名冊');
  expect([created, snapshot.id, snapshot.automatic]).toEqual([true, '113-teacher-plan-v2', false]);
  const { manifest, corrects, approved_by } = await storedSnapshot(stage.world.ctx, snapshot.id);
  expect(manifest.mingce.correction).toEqual({
    of: '113-teacher-plan-v1',
    by: 'lin',
    reason: '學校補送名冊',
    at: '2024-08-05T09:00:00+08:00',
  });
  expect([corrects, approved_by]).toEqual(['113-teacher-plan-v1', 'lin']);
  expect(await trail()).toEqual([
    {
      actor: 'lin',
      action: 'snapshot-corrected',
      subject: 'snapshot:113-teacher-plan-v2',
      detail: { corrects: '113-teacher-plan-v1', reason: '學校補送名冊', cutOff: CUT_OFF, campaignVersion: 1 },
    },
  ]);
  const first = await storedSnapshot(stage.world.ctx, '113-teacher-plan-v1');
  expect([first.manifest.mingce.correction, first.corrects]).toEqual([null, null]);
  expect(await ids()).toEqual(['113-school-plan-v1', '113-teacher-plan-v1', '113-teacher-plan-v2']);
});

it('without a name and a reason nothing is made, and it says how', async () => {
  await closed();
  await lateArrival('李大華');
  await expect(create(null)).rejects.toThrow(
    `113-teacher-plan-v1 stands for the cut-off ${CUT_OFF}: a further version is a correction, and needs a name and a reason. "mingce snapshot create --campaign 113 --kind teacher-plan --reason TEXT --as USER"`,
  );
  expect(await ids()).toHaveLength(2);
});

it('where nothing differs there is no new version, however many nights went by', async () => {
  await closed();
  await stage.world.run(NEXT);
  await stage.world.run('2024-08-04T02:00:00+08:00');
  expect(await create('再確認')).toMatchObject({ created: false, snapshot: { id: '113-teacher-plan-v1' } });
  expect(await ids()).toHaveLength(2);
  expect(await trail()).toEqual([]);
  await lateArrival('李大華', '2024-08-05T02:00:00+08:00');
  expect(await create('補送')).toMatchObject({ created: true, snapshot: { id: '113-teacher-plan-v2' } });
  expect(await create('補送')).toMatchObject({ created: false, snapshot: { id: '113-teacher-plan-v2' } });
  await stage.world.run('2024-08-06T02:00:00+08:00');
  expect(await create('補送')).toMatchObject({ created: false, snapshot: { id: '113-teacher-plan-v2' } });
  expect(await trail()).toHaveLength(1);
});

it('a version corrects the newest one, and each kind is corrected for itself', async () => {
  await closed();
  await lateArrival('李大華');
  await create('一');
  await lateArrival('陳新進', '2024-08-04T02:00:00+08:00');
  const third = await create('二');
  const { manifest } = await storedSnapshot(stage.world.ctx, third.snapshot.id);
  expect(manifest.mingce.correction).toMatchObject({ of: '113-teacher-plan-v2', reason: '二' });
  const school = await create('三', 'school-plan');
  expect((await storedSnapshot(stage.world.ctx, school.snapshot.id)).manifest.mingce.correction).toMatchObject({
    of: '113-school-plan-v1',
  });
});

it('ops may not, nor may somebody who was disabled since; who tried stands in the audit trail', async () => {
  await closed();
  await lateArrival('李大華');
  const { db, ctx } = stage.world;
  const asked = { campaignId: '113', kind: 'teacher-plan' } as const;
  const lin = await stage.world.correction('更正');
  const ops = { ...lin, by: { name: 'ops', role: 'ops' as const, institutionCode: null } };
  await expect(createSnapshot(ctx, { ...asked, correction: ops })).rejects.toMatchObject({ code: 'user-not-allowed' });
  await addUser(db, { ...LIN, name: 'gone' }, asks());
  await db('ops.app_user').where({ name: 'gone' }).update({ disabled_at: '2024-08-01', disabled_why: '離職' });
  const gone = { ...lin, by: { ...LIN, name: 'gone' } };
  await expect(createSnapshot(ctx, { ...asked, correction: gone })).rejects.toMatchObject({ code: 'user-not-allowed' });
  expect(await ids()).toHaveLength(2);
  expect(await trail()).toMatchObject([
    { actor: 'ops', action: 'decision-refused' },
    { actor: 'gone', action: 'decision-refused' },
  ]);
});

it('version 1 by hand and a state of some moment need nobody’s word; a word where there is nothing to correct is refused', async () => {
  await stage.world.run(BEFORE);
  const { ctx } = stage.world;
  const asked = { campaignId: '113', kind: 'teacher-plan', correction: await stage.world.correction() } as const;
  await expect(createSnapshot(ctx, { ...asked, asOf: BEFORE })).rejects.toMatchObject({ code: 'nothing-to-correct' });
  const early = await createSnapshot(ctx, { ...asked, correction: null, asOf: BEFORE });
  await stage.world.run(CUT_OFF, { kind: 'closing' });
  const atCutOff = await create(null);
  const later = await createSnapshot(ctx, { ...asked, correction: null, asOf: CUT_OFF });
  expect([early, atCutOff, later].map(({ snapshot: { id }, created }) => [id, created])).toEqual([
    ['113-teacher-plan-v1', true],
    ['113-teacher-plan-v2', true],
    ['113-teacher-plan-v2', false],
  ]);
});

it('a campaign that changed since is a difference, and the manifest names the version and the hash that made it', async () => {
  await closed();
  const { world } = stage;
  const [campaign] = world.ctx.campaigns;
  if (!campaign) throw new Error('no campaign');
  const contacts = { ...campaign.contacts, phone: '04-22289111' };
  const changed = { ...world.ctx, campaigns: [{ ...campaign, contacts }] };
  const correction = await world.correction('電話更正');
  const made = await createSnapshot(changed, { campaignId: '113', kind: 'teacher-plan', correction });
  const stated = async (id: string) => (await storedSnapshot(changed, id)).manifest.mingce;
  const [first, second] = [await stated('113-teacher-plan-v1'), await stated(made.snapshot.id)];
  expect([first.campaign.version, second.campaign.version, second.contacts.phone]).toEqual([1, 2, '04-22289111']);
  const hashes = await world.db('ops.campaign_version').where({ campaign: '113' }).orderBy('version').pluck('hash');
  expect([first.campaign.hash, second.campaign.hash]).toEqual(hashes);
  expect(first.recordedThrough).toBe(second.recordedThrough);
});
