/** What was not taken and why, the root cause first where one cause hits many rows. */
import { severityOf } from '../../schemas/messages/severity.ts';
import {
  type QuarantineCause,
  type QuarantineIssue,
  type QuarantineList,
  type QuarantineRow,
  quarantineList,
} from '../../schemas/outputs/quarantine.ts';
import type { Issue } from '../../schemas/records.ts';
import type { Database } from '../../warehouse/connect.ts';
import { openQuarantine, type QuarantinedRow } from '../../warehouse/landing/quarantine.ts';
import { schoolNames } from '../../warehouse/views/report-institutions.ts';
import { columnTitle } from '../report/column-titles.ts';
import { say } from '../report/say.ts';

/** No list that a person reads is longer; the correction file of a school has every row. */
const MOST_ROWS = 10_000;

export interface QuarantineQuery {
  /** Configured sources, or single ones such as `roster/064601`. */
  sources?: readonly string[];
  institution?: string;
}

export const issueOf = (issue: Issue): QuarantineIssue => ({
  code: issue.code,
  column: issue.column,
  title: issue.column === null ? null : columnTitle(issue.column),
  value: issue.value,
  severity: severityOf(issue),
  text: say(issue.code, issue.params ?? {}),
});

function causesOf(
  rows: readonly QuarantinedRow[],
  institutionOf: (source: string) => string | null,
): QuarantineCause[] {
  const groups = Map.groupBy(rows, ({ source, severity, issues: [first] }) =>
    JSON.stringify([source, severity, first?.code, first?.column]),
  );
  return [...groups.values()]
    .map((of): QuarantineCause => {
      const [row] = of as [QuarantinedRow];
      const { code, column, title, text } = issueOf(row.issues[0] as Issue);
      const { source, severity } = row;
      return { source, institution: institutionOf(source), severity, code, column, title, rows: of.length, text };
    })
    .sort((a, b) => b.rows - a.rows);
}

export const quarantinedRow = (row: QuarantinedRow, institution: string | null): QuarantineRow => ({
  id: row.id,
  source: row.source,
  institution,
  kind: row.kind,
  object: row.object,
  row: row.row_no,
  severity: row.severity,
  lastGoodKept: row.kept,
  since: row.since,
  firstRun: String(row.first_run_id),
  lastRun: String(row.last_run_id),
  issues: row.issues.map(issueOf),
});

export async function listQuarantine(db: Database, query: QuarantineQuery): Promise<QuarantineList> {
  const found = await openQuarantine(db, {
    sources: query.sources ?? null,
    institution: query.institution ?? null,
    limit: MOST_ROWS + 1,
  });
  const rows = found.slice(0, MOST_ROWS);
  const names = await schoolNames(db, [...new Set(rows.flatMap((row) => row.source.split('/')[1] ?? []))]);
  const institutionOf = (source: string): string | null => {
    const code = source.split('/')[1];
    return code === undefined ? null : [code, names.get(code)].filter((part) => part !== undefined).join(' ');
  };
  return quarantineList.parse({
    rows: rows.length,
    truncated: found.length > rows.length,
    causes: causesOf(rows, institutionOf),
    list: rows.map((row) => quarantinedRow(row, institutionOf(row.source))),
  });
}
