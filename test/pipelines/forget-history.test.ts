/** History by policy: what was superseded longer ago than the policy leaves, loudly, and nothing else changes by it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainPerson } from '../../pipelines/explain.ts';
import { forgetBefore } from '../../pipelines/forget-history.ts';
import { hashAsOf } from '../../pipelines/hash.ts';
import { setManualValue } from '../../pipelines/manual-values.ts';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderExplanation } from '../../pipelines/report/render-explanation.ts';
import { runBefore } from '../../pipelines/report.ts';
import { rosterOf } from '../../pipelines/roster.ts';
import { createSnapshot, rebuildSnapshot, shredSnapshot } from '../../pipelines/snapshot.ts';
import { HistoryForgottenError } from '../../schemas/history-error.ts';
import { RevertError } from '../../schemas/revert-error.ts';
import { historyHorizon } from '../../warehouse/history/horizon.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { verifyAudit } from '../../warehouse/verify-audit.ts';
import { warehouseHash } from '../../warehouse/views/hash.ts';
import { campaign113, openStory, type Story } from '../rules/story.ts';
import { recordedBefore } from '../support/as-of.ts';
import { addBureau, LIN } from '../support/users.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,電子郵件,職稱,異動別,異動日期';
const NOW = '2100-01-01T00:00:00+08:00';
const HORIZON = '2024-10-20T02:00:00+08:00';
/** Superseded by then; and what stands. */
const OLD = '舊姓名';
const FREE = { percent: 10_000, people: 1 };

let story: Story;
let personId: number;
const roster = (day: string, title: string, name: string, mail: string, time = '10:00') =>
  story.small.send(`064601-${day}-${time.slice(0, 2)}.csv`, `${day}T${time}:00+08:00`, [
    HEAD,
    `064601,A123456789,${name},男,70/05/06,${mail},${title},,`,
  ]);
/** Somebody of another school, whose title the bureau set. */
const other = (day: string, title: string) =>
  story.small.send(`064602-${day}.csv`, `${day}T10:00:00+08:00`, [
    HEAD,
    `064602,B123456780,李大華,男,70/05/06,b@tc.edu.tw,${title},,`,
  ]);
const byHand = async () =>
  setManualValue(story.small.db, {
    entity: 'person',
    id: String(await story.personId('李大華')),
    field: '職稱',
    value: '專任教師',
    at: '064602',
    reason: '依聘書',
    until: null,
    by: LIN,
    when: '2024-09-02T09:00:00+08:00',
  });
const newest = async () => {
  const { id, epoch } = await story.small.db('ops.run').orderBy('id', 'desc').first();
  return { runId: id as number, epoch: epoch as number };
};
const count = async (table: string, where = 'true'): Promise<number> =>
  Number((await story.small.db.raw(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)).rows[0].n);
/** Where a text stands in what is kept of people. */
const holding = async (text: string): Promise<string[]> => {
  const tables = ['warehouse.person_version', 'warehouse.assignment_version', 'ops.plan_change', 'ops.held_change'];
  const found: string[] = [];
  for (const table of tables)
    if ((await count(`${table} t`, `to_jsonb(t)::text LIKE '%${text}%'`)) > 0) found.push(table);
  return found;
};
const told = async () =>
  (await story.small.db('ops.audit').where({ action: 'history-forgotten' }).orderBy('id')) as {
    actor: string;
    subject: string;
    detail: Record<string, unknown>;
  }[];

beforeAll(async () => {
  const campaign = campaign113();
  story = await openStory(null, { campaigns: [campaign], config: { guards: { changed: FREE, lost: FREE } } });
  await addBureau(story.small.db, [LIN.name]);
  await roster('2024-07-01', '教師', '更早的姓名', 'old@tc.edu.tw');
  const once = '064603,C123456789,張三,男,70/05/06,c@tc.edu.tw,教師,,';
  await story.small.send('064603.csv', '2024-07-01T10:00:00+08:00', [HEAD, once]);
  await story.small.night('2024-07-01T12:00:00+08:00');
  // Another name on the very day: of the first one no stretch is left.
  await roster('2024-07-01', '教師', OLD, 'old@tc.edu.tw', '15:00');
  await story.small.night('2024-07-01T20:00:00+08:00');
  await roster('2024-07-03', '導師', OLD, 'old@tc.edu.tw');
  await story.small.night('2024-07-03T20:00:00+08:00');
  await story.small.runs('2024-08-02T17:00:00+08:00');
  for (const [day, title] of [
    ['2024-09-01', '組長'],
    ['2024-09-10', '主任'],
    ['2024-10-01', '主任'],
    ['2024-11-01', '校長'],
  ] as const) {
    await roster(day, title, '王小明', `${day}@tc.edu.tw`);
    await other(day, title);
    await story.small.night(`${day}T20:00:00+08:00`);
    if (day === '2024-09-01') await byHand();
  }
  personId = await story.personId('王小明');
});
afterAll(() => story.close());

it('while a snapshot can be read the horizon does not pass it, and it is made again byte for byte', async () => {
  const { small } = story;
  await forgetBefore(small.ctx, await newest(), HORIZON);
  expect((await historyHorizon(small.db)).at).toBe('2024-08-02T17:00:00+08:00');
  for (const kind of ['teacher-plan', 'school-plan'])
    expect((await rebuildSnapshot(small.ctx, `113-${kind}-v1`)).ok, kind).toBe(true);
  for (const kind of ['teacher-plan', 'school-plan'])
    await shredSnapshot(small.ctx, { id: `113-${kind}-v1`, by: LIN, reason: '目的完成', at: NOW });
});

it('broken off in the middle, what went is whole and told, the rest is there, and the earlier moments are refused already', async () => {
  const { small } = story;
  await small.db.raw(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$;
     CREATE TRIGGER broken BEFORE INSERT ON ops.audit FOR EACH ROW WHEN (NEW.subject = 'assignment-versions') EXECUTE FUNCTION refuse()`,
  );
  const before = await count('warehouse.assignment_version');
  await expect(forgetBefore(small.ctx, await newest(), HORIZON)).rejects.toThrow('broken on purpose');
  expect(await count('warehouse.assignment_version')).toBe(before);
  await expect(hashAsOf(small.db, small.ctx.keyring, '2024-10-20T01:59:59+08:00', NOW)).rejects.toThrow(
    HistoryForgottenError,
  );
  await small.db.raw('DROP TRIGGER broken ON ops.audit');
});

it('what was superseded before the horizon is gone, and every answer from it on, and of now, is as before', async () => {
  const { small } = story;
  const asked = async () => {
    const { values, spells } = await explainPerson(small.db, personId, recordedBefore(HORIZON));
    return [
      await warehouseHash(small.db, small.ctx.keyring),
      await hashAsOf(small.db, small.ctx.keyring, HORIZON, NOW),
      await hashAsOf(small.db, small.ctx.keyring, '2024-11-02T00:00:00+08:00', NOW),
      await rosterOf(small.db, '064601:國小', recordedBefore(HORIZON, '2024-08-15')),
      values.map(({ column, value }) => [column, value]),
      spells.map(({ title, validFrom, validTo }) => [title, validFrom, validTo]),
    ];
  };
  const before = await asked();
  const was = await count('warehouse.assignment_version');
  const setByHand = `assignment_id IN (SELECT id FROM warehouse.assignment WHERE source = 'roster/064602')`;
  const kept = await count('warehouse.assignment_version', setByHand);
  expect(await forgetBefore(small.ctx, await newest(), HORIZON)).toBeGreaterThan(0);
  expect(await asked()).toEqual(before);
  // By which they are called on a day before all that stands of them.
  const names = small.db('warehouse.person_version').where({ person_id: personId });
  expect((await names.orderBy(['recorded_from', 'valid_from']).first('name')).name).toBe('更早的姓名');
  expect(await count('warehouse.assignment_version')).toBeLessThan(was);
  expect(await count('warehouse.assignment_version', `recorded_to < '${HORIZON}' AND NOT ${setByHand}`)).toBe(0);
  // What is set by hand gives way, one day, to what stood before it.
  expect(await count('warehouse.assignment_version', setByHand)).toBe(kept);
  expect(await forgetBefore(small.ctx, await newest(), HORIZON)).toBe(0);
});

it('plans of earlier runs hold nothing of people any more, and a run is still known to have changed something', async () => {
  expect(await holding('old@tc.edu.tw')).toEqual(['warehouse.person_version']);
  const { firstRun } = await historyHorizon(story.small.db);
  expect(await count('ops.plan_change', `run_id < ${firstRun}`)).toBeGreaterThan(0);
  expect(await count('ops.plan_change', `run_id < ${firstRun} AND num_nonnulls(before, after, person_ref) > 0`)).toBe(
    0,
  );
  expect(await count('ops.plan_change', `run_id >= ${firstRun} AND num_nonnulls(before, after) > 0`)).toBeGreaterThan(
    0,
  );
  for (const table of ['ops.run_match', 'ops.finding'])
    expect(await count(table, `run_id < ${firstRun}`), table).toBe(0);
});

it('reports and receipts of earlier runs name nobody any more; the newest receipt of each source stays', async () => {
  const { firstRun } = await historyHorizon(story.small.db);
  expect(await count('ops.run', `id < ${firstRun} AND jsonb_exists(summary, 'picture')`)).toBe(0);
  expect(await count('ops.run', `id >= ${firstRun} AND jsonb_exists(summary, 'picture')`)).toBeGreaterThan(0);
  expect(
    await count('ops.receipt', `run_id < ${firstRun} AND source = 'roster/064601' AND body IS NULL`),
  ).toBeGreaterThan(3);
  const newestOf = await story.small.db.raw(
    'SELECT DISTINCT ON (source) source, body FROM ops.receipt ORDER BY source, run_id DESC',
  );
  expect(newestOf.rows.length).toBeGreaterThan(1);
  for (const { source, body } of newestOf.rows) expect(body, source).not.toBeNull();
  const [{ run_id: old }] = await story.small.db('ops.receipt').whereNull('body').limit(1);
  expect(await findReceipts(story.small.db, '064601', old)).toEqual([]);
  expect(await findReceipts(story.small.db, '064601', null)).toHaveLength(1);
});

it('an earlier moment, run, snapshot or undoing is refused, saying since when history is kept', async () => {
  const { db, ctx } = story.small;
  const early = '2024-09-15T00:00:00+08:00';
  const { firstRun } = await historyHorizon(db);
  for (const ask of [
    () => hashAsOf(db, ctx.keyring, early, NOW),
    () => rosterOf(db, '064601:國小', recordedBefore(early)),
    () => explainPerson(db, personId, recordedBefore(early)),
    () => runBefore(db, early, NOW),
    () => createSnapshot(ctx, { campaignId: '113', kind: 'teacher-plan', asOf: early }),
    () =>
      createSnapshot(ctx, { campaignId: '113', kind: 'school-plan', correction: { by: LIN, reason: '更正', at: NOW } }),
    () => rebuildSnapshot(ctx, '113-teacher-plan-v1'),
  ])
    await expect(ask()).rejects.toThrow(/2024-10-20T02:00:00\+08:00/);
  await expect(buildReport(db, firstRun - 1)).rejects.toThrow(`run ${firstRun}`);
  expect((await buildReport(db, firstRun)).run.run).toBe(String(firstRun));
  await expect(story.small.revert('2024-11-03T09:00:00+08:00', firstRun, LIN)).rejects.toThrow(RevertError);
  expect(renderExplanation(await explainPerson(db, personId))).toContain('2024-10-20 02:00 前已被取代的紀錄');
});

it('the trail tells how much went, by which run and before when, nothing of anybody, and is whole', async () => {
  const { db } = story.small;
  const rows = await told();
  expect(new Set(rows.map(({ actor }) => actor))).toEqual(new Set(['installation']));
  expect(rows.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining(['person-versions', 'assignment-versions', 'plans']),
  );
  for (const { detail } of rows) expect(Object.keys(detail).sort()).toEqual(['before', 'rows', 'run']);
  expect((await verifyAudit(db)).broken).toBeNull();
  await expect(db('ops.history_horizon').update({ at: '2024-01-01T00:00:00+08:00' })).rejects.toThrow(
    'only moves forward',
  );
  await expect(db('ops.history_horizon').delete()).rejects.toThrow('only moves forward');
});

it('the nights after it are quiet, and forget by themselves what the policy says', async () => {
  const { small } = story;
  const hash = await warehouseHash(small.db, small.ctx.keyring);
  await small.night('2024-11-04T02:00:00+08:00');
  const quiet = await small.night('2024-11-05T02:00:00+08:00');
  expect(Object.values(quiet.changes)).toEqual(Array(4).fill({ added: 0, changed: 0, ended: 0 }));
  expect([quiet.exceptions.opened, quiet.exceptions.closed]).toEqual([0, 0]);
  const before = (await told()).length;
  await small.night('2029-11-04T02:00:00+08:00');
  expect((await historyHorizon(small.db)).at).toBe('2024-11-04T02:00:00+08:00');
  expect((await told()).length).toBeGreaterThan(before);
  expect(await warehouseHash(small.db, small.ctx.keyring)).toBe(hash);
});
