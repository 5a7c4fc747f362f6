/** Runs, and one run with its ledger, for a terminal of 100 columns. */
import type { RunDetail, RunLine } from '../../schemas/outputs/run-list.ts';
import { LEDGER, minute, number, RUN_KIND, runStatus, SOURCE_STATUS } from './labels.ts';
import { type TextColumn, textTable } from './text-table.ts';

const WIDTH = 100;

const state = (run: RunLine): string => {
  const status = runStatus(run);
  return run.status === 'running' ? `${status}（${run.stage}）` : `${status}${run.dryRun ? '（試算）' : ''}`;
};

export const sourceCounts = (run: RunLine): string =>
  Object.entries(run.sources)
    .map(([status, n]) => `${SOURCE_STATUS[status] ?? status} ${number(n)}`)
    .join('、') || '－';

export function renderRuns(runs: readonly RunLine[]): string {
  if (runs.length === 0) return '尚未執行過同步。 No run yet: "mingce sync" makes the first.\n';
  const columns: TextColumn<RunLine>[] = [
    { title: '執行', of: (r) => r.run, align: 'right' },
    { title: '種類', of: (r) => RUN_KIND[r.kind] ?? r.kind },
    { title: '資料時間', of: (r) => minute(r.clock) },
    { title: '狀態', of: state },
    { title: '來源', of: sourceCounts, flexible: true },
    { title: '變更', of: (r) => number(r.changes), align: 'right' },
    { title: '開始', of: (r) => minute(r.startedAt) },
  ];
  return `${textTable(columns, runs, WIDTH, 0).join('\n')}\n`;
}

type Line = RunDetail['sources'][number];

export function renderRunDetail(run: RunDetail): string {
  const counts = LEDGER.map(
    ([title, field]): TextColumn<Line> => ({ title, of: (s) => number(s[field]), align: 'right' }),
  );
  const columns: TextColumn<Line>[] = [
    { title: '來源', of: (s) => s.source },
    { title: '狀態', of: (s) => SOURCE_STATUS[s.status] ?? s.status },
    { title: '資料時間', of: (s) => (s.asOf ? minute(s.asOf) : '-') },
    ...counts,
  ];
  const lines = run.sources.flatMap((s): Line[] => [s, ...(s.parts ?? [])]);
  const kinds = Object.entries(run.changes).map(
    ([kind, c]) => `${kind} +${number(c.added)} ~${number(c.changed)} -${number(c.ended)}`,
  );
  const failed = lines.filter((s) => s.error !== null && !s.parts);
  return `${[
    `第 ${run.run} 次執行　${RUN_KIND[run.kind]}　${runStatus(run)}（${run.stage}）　資料時間 ${minute(run.clock)}${run.dryRun ? '　試算' : ''}`,
    `started ${run.startedAt}, finished ${run.finishedAt ?? '-'}`,
    ...(run.error ? [`error ${run.error.code}: ${run.error.message}`] : []),
    '',
    ...textTable(columns, lines, WIDTH, 0),
    ...failed.map((s) => `✗ ${s.source}: ${s.error?.message}`),
    '',
    `changes: ${kinds.join(', ')}`,
    `exceptions: ${run.exceptions.opened} opened, ${run.exceptions.closed} closed, ${run.exceptions.open} open; review waiting: ${run.reviewWaiting}`,
    `snapshots: ${run.snapshots.join(', ') || '-'}`,
    `warehouse: ${run.warehouseHash ?? '-'}`,
  ].join('\n')}\n`;
}
