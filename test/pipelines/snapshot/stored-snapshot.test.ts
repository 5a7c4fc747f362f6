import { describe, expect, it } from 'vitest';
import { createSnapshot, takeDueSnapshots, verifyStored } from '../../../pipelines/snapshot.ts';
import { useWorld } from './use-world.ts';
import { CUT_OFF } from './world.ts';

const stage = useWorld();

const byHand = (asOf: string | null = null, kind: 'school-plan' | 'teacher-plan' = 'teacher-plan') =>
  createSnapshot(stage.world.ctx, { campaignId: '113', kind, asOf });
const stored = async (): Promise<number> => Number((await stage.world.db('ops.snapshot_file').count('* as n'))[0]?.n);

describe('a stored snapshot', () => {
  it('keeps its bytes whatever happens to the warehouse later', async () => {
    const runId = await stage.world.run(CUT_OFF, { kind: 'closing' });
    await takeDueSnapshots(stage.world.ctx, { runId, epoch: 1 });
    const before = await stage.world.fileText('113-teacher-plan-v1', 'teacher-plan.csv');
    await stage.world.assign(await stage.world.person('後來'), stage.school, {
      recordedFrom: '2024-08-03T02:00:00+08:00',
    });
    await stage.world.run('2024-08-03T02:00:00+08:00');
    expect(await stage.world.fileText('113-teacher-plan-v1', 'teacher-plan.csv')).toBe(before);
    const rebuilt = await byHand(CUT_OFF);
    expect(rebuilt).toMatchObject({ created: false, snapshot: { id: '113-teacher-plan-v1' } });
    const next = await byHand('2024-08-03T02:00:00+08:00');
    expect(await stage.world.fileText(next.snapshot.id, 'teacher-plan.csv')).not.toBe(before);
  });

  it('cannot be changed or removed', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    const { snapshot } = await byHand();
    await expect(stage.world.db('ops.snapshot').update({ kind: 'school-plan' })).rejects.toThrow('never changes');
    await expect(stage.world.db('ops.snapshot').delete()).rejects.toThrow('never changes');
    await expect(
      stage.world
        .db('ops.snapshot_file')
        .where({ seq: 0 })
        .update({ body: Buffer.from('x') }),
    ).rejects.toThrow('never changes');
    await expect(stage.world.db('ops.snapshot_file').delete()).rejects.toThrow('never changes');
    expect((await verifyStored(stage.world.ctx, snapshot.id)).ok).toBe(true);
  });

  it('holds no name or identifier in the clear', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    await byHand();
    const { rows } = await stage.world.db.raw(
      `SELECT 1 FROM ops.snapshot_file WHERE position(convert_to('王小明', 'UTF8') in body) > 0`,
    );
    expect(await stored()).toBe(9);
    expect(rows).toEqual([]);
    const [{ manifest }] = await stage.world.db('ops.snapshot').select('manifest');
    expect(JSON.stringify(manifest)).not.toContain('王小明');
  });

  it('is not stored at all when a check fails, and the error names the check', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    const [{ id }] = await stage.world.db('warehouse.person').insert({}).returning('id');
    await stage.world.assign(id, stage.school);
    await expect(byHand()).rejects.toThrow('every person has a name (1 people without a name)');
    await expect(byHand()).rejects.toMatchObject({ code: 'check-failed' });
    expect(await stored()).toBe(0);
    expect(await stage.world.db('ops.snapshot')).toEqual([]);
  });

  it('is not stored at all when it is interrupted while rows are written', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    const abort = new AbortController();
    const ctx = { ...stage.world.ctx, signal: abort.signal, progress: () => abort.abort(new Error('interrupted')) };
    await stage.world.crowd(stage.school, 6000);
    await expect(createSnapshot(ctx, { campaignId: '113', kind: 'teacher-plan' })).rejects.toThrow('interrupted');
    expect(await stored()).toBe(0);
    const { snapshot } = await byHand();
    expect(snapshot.files.map((f) => f.rows)).toEqual([null, null, null, 6001, 6001, 6001, 6001, 6001]);
    expect((await verifyStored(stage.world.ctx, snapshot.id)).ok).toBe(true);
  });
});
