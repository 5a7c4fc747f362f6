import { describe, expect, it } from 'vitest';
import { createSnapshot, listSnapshots, takeDueSnapshots } from '../../../pipelines/snapshot.ts';
import { snapshotList } from '../../../schemas/snapshot.ts';
import { useWorld } from './use-world.ts';
import { BEFORE, CUT_OFF } from './world.ts';

const stage = useWorld();

const byHand = (asOf: string | null = null, kind: 'school-plan' | 'teacher-plan' = 'teacher-plan') =>
  createSnapshot(stage.world.ctx, { campaignId: '113', kind, asOf });
const stored = async (): Promise<number> => Number((await stage.world.db('ops.snapshot_file').count('* as n'))[0]?.n);

describe('the closing run', () => {
  it('takes both kinds at the cut-off, once', async () => {
    const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
    const claim = { runId, epoch: 1 };
    expect(await takeDueSnapshots(stage.world.ctx, claim)).toEqual(['113-school-plan-v1', '113-teacher-plan-v1']);
    const [before] = await stage.world.db('ops.snapshot').where({ id: '113-teacher-plan-v1' }).select('created_at');
    expect(await takeDueSnapshots(stage.world.ctx, claim)).toEqual(['113-school-plan-v1', '113-teacher-plan-v1']);
    expect(await stage.world.db('ops.snapshot').where({ id: '113-teacher-plan-v1' }).select('created_at')).toEqual([
      before,
    ]);
    const list = snapshotList.parse(await listSnapshots(stage.world.ctx));
    expect(list.map((s) => [s.id, s.automatic, s.cutOff, s.recordedThrough])).toEqual([
      ['113-school-plan-v1', true, CUT_OFF, CUT_OFF],
      ['113-teacher-plan-v1', true, CUT_OFF, CUT_OFF],
    ]);
  });

  it('takes none at another moment, and a nightly run takes none at all', async () => {
    const early = await stage.world.run('2024-08-02T16:59:59+08:00', { kind: 'closing' });
    const nightly = await stage.world.run(CUT_OFF);
    expect(await takeDueSnapshots(stage.world.ctx, { runId: early, epoch: 1 })).toEqual([]);
    expect(await takeDueSnapshots(stage.world.ctx, { runId: nightly, epoch: 1 })).toEqual([]);
    expect(await stored()).toBe(0);
  });

  it('writes nothing once another worker has taken the run over', async () => {
    const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
    await stage.world.db('ops.run').where({ id: runId }).update({ epoch: 2 });
    await expect(takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 })).rejects.toThrow('was taken over');
    expect(await stored()).toBe(0);
  });

  it('makes no second version by itself', async () => {
    const first = await stage.world.run(CUT_OFF, { kind: 'closing' });
    await takeDueSnapshots(stage.world.ctx, { runId: first, epoch: 1 });
    const again = await stage.world.run(CUT_OFF, { kind: 'closing', recordedAt: '2024-08-02T17:00:01+08:00' });
    expect(await takeDueSnapshots(stage.world.ctx, { runId: again, epoch: 1 })).toEqual([]);
    expect(await listSnapshots(stage.world.ctx)).toHaveLength(2);
  });

  it('freezes the roster also where somebody took the cut-off itself before it was closed, and from then on that needs a word', async () => {
    await stage.world.run(BEFORE);
    const real = '2024-08-02T17:00:05+08:00';
    await stage.world.run('2024-08-02T17:00:04+08:00', { recordedAt: '2024-08-02T17:00:04+08:00' });
    const early = await byHand(CUT_OFF);
    expect([early.snapshot.id, early.snapshot.recordedThrough]).toEqual(['113-teacher-plan-v1', BEFORE]);
    const runId = await stage.world.run(CUT_OFF, { kind: 'closing', recordedAt: real });
    const claim = { runId, epoch: 1 };
    expect(await takeDueSnapshots(stage.world.ctx, claim)).toEqual(['113-school-plan-v1', '113-teacher-plan-v2']);
    expect((await byHand(CUT_OFF)).created).toBe(false);
    await stage.world.run('2024-08-02T16:00:00+08:00', { recordedAt: '2024-08-02T16:30:00+08:00' });
    await expect(byHand(CUT_OFF)).rejects.toMatchObject({ code: 'approval-needed' });
  });

  it('freezes the roster even where somebody took an earlier state by hand', async () => {
    await stage.world.run(BEFORE);
    expect((await byHand(BEFORE)).snapshot.id).toBe('113-teacher-plan-v1');
    const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
    expect(await takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 })).toEqual([
      '113-school-plan-v1',
      '113-teacher-plan-v2',
    ]);
  });
});
