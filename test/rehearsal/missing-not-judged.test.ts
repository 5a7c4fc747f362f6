/** A complete list with a row that nobody can tell whose it is: nobody new is called missing (I12), and that is said, until a list can be judged again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderHtml } from '../../pipelines/report/render-html.ts';
import { summaryText } from '../../pipelines/report/render-summary.ts';
import { renderText } from '../../pipelines/report/render-text.ts';
import { findReceipts } from '../../warehouse/receipts.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱';
const ALL = ['A123456789,王小明', 'B123456780,李大華', 'A223456781,林美玲', 'F229999995,陳可立', 'E120000001,吳立'];
const rowsOf = (people: readonly string[]) => people.map((person) => `064601,${person},70/05/06,教師`);
const MASKED = '064601,A12345****,王小明,70/05/06,教師';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

async function told(clock: string) {
  const night = await small.night(clock);
  const report = await buildReport(small.db, Number(night.run));
  const [receipt] = await findReceipts(small.db, 'roster/064601', null);
  const { rows } = await small.db.raw(
    `SELECT notes FROM ops.run_source WHERE run_id = ? AND source = 'roster/064601'`,
    [night.run],
  );
  return {
    missing: night.sources.find((s) => s.source === 'roster')?.missing,
    notes: rows[0]?.notes?.notJudged,
    exceptions: report.exceptions.filter((e) => e.code === 'missing-not-judged').map((e) => [e.about, e.params]),
    said: [summaryText(night, report), renderText(report), renderHtml(report)].map((text) =>
      text.includes('無法判定是否未列 3 筆'),
    ),
    receipt: receipt?.todo.filter((t) => t.zh.includes('無法判定')).map((t) => t.zh),
    matters: receipt?.matters,
  };
}
const SAID = {
  missing: 0,
  notes: 3,
  exceptions: [['064601 市立豐原國小', { known: 3, rows: 1 }]],
  said: [true, true, true],
  receipt: [expect.stringContaining('有 1 列無法辨識是誰，因此無法判定這份完整檔案中找不到的 3 筆原有資料是否缺列')],
  matters: [],
};
const SILENT = { notes: undefined, exceptions: [], said: [false, false, false], receipt: [], matters: [] };

it('a first list with such a row knows nobody who could be missing', async () => {
  await small.send('064601-0.csv', '2024-07-26T10:00:00+08:00', [HEAD, MASKED]);
  expect(await told('2024-07-27T02:00:00+08:00')).toEqual({ ...SILENT, missing: 0 });
});

it('who is not in a list with a masked identifier is not missing, and ledger, report, summary and receipt say that it could not be judged', async () => {
  await small.send('064601-a.csv', '2024-07-28T10:00:00+08:00', [HEAD, ...rowsOf(ALL)]);
  expect(await told('2024-07-29T02:00:00+08:00')).toEqual({ ...SILENT, missing: 0 });
  await small.send('064601-b.csv', '2024-07-29T10:00:00+08:00', [HEAD, ...rowsOf(ALL.slice(0, 2)), MASKED]);
  expect(await told('2024-07-30T02:00:00+08:00')).toEqual(SAID);
});

it('the same bytes again, and a list of changes, leave it open', async () => {
  await small.send('064601-c.csv', '2024-07-30T10:00:00+08:00', [HEAD, ...rowsOf(ALL.slice(0, 2)), MASKED]);
  expect(await told('2024-07-31T02:00:00+08:00')).toEqual(SAID);
  await small.send('064601-d.csv', '2024-07-31T10:00:00+08:00', ['名冊別：異動', HEAD, ...rowsOf(ALL.slice(0, 1))]);
  expect(await told('2024-08-01T02:00:00+08:00')).toMatchObject({
    missing: 0,
    notes: undefined,
    exceptions: SAID.exceptions,
  });
});

it('a complete list in which every row can be told closes it, and calls missing who is', async () => {
  await small.send('064601-e.csv', '2024-08-01T10:00:00+08:00', [HEAD, ...rowsOf(ALL.slice(0, 3))]);
  expect(await told('2024-08-02T02:00:00+08:00')).toEqual({ ...SILENT, missing: 2 });
});

it('who is missing already stays so and is not counted again', async () => {
  await small.send('064601-f.csv', '2024-08-02T10:00:00+08:00', [
    HEAD,
    ...rowsOf(ALL.slice(0, 2).toReversed()),
    MASKED,
  ]);
  expect(await told('2024-08-03T02:00:00+08:00')).toMatchObject({
    missing: 2,
    notes: 1,
    exceptions: [['064601 市立豐原國小', { known: 1, rows: 1 }]],
  });
});
