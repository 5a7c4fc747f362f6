/** A rehearsal of a snapshot: who is not ready and why, the worst first; it is what the snapshot then says, and leaves nothing behind. */
import { beforeEach, describe, expect, it } from 'vitest';
import { previewTable, renderPreview } from '../../../pipelines/report/render-preview.ts';
import { storedSnapshot } from '../../../pipelines/snapshot/list-snapshots.ts';
import { previewSnapshot } from '../../../pipelines/snapshot/preview.ts';
import { takeDueSnapshots } from '../../../pipelines/snapshot.ts';
import type { PlanKind } from '../../../schemas/campaign.ts';
import { snapshotPreview } from '../../../schemas/outputs/snapshot-preview.ts';
import { useWorld } from './use-world.ts';
import { BEFORE, CAMPAIGN, CUT_OFF, type World } from './world.ts';

const stage = useWorld();
const NIGHT = '2024-08-01T02:00:00+08:00';
const UPDATES = { from: '2024-07-05T00:00:00+08:00', until: CUT_OFF };
const [READY, OLD, NEVER, FAILED, NURSERY] = ['064601', '064602', '064603', '064604', '0942800021'] as const;

let campaign = CAMPAIGN;
const preview = async (kind: PlanKind = 'teacher-plan', asOf: string | null = null) => {
  const ctx = { ...stage.world.ctx, campaigns: [campaign] };
  return snapshotPreview.parse(await previewSnapshot(ctx, { campaignId: '113', kind, asOf, nightly: '02:00' }));
};

/** Four schools and a kindergarten, each in another state; the school of the stage is ready. */
async function city(world: World): Promise<void> {
  const staff = async (code: string, institution: number, source = `roster/${code}`) =>
    world.assign(await world.person(`教師${code}`), institution, { title: '教師' }, source);
  for (const code of [OLD, NEVER, FAILED]) {
    const id = await world.institution({ code, name: `市立${code}國小` });
    await world.account(id, `lead-${code}`);
    if (code !== NEVER) await staff(code, id);
  }
  const nursery = await world.institution({ code: NURSERY, section: '幼兒園', name: '市立幼兒園' });
  await staff(NURSERY, nursery, 'care');
  const first = await world.run(BEFORE);
  await world.heard(first, `roster/${READY}`, 'fresh', '2024-07-29T10:00:00+08:00');
  await world.heard(first, `roster/${OLD}`, 'fresh', '2024-06-20T10:00:00+08:00');
  await world.heard(first, `roster/${FAILED}`, 'fresh', '2024-07-29T10:00:00+08:00');
  await world.heard(first, 'care', 'fresh', '2024-07-30T01:00:00+08:00');
  const second = await world.run(NIGHT);
  await world.heard(second, `roster/${FAILED}`, 'failed');
  await world.heard(second, 'care', 'fresh', '2024-08-01T01:00:00+08:00');
  await world
    .db('warehouse.institution_version')
    .where({ name: `市立${OLD}國小` })
    .update({ phone: '(04)22220000' });
}
const pendingRow = (key: string, hasPrevious: boolean) => ({
  source: 'care',
  kind: 'staff',
  key,
  institution_code: `${NURSERY}:幼兒園`,
  name: '林待審',
  review: '異動待審',
  reviewing: '離職',
  has_previous: hasPrevious,
  first_run_id: 1,
  last_run_id: 1,
});

beforeEach(async () => {
  campaign = { ...CAMPAIGN, rosterUpdates: UPDATES };
  await city(stage.world);
});

describe('who is not ready', () => {
  it('the worst comes first, each with what is wrong, and the number to call', async () => {
    const { institutions, counts } = await preview();
    expect(institutions.map(({ code, ready, problems }) => [code, ready, problems[0]?.code ?? null])).toEqual([
      [NEVER, false, 'never-received'],
      [OLD, false, 'not-updated'],
      [FAILED, false, 'last-delivery-failed'],
      [READY, true, null],
      [NURSERY, true, null],
    ]);
    expect(institutions.find(({ code }) => code === OLD)).toMatchObject({
      phone: '(04)22220000',
      status: 'carried-forward',
      since: '2024-06-20T10:00:00+08:00',
    });
    expect(counts).toMatchObject({ rows: 4, institutions: 5, ready: 2, 'never-received': 1, fresh: 1 });
  });

  it('where nothing is asked, an old roster is only carried forward', async () => {
    campaign = CAMPAIGN;
    const old = (await preview()).institutions.find(({ code }) => code === OLD);
    expect(old).toMatchObject({ ready: true, status: 'carried-forward', problems: [] });
  });

  it('a change under review is told, and more gravely without an approved version (R13); until when it can be approved too (R15)', async () => {
    const of = async () => (await preview()).institutions.find(({ code }) => code === NURSERY);
    await stage.world.db('landing.pending').insert(pendingRow('a', true));
    expect(await of()).toMatchObject({
      ready: false,
      pending: 1,
      pendingWithoutPrevious: 0,
      problems: [{ code: 'pending', level: 'warn', text: { zh: '異動待審 1 筆，核定前沿用前一版（R13）' } }],
    });
    await stage.world.db('landing.pending').insert(pendingRow('b', false));
    expect(await of()).toMatchObject({ pending: 2, pendingWithoutPrevious: 1, problems: [{ level: 'bad' }, {}] });
    expect((await preview()).approveBy).toBe('2024-08-02T02:00:00+08:00');
  });

  it('a care system that was not heard in the night is told of each kindergarten', async () => {
    const third = await stage.world.run('2024-08-01T09:00:00+08:00');
    await stage.world.heard(third, 'care', 'failed');
    const nursery = (await preview()).institutions.find(({ code }) => code === NURSERY);
    expect(nursery?.problems.map(({ code }) => code)).toEqual(['last-delivery-failed', 'care-carried-forward']);
  });

  it('a school without a 總負責人 is not ready for the school plan, and is for the other one (R16)', async () => {
    await stage.world.db('warehouse.account_version').update({ state: '停用' });
    const of = async (kind: PlanKind) =>
      (await preview(kind)).institutions.find(({ code }) => code === READY)?.problems.map((p) => [p.code, p.level]);
    expect(await of('school-plan')).toEqual([['no-lead', 'bad']]);
    expect(await of('teacher-plan')).toEqual([['no-lead', 'info']]);
    expect((await preview('school-plan')).institutions.map(({ code }) => code)).not.toContain(NURSERY);
  });

  it('open exceptions of the institution and of what its school sent are told, but for those put aside', async () => {
    const { db } = stage.world;
    const matter = (code: string, institution: string | null, subject: string | null, params: object) => ({
      code,
      fingerprint: Buffer.from(`${code}${institution}${subject}`),
      institution_key: institution,
      subject,
      params: JSON.stringify(params),
      opened_run_id: 1,
      opened_at: BEFORE,
    });
    await db('review.exception').insert([
      matter('rows-quarantined', null, `roster/${READY}`, { rows: 3 }),
      matter('missing-from-roster', `schools:${READY}:國小`, `roster/${READY}`, { people: 2 }),
      matter('weak-identity', `schools:${READY}:國小`, `roster/${READY}`, { people: 9 }),
    ]);
    const school = (await preview()).institutions.find(({ code }) => code === READY);
    expect(school?.problems.map(({ code, level }) => [code, level])).toEqual([
      ['rows-quarantined', 'bad'],
      ['missing-from-roster', 'warn'],
      ['weak-identity', 'info'],
    ]);
    expect(school?.problems[0]?.text.zh).toContain('有 3 列資料有誤未採用');
  });
});

it('says what the checks would say, and who to ask', async () => {
  await stage.world.db('warehouse.person_version').where({ name: '王小明' }).delete();
  const seen = await preview();
  expect(seen.checks.filter(({ ok }) => !ok)).toEqual([
    { name: 'every person has a name', ok: false, found: '1 people without a name' },
  ]);
  const text = renderPreview(seen);
  for (const said of [
    '檢核：1 項不符',
    '市立064603國小',
    '從未收到教職員資料',
    '(04)22220000',
    '2024-08-02 17:00 前登錄者',
    '2024-08-02 02:00 夜間執行前核定',
    '07-7258600、inservice@mail.nknu.edu.tw',
  ])
    expect(text.replaceAll(/\s+/g, ' ')).toContain(said);
  const { columns, rows } = previewTable(seen);
  expect([columns.length, rows.length]).toEqual([12, 5]);
  expect(rows[1]?.slice(0, 6)).toEqual(['未就緒', OLD, '國小', '市立064602國小', '西屯區', '(04)22220000']);
});

it('counts what the snapshot of the cut-off then holds, and leaves nothing behind', async () => {
  const { world } = stage;
  const before = await world.db('ops.snapshot').count();
  const seen = { teacher: await preview(), school: await preview('school-plan') };
  expect(seen.teacher.taken).toEqual([]);
  expect(await world.db('ops.snapshot').count()).toEqual(before);
  expect(await world.db('ops.campaign_version').select()).toEqual([]);
  expect(await world.db('ops.audit').select()).toEqual([]);
  const runId = await world.run(CUT_OFF, { kind: 'closing' });
  await takeDueSnapshots({ ...world.ctx, campaigns: [campaign] }, { runId, epoch: 1 });
  for (const [id, rehearsed] of [
    ['113-teacher-plan-v1', seen.teacher],
    ['113-school-plan-v1', seen.school],
  ] as const) {
    const { counts, coverage } = (await storedSnapshot(world.ctx, id)).manifest.mingce;
    for (const what of ['rows', 'institutions', 'teachers', 'excluded', 'notAddressed'] as const)
      expect([id, what, rehearsed.counts[what]]).toEqual([id, what, counts[what]]);
    expect(new Map(coverage.map((c) => [c.code, c.teachers]))).toEqual(
      new Map(rehearsed.institutions.toSorted((a, b) => (a.code < b.code ? -1 : 1)).map((i) => [i.code, i.teachers])),
    );
  }
  expect((await preview()).taken).toEqual(['113-teacher-plan-v1']);
});

it('as of an earlier moment it is what was known then; one that has not come, or has no run, is refused', async () => {
  expect((await preview('teacher-plan', '2024-07-31T00:00:00+08:00')).run).toBe('1');
  const failed = async (asOf: string | null) =>
    (await preview('teacher-plan', asOf)).institutions.find(({ code }) => code === FAILED)?.problems.length;
  expect([await failed('2024-07-31T00:00:00+08:00'), await failed(null)]).toEqual([0, 1]);
  await expect(preview('teacher-plan', '2024-08-01T03:00:00+08:00')).rejects.toMatchObject({
    code: 'moment-in-future',
  });
  await expect(preview('teacher-plan', '2024-07-01T00:00:00+08:00')).rejects.toMatchObject({ code: 'no-applied-run' });
});
