/** The section of the text report on the deadline for rosters and accounts (R06). */
import { type RunReport, UPDATE_STATUSES } from '../../schemas/outputs/report.ts';
import { behind, type ComplianceSchool, complianceTally, UPDATE_LABEL } from './compliance-tally.ts';
import { minute, number, unitLabel } from './labels.ts';
import { deadlineNote } from './tables/compliance-tables.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

const BAR = 24;

const shown = (update: ComplianceSchool['roster']): string =>
  update === null ? '－' : `${UPDATE_LABEL[update.status]}${update.last === null ? '' : ` ${minute(update.last)}`}`;

/** How much of a stage came in time, as a bar. */
function bar(counts: Readonly<Record<string, number>>): string {
  const of = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const length = Math.round(((counts['in-time'] ?? 0) / Math.max(1, of)) * BAR);
  return '█'.repeat(length) + '░'.repeat(BAR - length);
}

export function deadline(report: RunReport): string[] {
  const schools = report.narrowedTo ? (report.compliance?.schools ?? []) : behind(report);
  const listed = report.narrowedTo ? schools : schools.slice(0, LONGEST_LIST);
  const counts = textTable(
    [
      { title: '教育階段', of: (t) => t.section },
      { title: '項目', of: (t) => t.what },
      ...UPDATE_STATUSES.map((status) => ({
        title: UPDATE_LABEL[status].replace('（期限未到）', ''),
        of: (t: ReturnType<typeof complianceTally>[number]) => number(t.counts[status]),
        align: 'right' as const,
      })),
      { title: '如期比例', of: (t) => bar(t.counts) },
    ],
    complianceTally(report),
    WIDTH,
  );
  const list = textTable(
    [
      { title: '學校', of: (s) => unitLabel(s.institution), flexible: true },
      { title: '教師名冊', of: (s) => shown(s.roster) },
      { title: '業務帳號', of: (s) => shown(s.accounts) },
    ],
    listed,
    WIDTH,
  );
  const more = schools.length - listed.length;
  return [
    ...paragraph(deadlineNote(report) ?? ''),
    ...(report.narrowedTo ? [] : counts),
    ...(listed.length === 0 ? [] : ['', ...list]),
    ...(more > 0 ? [`  … 另有 ${number(more)} 校，見 --format html、xlsx 或 json`] : []),
  ];
}
