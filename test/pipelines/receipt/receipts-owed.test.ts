/** A receipt that cannot be made: the other schools have theirs, officers read a sentence, and the run owes the one that is lacking. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReport } from '../../../pipelines/report/build-report.ts';
import { summaryText } from '../../../pipelines/report/render-summary.ts';
import { findReceipts } from '../../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
  // What the ledger keeps of one source is not what a receipt can be made of.
  await small.db.raw(
    `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       UPDATE ops.run_source SET notes = jsonb_set(notes, '{deliveries,0,asOf}', '"yesterday"') WHERE run_id = NEW.id AND source = 'roster/064601';
       RETURN NEW; END $$`,
  );
});
afterAll(() => small.close());

const outcomes = async (code: string) => (await findReceipts(small.db, code, null)).map((r) => r.outcome);

it('the others get theirs, the run says in words what it owes, and the log has the detail', async () => {
  await small.send('064601.csv', '2024-07-29T10:00:00+08:00', [HEAD, '064601,A123456789,王小明,70/05/06,教師']);
  await small.send('064602.csv', '2024-07-29T10:00:00+08:00', [HEAD, '064602,B123456780,李大華,68/12/23,校長']);
  await small.db.raw(
    `CREATE TRIGGER spoil BEFORE UPDATE ON ops.run FOR EACH ROW WHEN (NEW.stage = 'report') EXECUTE FUNCTION spoil()`,
  );
  const night = await small.night('2024-07-30T02:00:00+08:00');
  expect([await outcomes('064601'), await outcomes('064602')]).toEqual([[], ['taken']]);
  expect(night).toMatchObject({ status: 'complete', error: { code: 'receipts-owed' } });
  expect(night.error?.message).toContain('that of roster/064601 first');
  expect(small.log.text()).toContain('"problems":["files.0.arrivedAt: ');
  const report = await buildReport(small.db, Number(night.run));
  expect(report.pictureOf).toBe('run');
  const summary = summaryText(night, report);
  expect(summary).toContain('有回條無法產生，其他回條都已產生。');
  expect(summary).not.toMatch(/invalid_|"path"|\[\s*\{/);
});

it('the next run makes up for it', async () => {
  await small.db.raw('DROP TRIGGER spoil ON ops.run');
  await small.db.raw(
    `UPDATE ops.run_source SET notes = jsonb_set(notes, '{deliveries,0,asOf}', '"2024-07-29T10:00:00+08:00"') WHERE source = 'roster/064601'`,
  );
  const [made, next] = await small.runs('2024-07-31T02:00:00+08:00');
  expect([made?.error, next?.error]).toEqual([null, null]);
  expect(await outcomes('064601')).toEqual(['taken']);
});
