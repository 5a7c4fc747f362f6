/** A change of a planning year is a recorded version, once; a deadline that moved says why, and one that is frozen stands. */
import { expect, it } from 'vitest';
import { approveCampaign } from '../../../pipelines/campaigns/approve-campaign.ts';
import { campaignHash, recordCampaign, refuseCampaignChanges } from '../../../pipelines/campaigns/record-campaign.ts';
import { takeDueSnapshots } from '../../../pipelines/snapshot.ts';
import type { Campaign } from '../../../schemas/campaign.ts';
import { campaignVersion, campaignVersions } from '../../../warehouse/campaign-versions.ts';
import { useWorld } from '../snapshot/use-world.ts';
import { BEFORE, CAMPAIGN, CUT_OFF } from '../snapshot/world.ts';

const stage = useWorld();
const LATER = '2024-08-05T12:00:00+08:00';
const WINDOW = { from: '2024-08-06T00:00:00+08:00', through: '2024-08-15T17:00:00+08:00' };

const record = (campaign: Campaign, by = 'installation', run: number | null = null) =>
  stage.world.db.transaction((trx) => recordCampaign(trx, campaign, { at: BEFORE, by, run }));
const actions = () => stage.world.db('ops.audit').where({ subject: 'campaign:113' }).orderBy('id').pluck('action');

/** A typhoon day. */
const moved = (reason = '颱風停班停課'): Campaign => ({
  ...CAMPAIGN,
  cutOff: LATER,
  moved: [
    { what: 'cutOff', from: CUT_OFF, reason },
    { what: 'plans.school-plan.window.from', from: '2024-08-05T00:00:00+08:00', reason },
    { what: 'plans.school-plan.window.through', from: '2024-08-14T17:00:00+08:00', reason },
  ],
  plans: { ...CAMPAIGN.plans, 'school-plan': { ...CAMPAIGN.plans['school-plan'], window: WINDOW } },
});

it('is recorded once for what uses it first, and again only when it differs', async () => {
  const run = await stage.world.run(BEFORE);
  expect(await record(CAMPAIGN, 'installation', run)).toMatchObject({ version: 1, run_id: run });
  expect(await record(structuredClone(CAMPAIGN))).toMatchObject({ version: 1, run_id: run });
  const other = { ...CAMPAIGN, name: '113 學年度（修正）' };
  expect(await record(other, 'lin')).toMatchObject({ version: 2, recorded_by: 'lin', run_id: null });
  const versions = await campaignVersions(stage.world.db, '113');
  expect(versions.map(({ version, hash }) => [version, hash])).toEqual([
    [1, campaignHash(CAMPAIGN)],
    [2, campaignHash(other)],
  ]);
  expect((await campaignVersion(stage.world.db, '113', 1))?.body).toEqual(CAMPAIGN);
  expect(await actions()).toEqual(['campaign-recorded', 'campaign-recorded']);
});

it('how the file is written is no difference, what it says is', () => {
  const { id, name, ...rest } = CAMPAIGN;
  expect(campaignHash({ ...rest, name, id })).toBe(campaignHash(CAMPAIGN));
  expect(campaignHash({ ...CAMPAIGN, cutOff: LATER })).not.toBe(campaignHash(CAMPAIGN));
});

it('two at the same time record it once', async () => {
  const both = await Promise.all([record(CAMPAIGN), record(CAMPAIGN)]);
  expect(both.map(({ version }) => version)).toEqual([1, 1]);
});

it('never changes, and is never taken away', async () => {
  await record(CAMPAIGN);
  const { db } = stage.world;
  for (const sql of ['UPDATE ops.campaign_version SET version = 7', 'DELETE FROM ops.campaign_version'])
    await expect(db.raw(sql)).rejects.toThrow('a recorded version of a campaign never changes');
});

it('a deadline that moved without a word is refused, and says what to write', async () => {
  await record(CAMPAIGN);
  const silent = { ...moved(), moved: [] };
  const told = 'campaign 113: cutOff was 2024-08-02T17:00:00+08:00 and is 2024-08-05T12:00:00+08:00 now';
  await expect(record(silent)).rejects.toThrow(told);
  await expect(refuseCampaignChanges(stage.world.db, [silent])).rejects.toMatchObject({
    code: 'campaign-moved-without-reason',
  });
  const ofAnother = { ...moved(), moved: [{ what: 'cutOff' as const, from: BEFORE, reason: '颱風' }] };
  await expect(record(ofAnother)).rejects.toThrow(told);
  expect(await campaignVersions(stage.world.db, '113')).toHaveLength(1);
});

it('with its reason it is a version, and the audit trail says what moved from when to when, and why', async () => {
  await record(CAMPAIGN);
  await refuseCampaignChanges(stage.world.db, [moved()]);
  expect(await record(moved())).toMatchObject({ version: 2, approved_why: null });
  const row = await stage.world
    .db('ops.audit')
    .where({ subject: 'campaign:113' })
    .orderBy('id', 'desc')
    .first('detail');
  expect(row.detail.moved[0]).toEqual({ what: 'cutOff', from: CUT_OFF, to: LATER, reason: '颱風停班停課' });
  expect(row.detail.moved).toHaveLength(3);
});

it('the same moment, written in another zone, did not move', async () => {
  await record(CAMPAIGN);
  expect(await record({ ...CAMPAIGN, cutOff: '2024-08-02T09:00:00Z' })).toMatchObject({ version: 2 });
});

async function frozen(): Promise<void> {
  const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
  await takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 });
}

it('once a snapshot of the cut-off was taken it moves no more, and it says what to do; windows may', async () => {
  await frozen();
  const told = /a snapshot of the cut-off 2024-08-02T17:00:00\+08:00 was taken.*mingce campaigns approve 113/s;
  await expect(record(moved())).rejects.toThrow(told);
  await expect(refuseCampaignChanges(stage.world.db, [moved()])).rejects.toThrow(told);
  const windowOnly = { ...moved(), cutOff: CUT_OFF, moved: moved().moved?.slice(1) };
  expect(await record(windowOnly)).toMatchObject({ version: 2 });
});

it('somebody of the bureau may let it move: the version is theirs, with the reason', async () => {
  await frozen();
  const { by, at } = await stage.world.correction();
  const approval = { by, at, reason: '停班停課公告在後' };
  expect(await approveCampaign(stage.world.db, moved(), approval)).toMatchObject({
    version: 2,
    recorded_by: 'lin',
    approved_why: '停班停課公告在後',
  });
  expect(await actions()).toEqual(['campaign-recorded', 'campaign-move-approved']);
  await refuseCampaignChanges(stage.world.db, [moved()]);
  await expect(approveCampaign(stage.world.db, moved(), approval)).rejects.toMatchObject({
    code: 'campaign-nothing-to-approve',
  });
  const named = { ...moved(), name: '另一名稱' };
  await expect(approveCampaign(stage.world.db, named, approval)).rejects.toMatchObject({
    code: 'campaign-nothing-to-approve',
  });
  expect(await campaignVersions(stage.world.db, '113')).toHaveLength(2);
});

it('ops may not let it move, and that they tried is in the audit trail', async () => {
  await frozen();
  const { at } = await stage.world.correction();
  const by = { name: 'ops', role: 'ops' as const, institutionCode: null };
  await expect(approveCampaign(stage.world.db, moved(), { by, at, reason: '延後' })).rejects.toMatchObject({
    code: 'user-not-allowed',
  });
  expect(await actions()).toEqual(['campaign-recorded', 'decision-refused']);
});

it('a worker that still has the file from before the move takes no snapshot at the old moment', async () => {
  await record(CAMPAIGN);
  await record(moved());
  const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
  await expect(takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 })).rejects.toMatchObject({
    code: 'campaign-moved-without-reason',
  });
  expect(await stage.world.db('ops.snapshot').select()).toEqual([]);
});
