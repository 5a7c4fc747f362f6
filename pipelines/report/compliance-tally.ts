/** How schools stand to the deadline (R06), counted for charts and tables. Pure. */
import { type RunReport, UPDATE_STATUSES, type UpdateStatus } from '../../schemas/outputs/report.ts';
import { SECTIONS } from '../../schemas/records.ts';
import type { StackedBar } from './bar-chart.ts';

export const UPDATE_LABEL: Readonly<Record<UpdateStatus, string>> = {
  'in-time': '如期更新',
  awaited: '尚未更新（期限未到）',
  missing: '逾期未更新',
  late: '逾期後更新',
};
const ASKED = { roster: '教師名冊', accounts: '業務帳號' } as const;

type Compliance = NonNullable<RunReport['compliance']>;
export type ComplianceSchool = Compliance['schools'][number];

export interface ComplianceTally {
  section: string;
  what: (typeof ASKED)[keyof typeof ASKED];
  counts: Readonly<Record<UpdateStatus, number>>;
}

/** Per 教育階段, rosters and accounts each for itself; what nobody is asked for is left out. */
export function complianceTally({ compliance }: Pick<RunReport, 'compliance'>): ComplianceTally[] {
  const schools = Map.groupBy(compliance?.schools ?? [], ({ institution }) => institution.section ?? '');
  const sections = [...schools.keys()].sort((a, b) => SECTIONS.indexOf(a as never) - SECTIONS.indexOf(b as never));
  return sections.flatMap((section) =>
    (Object.keys(ASKED) as (keyof typeof ASKED)[]).flatMap((asked): ComplianceTally[] => {
      const statuses = (schools.get(section) ?? []).flatMap((school) => school[asked]?.status ?? []);
      const count = (status: UpdateStatus): number => statuses.filter((s) => s === status).length;
      return statuses.length === 0
        ? []
        : [
            {
              section,
              what: ASKED[asked],
              counts: Object.fromEntries(UPDATE_STATUSES.map((status) => [status, count(status)])) as never,
            },
          ];
    }),
  );
}

export const complianceBars = (report: Pick<RunReport, 'compliance'>): StackedBar[] =>
  complianceTally(report).map(({ section, what, counts }) => ({
    label: `${section} ${what}`,
    parts: UPDATE_STATUSES.map((status) => ({ name: UPDATE_LABEL[status], value: counts[status] })),
  }));

/** Schools that somebody has to remind: nothing of one or the other came since the deadline asks for it, or it came too late. */
export const behind = ({ compliance }: Pick<RunReport, 'compliance'>): ComplianceSchool[] =>
  (compliance?.schools ?? []).filter(({ roster, accounts }) =>
    [roster, accounts].some((update) => update?.status === 'missing' || update?.status === 'late'),
  );

/** Of rosters, and of accounts, those that did not come by the deadline and have not come since. */
export const missingCounts = ({
  compliance,
}: Pick<RunReport, 'compliance'>): { rosters: number; accounts: number } => ({
  rosters: (compliance?.schools ?? []).filter(({ roster }) => roster?.status === 'missing').length,
  accounts: (compliance?.schools ?? []).filter(({ accounts }) => accounts?.status === 'missing').length,
});
