/** A closing run that fails before it is applied: the nights go on, and the freeze of a later night is what it would have been (R24). */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportSnapshot } from '../../pipelines/snapshot.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { CAMPAIGN } from '../pipelines/snapshot/world.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱,任教科目,異動別,異動日期';
const WANG = (subject: string): string => `064601,A123456789,王小明,男,70/05/06,教師,${subject},,`;
const LI = '064601,B123456780,李大華,男,民國68年12月23日,校長,,,';
const CHEN = '064601,F229999993,陳晚到,女,75/01/02,教師,英語,,113/08/01';
const MORNING_AFTER = '2024-08-03T02:00:00+08:00';

let small: SmallInstallation;
let undisturbed: SmallInstallation;
let base: string;

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'mingce-freeze-'));
  [small, undisturbed] = await Promise.all([
    openSmallInstallation(1, { campaigns: [CAMPAIGN] }),
    openSmallInstallation(1, { campaigns: [CAMPAIGN] }),
  ]);
  for (const one of [small, undisturbed]) {
    await one.send('064601-a.csv', '2024-07-29T10:00:00+08:00', [HEAD, WANG('國語'), LI]);
    await one.night('2024-07-30T02:00:00+08:00');
    await one.send('064601-b.csv', '2024-08-02T16:00:00+08:00', [HEAD, WANG('數學'), LI]);
    await one.send('064601-c.csv', '2024-08-02T18:00:00+08:00', [HEAD, WANG('自然'), LI, CHEN]);
  }
});
afterAll(async () => {
  await small.close();
  await undisturbed.close();
  await rm(base, { recursive: true });
});

async function frozen(one: SmallInstallation, name: string): Promise<string[]> {
  const folder = path.join(base, name);
  await exportSnapshot(one.engine.ctx, '113-teacher-plan-v1', folder);
  return (await readFile(path.join(folder, 'teacher-plan.csv'), 'utf8')).split('\r\n').sort();
}
const outcome = (results: readonly SyncResult[]): string[] => results.map((r) => `${r.kind} ${r.status}`);

it('the night runs all the same, and leaves the files that arrived after the cut-off in the inbox', async () => {
  await small.db.raw(
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$;
     CREATE TRIGGER broken BEFORE UPDATE ON ops.run FOR EACH ROW WHEN (NEW.kind = 'closing' AND NEW.stage = 'reconcile') EXECUTE FUNCTION refuse()`,
  );
  expect(outcome(await small.runs(MORNING_AFTER))).toEqual(['closing failed', 'manual complete']);
  expect(existsSync(small.inbox('064601-b.csv'))).toBe(false);
  expect(existsSync(small.inbox('064601-c.csv'))).toBe(true);
  expect(small.log.text()).toContain('school files from the cut-off on wait until its closing run is applied');
});

it('a dry run does not take them in either', async () => {
  expect(await small.night('2024-08-03T09:00:00+08:00', true)).toMatchObject({ dryRun: true, status: 'complete' });
  expect(existsSync(small.inbox('064601-c.csv'))).toBe(true);
});

it('the closing run of the next night freezes what an undisturbed one froze, and then the waiting files are heard', async () => {
  await small.db.raw('DROP TRIGGER broken ON ops.run');
  expect(outcome(await small.runs('2024-08-04T02:00:00+08:00'))).toEqual(['closing complete', 'manual complete']);
  expect(outcome(await undisturbed.runs(MORNING_AFTER))).toEqual(['closing complete', 'manual complete']);
  const rows = await frozen(small, 'late');
  expect(rows).toEqual(await frozen(undisturbed, 'in-time'));
  expect(rows.join()).toContain('數學');
  expect(rows.join()).not.toMatch(/自然|陳晚到/);
  expect(existsSync(small.inbox('064601-c.csv'))).toBe(false);
});
