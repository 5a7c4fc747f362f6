/** R24: what goes wrong with the freeze is an incident, told until somebody acts: kindergartens that were not heard on the cut-off's day, a closing run that failed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listExceptions, suppressException } from '../../pipelines/exceptions.ts';
import { storedSnapshot } from '../../pipelines/snapshot/list-snapshots.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { addBureau, LIN } from '../support/users.ts';
import { campaign113, openStory, type Story } from './story.ts';

const DAYA = '0942800021';
const CUT_OFF = '2024-08-02T17:00:00+08:00';
const july = { updatedAt: '2024-07-01T10:00:00+08:00', hiredOn: '112/08/01' };
const open = () =>
  openStory(
    { institutions: [kindergarten(DAYA, july)], staff: [teacher('甲', DAYA, july)] },
    { campaigns: [campaign113()] },
  );

/** The early-morning run of the cut-off's day does not reach the care system; that of `broken` cannot close. */
let failed: Story;
let broken: Story;
beforeAll(async () => {
  failed = await open();
  broken = await open();
  for (const story of [failed, broken]) {
    await story.night('2024-08-01');
    story.care.staff.push(teacher('前日核定', DAYA, { ...july, updatedAt: '2024-08-01T15:00:00+08:00' }));
  }
  await addBureau(failed.small.db, [LIN.name]);
});
afterAll(async () => {
  await failed.close();
  await broken.close();
});

const incidents = async (story: Story, when: string) => {
  const all = await listExceptions(story.small.db, when);
  return all
    .filter(({ rule }) => rule === 'R24')
    .map(({ code, who, severity, params }) => ({ code, who, severity, params }));
};
const STALE = {
  code: 'cut-off-care-stale',
  who: 'bureau',
  severity: 'high',
  params: { campaign: '113', cutOff: '2024-08-02 17:00', last: '2024-08-01 01:00' },
};

it('R24: the care system was not heard on the morning of 08-02: the last good run stands for the kindergartens, and that is an incident from the closing run on', async () => {
  failed.care.asOf = '';
  const [night] = await failed.small.runs('2024-08-02T02:00:00+08:00');
  expect(night?.sources.find(({ source }) => source === 'care')?.status).toBe('failed');
  expect(await incidents(failed, '2024-08-02T02:00:00+08:00')).toEqual([]);
  await failed.small.runs(CUT_OFF);
  expect(await incidents(failed, CUT_OFF)).toEqual([STALE]);
  const { coverage } = (await storedSnapshot(failed.small.ctx, '113-teacher-plan-v1')).manifest.mingce;
  expect(coverage.find(({ code }) => code === DAYA)).toMatchObject({
    status: 'carried-forward',
    since: '2024-08-01T01:00:00+08:00',
    teachers: 1,
    notes: ['last-delivery-failed'],
  });
});

it('R24: the night of 08-03 hears the care system again, and the incident stays; put aside it comes back after its day', async () => {
  await failed.night('2024-08-03');
  expect(await incidents(failed, '2024-08-03T02:00:00+08:00')).toEqual([STALE]);
  const [one] = (await listExceptions(failed.small.db, '2024-08-03T09:00:00+08:00')).filter((e) => e.rule === 'R24');
  await suppressException(failed.small.db, {
    id: one?.number as number,
    reason: '查明中',
    until: '2024-08-04',
    by: LIN,
    when: '2024-08-03T09:00:00+08:00',
  });
  await failed.night('2024-08-04');
  const all = (await listExceptions(failed.small.db, '2024-08-04T02:00:00+08:00')).filter((e) => e.rule === 'R24');
  expect(all.map(({ suppressed }) => suppressed?.until)).toEqual(['2024-08-04']);
});

it('R24: a correction that the bureau approves has what was approved in time, and the night of 08-05 closes the incident', async () => {
  const correction = { by: LIN, reason: '補列當日核定前之異動', at: '2024-08-04T09:00:00+08:00' };
  const { snapshot } = await createSnapshot(failed.small.ctx, { campaignId: '113', kind: 'teacher-plan', correction });
  const { coverage, counts } = (await storedSnapshot(failed.small.ctx, snapshot.id)).manifest.mingce;
  expect([snapshot.id, counts.rows, coverage.find(({ code }) => code === DAYA)?.status]).toEqual([
    '113-teacher-plan-v2',
    2,
    'fresh',
  ]);
  await failed.night('2024-08-05');
  expect(await incidents(failed, '2024-08-05T02:00:00+08:00')).toEqual([]);
});

it('R24: a closing run that failed is an incident of ops from the night after on, until one succeeds', async () => {
  await broken.night('2024-08-02');
  await broken.small.db.raw(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$;
     CREATE TRIGGER broken BEFORE UPDATE ON ops.run FOR EACH ROW WHEN (NEW.kind = 'closing' AND NEW.stage = 'reconcile') EXECUTE FUNCTION refuse()`,
  );
  broken.care.asOf = '2024-08-03T01:00:00+08:00';
  const results = await broken.small.runs('2024-08-03T02:00:00+08:00');
  expect(results.map(({ kind, status }) => `${kind} ${status}`)).toEqual(['closing failed', 'manual complete']);
  expect(await incidents(broken, '2024-08-03T02:00:00+08:00')).toEqual([
    {
      code: 'closing-failed',
      who: 'ops',
      severity: 'high',
      params: { campaign: '113', cutOff: '2024-08-02 17:00', run: Number(results[0]?.run) },
    },
  ]);
  await broken.small.db.raw('DROP TRIGGER broken ON ops.run');
  broken.care.asOf = '2024-08-04T01:00:00+08:00';
  await broken.small.runs('2024-08-04T02:00:00+08:00');
  expect(await incidents(broken, '2024-08-04T02:00:00+08:00')).toEqual([]);
});
