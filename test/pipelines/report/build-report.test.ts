import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PipelineContext } from '../../../pipelines/context.ts';
import { buildReport } from '../../../pipelines/report/build-report.ts';
import { runDetail, runLines, summarise, syncResult } from '../../../pipelines/report.ts';
import type { RunReport } from '../../../schemas/outputs/report.ts';
import type { SourceResult } from '../../../schemas/outputs/sync-result.ts';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { FencedError } from '../../../warehouse/fence.ts';
import { claimRun, createRun, getRun } from '../../../warehouse/runs.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { makeContext } from './city.ts';
import { threeNights } from './three-nights.ts';

let database: TestDatabase;
let db: Database;
let ctx: PipelineContext;
let runs: [number, number, number];
let second: RunReport;

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url);
  ctx = makeContext(db);
  runs = await threeNights(ctx);
  second = await buildReport(db, runs[1]);
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const events = (report: RunReport): string[] =>
  report.units.flatMap((u) =>
    u.people.map((p) => `${u.institution.code} ${p.group} ${p.name} ${p.effective} ${p.rule}`),
  );
const validator = (file: string) => {
  const ajv = new Ajv2020({ strict: false });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv.compile(JSON.parse(readFileSync(path.resolve('schemas/published', `${file}.schema.json`), 'utf8')));
};

test('the first picture of a source is counted per institution, not listed by name', async () => {
  const first = await buildReport(db, runs[0]);
  expect(first.units).toEqual([]);
  expect(first.firstLoads.map((f) => [f.institution.code, f.people, f.alreadyEnded, f.accounts])).toEqual([
    ['0942800021', 2, 0, 0],
    ['193501', 1, 0, 0],
    ['193601', 3, 0, 1],
    ['193602', 2, 1, 1],
  ]);
  expect(first.institutions).toEqual([]);
  expect(JSON.stringify(first)).not.toContain('王小明');
});

test('a night names exactly who came, moved, left and changed, with date and rule', () => {
  expect(events(second).sort()).toEqual(
    [
      '0942800021 資料更正 李園園 2024-08-01 R02',
      '0942800021 離職 吳老師 2024-08-01 R09',
      '193501 任教科目異動 瑪雅‧達利夫‧Maya Talifu 2024-08-01 R07',
      '193601 新進 周新進 2024-08-01 R08',
      '193601 職稱異動 陳志豪 2024-08-01 R07',
      '193601 轉校 林美玲 2024-08-01 R08',
      '193601 退休 王小明 2024-08-01 R09',
      '193602 留職停薪 黃淑芬 2024-08-01 R10',
      '193602 轉入 林美玲 2024-08-01 R08',
    ].sort(),
  );
  const details = second.units.flatMap((u) => u.people.flatMap((p) => p.detail ?? []));
  expect(details.sort()).toEqual(['姓名：李園長 → 李園園', '教師 → 教務主任', '本土語文、社會領域 → 社會領域'].sort());
});

test('a move is one line from the old unit to the new one', () => {
  expect(second.moves.map((m) => [m.name, m.from?.code, m.to?.code, m.effective])).toEqual([
    ['林美玲', '193601', '193602', '2024-08-01'],
  ]);
});

test('accounts are named with what changed; an account that is a national id is masked', async () => {
  const accounts = second.units.flatMap((u) => u.accounts.map((a) => [a.group, a.accountName, a.holder, a.detail]));
  expect(accounts).toEqual([
    ['帳號異動', 'gfes01', '陳志豪', '狀態 啟用 → 停用'],
    ['新增帳號', 'gfes02', '周新進', '申請中'],
  ]);
  await db('ops.plan_change').where({ run_id: runs[1], entity: 'account', action: 'add' }).update({
    source_key: '193602:A123456789',
  });
  const report = await buildReport(db, runs[1]);
  await db('ops.plan_change').where({ run_id: runs[1], entity: 'account', action: 'add' }).update({
    source_key: '193601:gfes02',
  });
  expect(JSON.stringify(report)).not.toContain('A123456789');
});

test('institutions added, renamed and closed are listed with old and new', () => {
  expect(second.institutions.map((e) => [e.group, e.institution.code, e.detail])).toEqual([
    ['停辦', '0942400004-01', '營運狀態 營業中 → 停辦'],
    ['更名', '0942800021', '名稱 臺中市立大雅幼兒園 → 臺中市立大雅第一幼兒園'],
    ['新增機構', '193502', null],
    ['更名', '193602', '名稱 市立中區大同國小 → 市立西區大同國小、電話'],
  ]);
});

test('what is under review is listed per kindergarten, marked where no approved version stands', () => {
  expect(second.pending).toHaveLength(1);
  expect(second.pending[0]?.institution.name).toBe('臺中市立大雅第一幼兒園');
  expect(second.pending[0]?.records.map((r) => [r.name, r.review, r.reviewing, r.hasPrevious])).toEqual([
    ['李園園', '退件', '異動', true],
    ['許新人', '異動待審', '新進', false],
  ]);
});

test('quarantined rows come by source and reason with row, column and masked value', () => {
  expect(second.quarantine.map((q) => [q.source, q.institution, q.code, q.rows])).toEqual([
    ['roster/193602', '193602 市立西區大同國小', 'id-masked', 1],
    ['roster/193602', '193602 市立西區大同國小', 'name-missing', 1],
  ]);
  expect(second.quarantine[0]?.examples).toEqual([
    { object: '193602教職員名冊.csv', row: 17, column: 'nationalId', value: 'A****89', params: {} },
  ]);
});

test('who is missing is asked about and not ended', () => {
  expect(second.missing.map((m) => [m.institution.code, m.people, m.names])).toEqual([['193602', 1, ['張雅婷']]]);
  expect(events(second).join()).not.toContain('張雅婷');
});

test('the report of an old run still says what was true on its night', async () => {
  const first = await buildReport(db, runs[0]);
  expect(first.pictureOf).toBe('run');
  expect(first.totals).toMatchObject({ schools: 3, kindergartens: 2, people: 8 });
  expect(first.quarantine).toEqual([]);
  expect(first.pending.map((p) => p.institution.name)).toEqual(['臺中市立大雅幼兒園']);
  expect(first.exceptions.every((e) => e.openedInThisRun && e.ageDays === 0)).toBe(true);
});

test('exceptions are as of the run, with their age, and about a person by name, never by key', () => {
  const told = second.exceptions.find((e) => e.code === 'registered-elsewhere');
  expect(told).toMatchObject({ about: '林美玲', ageDays: 0, openedInThisRun: true });
  const old = second.exceptions.find((e) => e.code === 'pending-without-previous');
  expect(old).toMatchObject({ ageDays: 1, openedInThisRun: false });
  const quarantined = second.exceptions.find((e) => e.code === 'rows-quarantined');
  expect(quarantined?.about).toBe('193602 市立西區大同國小');
});

test('narrowed to one institution, only what concerns it is left; a move shows both sides', async () => {
  const report = await buildReport(db, runs[1], { institution: '193602' });
  expect(report.narrowedTo?.name).toBe('市立西區大同國小');
  expect(events(report).sort()).toEqual(['193602 留職停薪 黃淑芬 2024-08-01 R10', '193602 轉入 林美玲 2024-08-01 R08']);
  expect(report.moves).toHaveLength(1);
  expect(report.pending).toEqual([]);
  expect(report.exceptions.map((e) => e.code).sort()).toEqual([
    'missing-from-roster',
    'no-account-lead',
    'rows-quarantined',
    'weak-identity',
  ]);
  expect(report.changes.reduce((sum, c) => sum + c.count, 0)).toBeLessThan(
    second.changes.reduce((sum, c) => sum + c.count, 0),
  );
  const section = await buildReport(db, runs[1], { institution: '193602:國小' });
  expect(section.narrowedTo).toEqual(report.narrowedTo);
  await expect(buildReport(db, runs[1], { institution: '999999' })).rejects.toThrow(
    'no institution has the code "999999"',
  );
  await expect(buildReport(db, runs[1], { institution: '193602:高中' })).rejects.toThrow('193602:高中');
});

test('no report holds a national id or a pseudonym', async () => {
  for (const run of runs) {
    const text = JSON.stringify(await buildReport(db, run));
    expect(text).not.toMatch(/[A-Z][12]\d{8}/);
    expect(text).not.toContain('id_hmac');
  }
});

test('the result of a sync is the contract: a drop is the sum of its parts, and one failed part marks it', async () => {
  const result = await syncResult(db, runs[1]);
  const roster = result.sources.find((s) => s.source === 'roster') as SourceResult;
  expect(roster).toMatchObject({ status: 'failed', read: 9, accepted: 7, quarantined: 2, missing: 1 });
  expect(roster.parts?.map((p) => [p.source, p.status])).toEqual([
    ['roster/193501', 'fresh'],
    ['roster/193601', 'fresh'],
    ['roster/193602', 'fresh'],
    ['roster/193603', 'failed'],
  ]);
  expect(roster.error).toEqual({
    code: 'file-empty',
    message: 'File "193603.csv" is empty (0 bytes). Ask the school to export and upload it again.',
  });
  expect(result.sources.find((s) => s.source === 'care')?.parts).toBeUndefined();
  for (const s of result.sources) {
    expect(s.read).toBe(s.accepted + s.unchanged + s.quarantined + s.excluded + s.duplicate);
  }
  expect(result.changes).toEqual({
    institutions: { added: 1, changed: 3, ended: 0 },
    persons: { added: 1, changed: 1, ended: 0 },
    assignments: { added: 2, changed: 3, ended: 3 },
    accounts: { added: 1, changed: 1, ended: 0 },
  });
});

test('results, runs and reports validate against the published JSON Schemas', async () => {
  const [isResult, isReport, isList, isDetail] = ['sync-result', 'run-report', 'run-list', 'run-detail'].map(validator);
  for (const run of runs) {
    const wire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(
      isResult?.(wire({ ...(await syncResult(db, run)), earlierRuns: [] })),
      JSON.stringify(isResult?.errors),
    ).toBe(true);
    expect(isReport?.(wire(await buildReport(db, run))), JSON.stringify(isReport?.errors)).toBe(true);
    expect(isDetail?.(wire(await runDetail(db, run))), JSON.stringify(isDetail?.errors)).toBe(true);
  }
  expect(isList?.(JSON.parse(JSON.stringify(await runLines(db, 10)))), JSON.stringify(isList?.errors)).toBe(true);
});

test('the report stage done twice keeps the same, and a fenced one keeps nothing', async () => {
  const made = await createRun(db, {
    kind: 'manual',
    clock: '2024-08-03T02:00:00+08:00',
    simulated: true,
    dryRun: true,
    onlySources: null,
    slot: null,
  });
  const id = made?.id ?? 0;
  const claim = await claimRun(db, id, 'test');
  if (!claim) throw new Error('the run was just made');
  await db('ops.run').where({ id }).update({ stage: 'report' });
  await expect(summarise(ctx, { runId: id, epoch: claim.epoch - 1 })).rejects.toThrow(FencedError);
  expect(await runDetail(db, id)).toMatchObject({ stage: 'report', warehouseHash: null });
  expect((await buildReport(db, id)).pictureOf).toBe('now');
  await expect(syncResult(db, id)).rejects.toThrow('goes on');
  const kept = async (): Promise<unknown> => (await getRun(db, id)).summary;
  await summarise(ctx, claim);
  const once = await kept();
  await summarise(ctx, claim);
  expect(await kept()).toEqual(once);
  expect(await runDetail(db, id)).toMatchObject({
    stage: 'snapshot',
    warehouseHash: expect.stringMatching(/^sha256:/),
  });
});

test('a run that does not exist is said to be so', async () => {
  await expect(buildReport(db, 424242)).rejects.toThrow('there is no run 424242');
  await expect(syncResult(db, 424242)).rejects.toThrow('there is no run 424242');
});
