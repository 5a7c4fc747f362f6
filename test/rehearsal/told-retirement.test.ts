/** A coming end that was told: who is gone from the next complete list before that day is not missing, by the ledger, the report and the exceptions alike. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { summaryText } from '../../pipelines/report/render-summary.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const WANG = '064601,A123456789,王小明,70/05/06,教師';
const LI = '064601,B123456780,李大華,48/12/23,教師';
const LIN = '064601,A223456781,林美玲,65/04/01,教師';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

const missing = async (clock: string) => {
  const night = await small.night(clock);
  const report = await buildReport(small.db, Number(night.run));
  const [receipt] = await findReceipts(small.db, '064601', null);
  return {
    ledger: night.sources.find((s) => s.source === 'roster')?.missing,
    receipt: receipt?.counts.missing,
    report: report.missing.flatMap((m) => m.names),
    exceptions: report.exceptions.filter((e) => e.code === 'missing-from-roster').map((e) => e.params),
    summary: summaryText(night, report).includes('名冊未列'),
  };
};

it('a retirement told for a coming day is no missing person when the next list leaves the person out', async () => {
  await small.send('064601-a.csv', '2024-07-27T10:00:00+08:00', [HEAD, `${WANG},,`, `${LI},,`, `${LIN},,`]);
  await small.night('2024-07-28T02:00:00+08:00');
  await small.send('064601-b.csv', '2024-07-28T10:00:00+08:00', [
    HEAD,
    `${WANG},,`,
    `${LI},退休,113/08/01`,
    `${LIN},,`,
  ]);
  await small.night('2024-07-29T02:00:00+08:00');
  await small.send('064601-c.csv', '2024-07-29T10:00:00+08:00', [HEAD, `${WANG},,`, `${LIN},,`]);
  expect(await missing('2024-07-30T02:00:00+08:00')).toEqual({
    ledger: 0,
    receipt: 0,
    report: [],
    exceptions: [],
    summary: false,
  });
});

it('one of whom nothing was told is missing beside', async () => {
  await small.send('064601-d.csv', '2024-07-30T10:00:00+08:00', [HEAD, `${WANG},,`]);
  expect(await missing('2024-07-31T02:00:00+08:00')).toEqual({
    ledger: 1,
    receipt: 1,
    report: ['林美玲'],
    exceptions: [{ people: 1 }],
    summary: true,
  });
});
