import { describe, expect, it } from 'vitest';
import { createSnapshot, takeDueSnapshots } from '../../../pipelines/snapshot.ts';
import { snapshotManifest } from '../../../schemas/snapshot.ts';
import { useWorld } from './use-world.ts';
import { BEFORE, CAMPAIGN, CUT_OFF } from './world.ts';

const stage = useWorld();

const byHand = (asOf: string | null = null, kind: 'school-plan' | 'teacher-plan' = 'teacher-plan') =>
  createSnapshot(stage.world.ctx, { campaignId: '113', kind, asOf });

describe('the school plan', () => {
  it('has one row per institution with its teachers and active 總負責人', async () => {
    const attached = await stage.world.institution({
      code: '0942800021',
      section: '幼兒園',
      legalClass: '公立學校附設',
      name: '附幼',
    });
    await stage.world.institution({ code: '064602', name: '無人國小', district: '北區' });
    await stage.world.assign(await stage.world.person('園長'), attached, { title: '園長', titleCode: null }, 'care');
    await stage.world.account(stage.school, 'a-second', { holder: null, holderId: 'A123456789' });
    await stage.world.account(stage.school, 'stopped', { state: '停用' });
    await stage.world.account(stage.school, 'clerk', { kind: '承辦人' });
    await stage.world.account(stage.school, 'late', { registeredAt: CUT_OFF });
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    const { snapshot } = await byHand(null, 'school-plan');
    expect(await stage.world.records(snapshot.id, 'school-plan.csv')).toEqual([
      ['064601', '', '國小', '臺中國小', '公立', '西屯區', '1', 'a-second;lead01', '王小明;王小明'],
      ['064602', '', '國小', '無人國小', '公立', '北區', '0', '', ''],
    ]);
    const manifest = snapshotManifest.parse(JSON.parse(await stage.world.fileText(snapshot.id, 'datapackage.json')));
    expect(manifest.mingce.excluded).toEqual([
      { code: '0942800021', section: '幼兒園', name: '附幼', reason: 'public-kindergarten', notes: [] },
    ]);
  });
});

describe('the manifest', () => {
  it('carries basis, moments, contacts and who is not addressed', async () => {
    await stage.world.institution({ code: '191603', ownership: '私立', name: '某私立國小' });
    const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
    await takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 });
    const text = await stage.world.fileText('113-teacher-plan-v1', 'datapackage.json');
    const manifest = snapshotManifest.parse(JSON.parse(text));
    expect(manifest.mingce).toMatchObject({
      campaign: { id: '113' },
      kind: 'teacher-plan',
      version: 1,
      legalBasis: CAMPAIGN.legalBasis,
      purpose: '教師自我進修規劃填報',
      cutOff: CUT_OFF,
      recordedThrough: CUT_OFF,
      validOn: '2024-08-02',
      run: { id: String(runId), kind: 'closing', clock: CUT_OFF },
      window: CAMPAIGN.plans['teacher-plan'].window,
      contacts: CAMPAIGN.contacts,
      notAddressed: [{ code: '191603', section: '國小', name: '某私立國小', reason: 'not-addressed', notes: [] }],
    });
    const [resource] = manifest.resources;
    expect(resource).toMatchObject({ path: 'teacher-plan.csv', mediatype: 'text/csv', encoding: 'utf-8', rows: 1 });
    expect(resource?.schema?.fields.map((f) => [f.name, f['mingce:name']])).toEqual([
      ['身分證編碼', 'id_digest'],
      ['姓名', 'name'],
      ['學校代碼', 'institution_code'],
      ['教育部代碼', 'moe_kindergarten_code'],
      ['學制', 'section'],
      ['機構名稱', 'institution_name'],
      ['職稱', 'title'],
      ['職別', 'title_kind'],
      ['任教科目', 'subjects'],
    ]);
  });

  it('tells how current each institution is', async () => {
    await stage.world.institution({ code: '064602', name: '久未更新' });
    await stage.world.institution({ code: '064603', name: '從未送達' });
    await stage.world.institution({ code: '0942800021', section: '幼兒園', name: '市立幼兒園' });
    const first = await stage.world.run(BEFORE);
    await stage.world.heard(first, 'roster/064601', 'fresh', '2024-07-29T10:00:00+08:00');
    await stage.world.heard(first, 'roster/064602', 'fresh', '2024-07-29T11:00:00+08:00');
    const night = await stage.world.run('2024-08-02T02:00:00+08:00');
    await stage.world.heard(night, 'care', 'fresh', '2024-08-02T02:00:05+08:00');
    const closing = await stage.world.run(CUT_OFF, { kind: 'closing' });
    await stage.world.heard(closing, 'roster/064601', 'fresh', '2024-08-02T15:00:00+08:00');
    await stage.world.heard(closing, 'roster/064602', 'failed');
    const after = await stage.world.run('2024-08-03T02:00:00+08:00');
    await stage.world.heard(after, 'roster/064603', 'fresh', '2024-08-02T20:00:00+08:00');
    await takeDueSnapshots(stage.world.ctx, { runId: closing, epoch: 1 });
    const manifest = JSON.parse(await stage.world.fileText('113-teacher-plan-v1', 'datapackage.json'));
    const coverage = manifest.mingce.coverage.map((c: Record<string, unknown>) => [
      c.name,
      c.status,
      c.since,
      c.teachers,
      c.notes,
    ]);
    expect(coverage).toEqual([
      ['臺中國小', 'fresh', '2024-08-02T15:00:00+08:00', 1, []],
      ['久未更新', 'carried-forward', '2024-07-29T11:00:00+08:00', 0, ['last-delivery-failed']],
      ['從未送達', 'never-received', null, 0, []],
      ['市立幼兒園', 'fresh', '2024-08-02T02:00:05+08:00', 0, []],
    ]);
  });
});
