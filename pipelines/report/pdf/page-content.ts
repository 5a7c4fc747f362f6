/** All that a PDF of the report says, before anything is drawn: so that the typeface can be cut down to these characters. Pure. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import type { Bar, StackedBar } from '../bar-chart.ts';
import { complianceBars } from '../compliance-tally.ts';
import { changeTally } from '../digest.ts';
import { type Figure, figures, notices, todo } from '../key-figures.ts';
import {
  groupLabel,
  minute,
  RUN_KIND,
  reportTitle,
  runStatus,
  silenceTally,
  sourceTitle,
  unitLabel,
} from '../labels.ts';
import { reportTables } from '../report-tables.ts';
import { complianceBehind } from '../tables/compliance-tables.ts';
import { lateSchools } from '../tables/source-tables.ts';
import { isPrinted, type ReportTable } from '../tables/table-model.ts';

export interface PageContent {
  /** Of the document and of each foot. */
  title: string;
  heading: string;
  lead: string;
  english: string;
  status: { text: string; tone: 'good' | 'warn' | 'bad' };
  notices: readonly string[];
  figures: readonly Figure[];
  todo: readonly string[];
  changes: readonly Bar[];
  ledger: readonly StackedBar[];
  compliance: readonly StackedBar[];
  silence: readonly { title: string; bars: readonly Bar[] }[];
  tables: readonly ReportTable[];
  closing: readonly string[];
  /** One institution: one sheet. */
  narrowed: boolean;
}

const TONES: Readonly<Record<string, PageContent['status']['tone']>> = { complete: 'good', failed: 'bad' };

const ledgerOf = (report: RunReport): StackedBar[] =>
  report.run.sources
    .map((s) => ({
      label: `${sourceTitle(report, s.source)} ${s.source}`.trim(),
      parts: [
        { name: '採用', value: s.accepted },
        { name: '未變', value: s.unchanged },
        { name: '有誤', value: s.quarantined },
        { name: '待審', value: s.excluded },
        { name: '重複', value: s.duplicate },
      ],
    }))
    .filter(({ parts }) => parts.some(({ value }) => value > 0));

function tablesOf(report: RunReport, narrowed: boolean): ReportTable[] {
  const tables = reportTables(report).filter(({ print }) => isPrinted(print, narrowed));
  const late = [lateSchools(report), complianceBehind(report)].filter(({ rows }) => rows.length > 0);
  if (narrowed) return tables;
  const behind = tables.findIndex(({ name }) => name === '來源帳目') + 1;
  return tables.toSpliced(behind, 0, ...late);
}

export function pageContent(report: RunReport): PageContent {
  const { run, narrowedTo } = report;
  const narrowed = narrowedTo !== null;
  const what = `第 ${run.run} 次執行（${RUN_KIND[run.kind]}）　資料時間 ${minute(run.clock)}（臺北）`;
  return {
    title: narrowedTo ? `${reportTitle(report)}　${unitLabel(narrowedTo)}` : reportTitle(report),
    heading: narrowedTo ? unitLabel(narrowedTo) : '教師名冊核對報告',
    lead: narrowed ? `教師名冊核對報告　${what}` : what,
    english: `Reconciliation report, run ${run.run} (${run.kind}), as of ${minute(run.clock)} Asia/Taipei`,
    status: { text: runStatus(run), tone: run.error ? 'bad' : (TONES[run.status] ?? 'warn') },
    notices: notices(report),
    figures: figures(report),
    todo: todo(report).map(({ text }) => text),
    changes: narrowed ? [] : changeTally(report.changes).map((t) => ({ label: groupLabel(t.group), value: t.count })),
    ledger: narrowed ? [] : ledgerOf(report),
    compliance: narrowed ? [] : complianceBars(report),
    silence: narrowed
      ? []
      : report.freshness
          .filter(({ schools }) => schools.length > 1)
          .map((f) => ({
            title: `${sourceTitle(report, f.source)} ${f.source}`.trim(),
            bars: silenceTally(f.schools),
          })),
    tables: tablesOf(report, narrowed),
    closing: [
      `名冊內容雜湊 ${run.warehouseHash ?? '－'}`,
      `執行開始 ${minute(run.startedAt)}${run.finishedAt ? `，結束 ${minute(run.finishedAt)}` : ''}`,
    ],
    narrowed,
  };
}
