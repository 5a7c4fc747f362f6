/** An installation that was set up after a cut-off has nothing to freeze: the nights say so until somebody takes the snapshots by hand (R24). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildReport } from '../../pipelines/report/build-report.ts';
import { renderHtml } from '../../pipelines/report/render-html.ts';
import { summaryText } from '../../pipelines/report/render-summary.ts';
import { createSnapshot } from '../../pipelines/snapshot.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { CAMPAIGN } from '../pipelines/snapshot/world.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱';
const NEVER = { campaign: '113', name: CAMPAIGN.name, cutOff: CAMPAIGN.cutOff };

let late: SmallInstallation;
let early: SmallInstallation;
beforeAll(async () => {
  late = await openSmallInstallation(1, { campaigns: [CAMPAIGN] });
  early = await openSmallInstallation(1, { campaigns: [CAMPAIGN] });
  for (const one of [late, early])
    await one.send('064601.csv', '2024-08-01T10:00:00+08:00', [HEAD, '064601,A123456789,王小明,男,70/05/06,教師']);
});
afterAll(async () => {
  await late.close();
  await early.close();
});

async function told(small: SmallInstallation, clock: string) {
  const results = await small.runs(clock);
  const result = results.at(-1) as SyncResult;
  const report = await buildReport(small.db, Number(result.run));
  return { kinds: results.map(({ kind }) => kind), report, text: summaryText(result, report).replaceAll(/\s+/g, ' ') };
}

it('the first night after the cut-off says why there is no closing run, and how to take a snapshot by hand', async () => {
  const first = await told(late, '2024-08-03T02:00:00+08:00');
  expect(first.kinds).toEqual(['manual']);
  expect(first.report.neverClosed).toEqual(NEVER);
  expect(first.text).toContain('基準時間 2024-08-02 17:00 在本系統第一次執行前已過');
  expect(first.text).toContain('the cut-off 2024-08-02 17:00 had passed before the first run here');
  expect(first.text).toContain('npx mingce snapshot create --campaign 113 --kind teacher-plan');
  expect(renderHtml(first.report)).toContain('在第一次執行前已過');
  expect(late.log.text()).toContain('the cut-off passed before the first run');
  const second = await told(late, '2024-08-04T02:00:00+08:00');
  expect([second.kinds, second.report.neverClosed]).toEqual([['manual'], NEVER]);
});

it('a snapshot by hand settles it', async () => {
  await createSnapshot(late.ctx, { campaignId: '113', kind: 'teacher-plan', asOf: null });
  const { report, text } = await told(late, '2024-08-05T02:00:00+08:00');
  expect(report.neverClosed).toBeNull();
  expect(text).not.toContain('第一次執行前已過');
});

it('one that was at work before it is closed as ever, and says nothing of the kind', async () => {
  const before = await told(early, '2024-08-02T02:00:00+08:00');
  expect(before.report.neverClosed).toBeNull();
  const after = await told(early, '2024-08-03T02:00:00+08:00');
  expect([after.kinds, after.report.neverClosed]).toEqual([['closing', 'manual'], null]);
});
