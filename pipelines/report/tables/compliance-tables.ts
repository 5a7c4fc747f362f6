/** R06: how schools stand to the deadline for rosters and accounts. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { behind, type ComplianceSchool, complianceTally, UPDATE_LABEL } from '../compliance-tally.ts';
import { minute } from '../labels.ts';
import { institutionColumns } from './institution-columns.ts';
import { type ColumnOf, moment, type ReportTable, tableOf } from './table-model.ts';

export const deadlineNote = ({ compliance }: RunReport): string | null =>
  compliance === null
    ? null
    : `${compliance.name}：${minute(compliance.from)} 起、${minute(compliance.until)} 前更新教師名冊與業務帳號（R06）。`;

export const complianceCounts = (report: RunReport): ReportTable =>
  tableOf(
    '更新期限統計',
    [
      { title: '教育階段', of: (t) => t.section },
      { title: '項目', of: (t) => t.what },
      { title: UPDATE_LABEL['in-time'], of: (t) => t.counts['in-time'], kind: 'number' },
      { title: UPDATE_LABEL.awaited, of: (t) => t.counts.awaited, kind: 'number' },
      { title: UPDATE_LABEL.missing, of: (t) => t.counts.missing, kind: 'number' },
      { title: UPDATE_LABEL.late, of: (t) => t.counts.late, kind: 'number' },
    ],
    report.narrowedTo ? [] : complianceTally(report),
    { note: deadlineNote(report), print: 'city' },
  );

const COLUMNS: readonly ColumnOf<ComplianceSchool>[] = [
  ...institutionColumns((s: ComplianceSchool) => s.institution),
  { title: '名冊', of: ({ roster }) => (roster === null ? null : UPDATE_LABEL[roster.status]) },
  { title: '名冊最近更新', of: ({ roster }) => moment(roster?.last ?? null), kind: 'moment' },
  { title: '帳號', of: ({ accounts }) => (accounts === null ? null : UPDATE_LABEL[accounts.status]) },
  { title: '帳號最近更新', of: ({ accounts }) => moment(accounts?.last ?? null), kind: 'moment' },
];

export const complianceBoard = (report: RunReport): ReportTable =>
  tableOf('更新期限', COLUMNS, report.compliance?.schools ?? [], { note: deadlineNote(report), print: 'one' });

/** A page of the whole city has no room for all of them. */
const MOST_BEHIND = 60;

export const complianceBehind = (report: RunReport): ReportTable =>
  tableOf('未如期更新的學校', COLUMNS, behind(report), {
    note: deadlineNote(report),
    print: 'city',
    most: MOST_BEHIND,
  });
