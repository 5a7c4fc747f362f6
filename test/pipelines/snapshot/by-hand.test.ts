import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CorrectionRequest } from '../../../pipelines/snapshot/correction.ts';
import { createSnapshot } from '../../../pipelines/snapshot.ts';
import { useWorld } from './use-world.ts';
import { BEFORE, CUT_OFF } from './world.ts';

const stage = useWorld();
const MORNING_AFTER = '2024-08-03T02:00:00+08:00';

const byHand = (asOf: string | null = null, correction: CorrectionRequest | null = null) =>
  createSnapshot(stage.world.ctx, { campaignId: '113', kind: 'teacher-plan', asOf, correction });

describe('a snapshot by hand', () => {
  it('is the same one for the same moments, and a new version for others', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    expect((await byHand()).created).toBe(true);
    const again = await byHand();
    expect([again.created, again.snapshot.id]).toEqual([false, '113-teacher-plan-v1']);
    await stage.world.run(MORNING_AFTER);
    await stage.world.assign(await stage.world.person('李大華'), stage.school, { recordedFrom: MORNING_AFTER });
    const second = await byHand(null, await stage.world.correction());
    expect([second.created, second.snapshot.id, second.snapshot.cutOff]).toEqual([
      true,
      '113-teacher-plan-v2',
      CUT_OFF,
    ]);
    expect((await byHand('2024-08-02T18:00:00+08:00')).snapshot).toMatchObject({
      id: '113-teacher-plan-v3',
      cutOff: '2024-08-02T18:00:00+08:00',
      recordedThrough: CUT_OFF,
      automatic: false,
    });
  });

  it('is made once where two ask at the same time', async () => {
    await stage.world.run(CUT_OFF, { kind: 'closing' });
    const both = await Promise.all([byHand(), byHand()]);
    expect(both.map((made) => made.snapshot.id)).toEqual(['113-teacher-plan-v1', '113-teacher-plan-v1']);
    expect(both.map((made) => made.created).sort()).toEqual([false, true]);
  });

  it('is refused before the cut-off was closed, in the future, before any run, and for an unknown campaign', async () => {
    await expect(byHand()).rejects.toMatchObject({ code: 'no-applied-run' });
    await stage.world.run(BEFORE);
    await expect(byHand()).rejects.toMatchObject({ code: 'cut-off-not-closed' });
    await expect(byHand('2024-08-01T00:00:00+08:00')).rejects.toMatchObject({ code: 'moment-in-future' });
    await expect(byHand('2024-07-01T00:00:00+08:00')).rejects.toMatchObject({ code: 'no-applied-run' });
    await expect(createSnapshot(stage.world.ctx, { campaignId: '099', kind: 'school-plan' })).rejects.toThrow(
      '--campaign 099: expected one of the campaigns in the configuration (113)',
    );
  });

  it('waits for an apply in flight', async () => {
    await stage.world.run(BEFORE);
    const apply = await stage.world.db.transaction();
    await apply.raw('UPDATE ops.recorded_clock SET at = ?', [BEFORE]);
    let done = false;
    const taking = byHand(BEFORE).then(() => {
      done = true;
    });
    await delay(200);
    expect(done).toBe(false);
    await apply.commit();
    await taking;
  });
});
