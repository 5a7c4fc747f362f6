/** The report as tables, in the order in which the bureau asks: CSV, XLSX, ODS and PDF are made of these. Pure. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import { accounts, firstLoads, institutions, moves, people } from './tables/change-tables.ts';
import { complianceBoard, complianceCounts } from './tables/compliance-tables.ts';
import { held, heldRows } from './tables/held-tables.ts';
import { changeKinds, overview } from './tables/overview-tables.ts';
import { revertConflicts } from './tables/revert-tables.ts';
import { failures, ledger, received, schoolLedger } from './tables/source-tables.ts';
import { type ReportTable, tableOf } from './tables/table-model.ts';
import {
  drift,
  exceptionKinds,
  exceptions,
  missing,
  pending,
  quarantine,
  shapes,
  snapshots,
  suppressed,
  warnings,
} from './tables/waiting-tables.ts';

const TABLES: readonly ((report: RunReport) => ReportTable)[] = [
  overview,
  changeKinds,
  revertConflicts,
  held,
  heldRows,
  failures,
  ledger,
  schoolLedger,
  received,
  complianceCounts,
  complianceBoard,
  institutions,
  moves,
  people,
  accounts,
  firstLoads,
  pending,
  quarantine,
  warnings,
  drift,
  shapes,
  missing,
  exceptionKinds,
  exceptions,
  suppressed,
  snapshots,
];

const contents = (tables: readonly ReportTable[]): ReportTable =>
  tableOf(
    '目錄',
    [
      { title: '表', of: (t) => t.name },
      { title: '筆數', of: (t) => t.rows.length, kind: 'number' },
      { title: '說明', of: (t) => t.note },
    ],
    tables,
    { print: 'never' },
  );

/** Tables that hold nothing are left out: the first one says what there is none of, the second what follows. */
export function reportTables(report: RunReport): ReportTable[] {
  const [first, ...others] = TABLES.map((table) => table(report)) as [ReportTable, ...ReportTable[]];
  const filled = others.filter(({ rows }) => rows.length > 0);
  return [first, contents(filled), ...filled];
}
