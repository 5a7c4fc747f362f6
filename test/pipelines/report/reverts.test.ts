/** What was undone, and what was not, in each form of the report. */
import { expect, it } from 'vitest';
import { renderHtml } from '../../../pipelines/report/render-html.ts';
import { renderText } from '../../../pipelines/report/render-text.ts';
import { reportTables } from '../../../pipelines/report/report-tables.ts';
import { fullReport, SCHOOL } from './full-report.ts';

const conflict = { institution: SCHOOL, person: 30_040, account: null, field: 'title', run: '9', decided: null };
const { run } = fullReport();
const report = (conflicts: (typeof conflict)[]) =>
  fullReport({ run: { ...run, kind: 'revert', revert: { run: '7', by: 'lin', reason: '誤送檔案', conflicts } } });

it('names the run, who decided and why, and each field that a later run had changed', () => {
  const some = report([conflict]);
  for (const form of [renderText(some), renderHtml(some)]) {
    expect(form).toContain('撤銷第 7 次執行的異動；決定：lin，理由：誤送檔案');
    expect(form).toContain('193601 國小 市立中區光復國小 人員 30040');
    expect(form).toContain('職稱');
  }
  const table = reportTables(some).find(({ name }) => name === '未能撤銷');
  expect(table?.rows).toEqual([
    ['193601', '國小', '市立中區光復國小', '中區', 30_040, null, '職稱', '第 9 次執行又有異動'],
  ]);
});

it('says so where nothing stood in the way, and nothing at all of a night that undid nothing', () => {
  const none = report([]);
  expect(renderText(none)).toContain('全部撤銷，沒有衝突');
  expect(renderHtml(none)).toContain('全部撤銷，沒有衝突');
  expect(reportTables(none).map(({ name }) => name)).not.toContain('未能撤銷');
  expect(renderText(fullReport())).not.toContain('【撤銷');
});
