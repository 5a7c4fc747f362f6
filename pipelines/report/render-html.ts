/** The report as one page that needs nothing else: no script, no outside file, prints on A4. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta } from 'eta';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { barChart, shareChart } from './bar-chart.ts';
import { columnTitle } from './column-titles.ts';
import * as digest from './digest.ts';
import { driftRow, driftTitle, shapePairs } from './drift-rows.ts';
import { exceptionBrief, exceptionTitle, exceptionTodo } from './exception-titles.ts';
import * as labels from './labels.ts';
import { placeText } from './place-of.ts';
import { HOLD_STATE, holdGroups, holdTitle } from './text-holds.ts';

const HERE = import.meta.dirname;

const ARRIVALS: ReadonlySet<string> = new Set(['新進', '轉入', '回任', '復職']);
const LEAVES: ReadonlySet<string> = new Set(['轉校', '離職', '退休', '代理期滿', '留職停薪']);
const tagClass = (group: string): string => (ARRIVALS.has(group) ? 'tag-in' : LEAVES.has(group) ? 'tag-out' : '');

const WORDS = {
  columnTitle,
  ...digest,
  ...labels,
  barChart,
  shareChart,
  tagClass,
  exceptionTitle,
  exceptionBrief,
  exceptionTodo,
  driftRow,
  driftTitle,
  shapePairs,
  placeText,
  HOLD_STATE,
  holdGroups,
  holdTitle,
};

const templates = (): Eta => new Eta({ views: HERE, autoEscape: true });

export const reportCss = (): string => readFileSync(path.join(HERE, 'report.css'), 'utf8');

export const reportTitle = (report: RunReport): string =>
  `教師名冊核對報告 第 ${report.run.run} 次執行 ${labels.minute(report.run.clock)}`;

/** The report without the page around it, for the site's own layout. */
export const renderReportBody = (report: RunReport): string =>
  templates().render('./report-body', { report, t: WORDS });

export const renderHtml = (report: RunReport): string =>
  templates().render('./report-page', { title: reportTitle(report), css: reportCss(), body: renderReportBody(report) });
