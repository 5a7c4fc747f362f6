/** The report as one page that needs nothing else: no script, no outside file, prints on A4. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta } from 'eta';
import type { RunReport } from '../../schemas/outputs/report.ts';
import { barChart, shareChart } from './bar-chart.ts';
import { columnTitle } from './column-titles.ts';
import * as compliance from './compliance-tally.ts';
import * as digest from './digest.ts';
import { driftRow, driftTitle, shapePairs } from './drift-rows.ts';
import { exceptionBrief, exceptionTitle, exceptionTodo } from './exception-titles.ts';
import { todo } from './key-figures.ts';
import * as labels from './labels.ts';
import { placeText } from './place-of.ts';
import { conflictAbout, conflictField, revertHead } from './revert-labels.ts';
import { deadlineNote } from './tables/compliance-tables.ts';
import { changedRows, HOLD_STATE, holdGroups, holdTitle, missingNames, unlike } from './text-holds.ts';

const HERE = import.meta.dirname;

const TAGS = { in: 'tag-in', out: 'tag-out', other: '' } as const;
const tagClass = (group: string): string => TAGS[labels.groupTone(group)];

const WORDS = {
  columnTitle,
  ...digest,
  ...compliance,
  deadlineNote,
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
  conflictAbout,
  conflictField,
  revertHead,
  changedRows,
  missingNames,
  unlike,
  todo,
};

const templates = (): Eta => new Eta({ views: HERE, autoEscape: true });

export const reportCss = (): string => readFileSync(path.join(HERE, 'report.css'), 'utf8');

/** The report without the page around it, for the site's own layout. */
export const renderReportBody = (report: RunReport): string =>
  templates().render('./report-body', { report, t: WORDS });

export const renderHtml = (report: RunReport): string =>
  templates().render('./report-page', {
    title: labels.reportTitle(report),
    css: reportCss(),
    body: renderReportBody(report),
  });
