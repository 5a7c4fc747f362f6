/** The report for a terminal of 100 columns: Chinese first, every section in the order in which the bureau asks. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import { changeTally, firstLoadTotals, isFirstLoad, waitingOf } from './digest.ts';
import { padEnd, wrapItems } from './display-width.ts';
import {
  groupLabel,
  minute,
  number,
  RUN_KIND,
  runConsequence,
  runErrorReason,
  runStatus,
  unitLabel,
} from './labels.ts';
import { firstLoads, institutions, moves, received, sources, units } from './text-changes.ts';
import { deadline } from './text-deadline.ts';
import { holdText } from './text-holds.ts';
import { HANG, paragraph, WIDTH } from './text-layout.ts';
import { undone } from './text-reverts.ts';
import { drift, exceptions, missing, pending, quarantine, snapshots, suppressed } from './text-waiting.ts';

function heading(report: RunReport): string[] {
  const { run } = report;
  const lines = [
    '═'.repeat(WIDTH),
    `教師名冊核對報告　第 ${run.run} 次執行（${RUN_KIND[run.kind]}）　${minute(run.clock)}　${runStatus(run)}`,
    `Reconciliation report, run ${run.run} (${run.kind}), as of ${minute(run.clock)} Asia/Taipei: ${run.status}`,
  ];
  if (run.dryRun) lines.push('試算：以下為擬議異動，尚未寫入。 Dry run: nothing was written.');
  if (report.narrowedTo) lines.push(`僅列機構：${unitLabel(report.narrowedTo)}`);
  if (report.pictureOf === 'now') lines.push('此次執行未完成報告階段；待審、未採用等欄為目前狀況。');
  if (run.error)
    lines.push(
      ...paragraph(
        `錯誤 ${run.error.code}：${runErrorReason(run.error.code)}${run.error.message}（${runConsequence(run)}）`,
        0,
      ),
    );
  return [...lines, '═'.repeat(WIDTH)];
}

function overview(report: RunReport): string[] {
  const { totals } = report;
  const w = waitingOf(report);
  const first = firstLoadTotals(report.changes);
  const tally = changeTally(report.changes).map((t) => `${groupLabel(t.group)} ${number(t.count)}`);
  if (isFirstLoad(report.changes)) {
    tally.unshift(
      `首次登錄 ${number(first.institutions)} 所機構、${number(first.people)} 人、${number(first.accounts)} 個帳號`,
    );
  }
  const waiting = [
    ...(report.held.length > 0 ? [`暫停待核定 ${number(report.held.length)} 件`] : []),
    `異動待審 ${number(w.pending)} 筆`,
    `有誤未採用 ${number(w.quarantined)} 列`,
    `名冊未列 ${number(w.missing)} 人`,
    ...(w.notJudged > 0 ? [`無法判定是否未列 ${number(w.notJudged)} 筆`] : []),
    ...(report.narrowedTo ? [] : [`待對照幼兒園 ${number(w.candidates)} 園`]),
    `待處理事項 ${number(w.exceptions)} 件（本次新增 ${number(w.opened)}）`,
    ...(report.suppressed.length > 0 ? [`暫不處理 ${number(report.suppressed.length)} 件`] : []),
  ];
  const rows: [label: string, items: string[]][] = [
    ['變更', tally.length > 0 ? tally : ['沒有異動']],
    ['待處理', waiting],
  ];
  if (!report.narrowedTo) {
    rows.unshift(
      ['機構', [`學校 ${number(totals.schools)} 所`, `幼兒園 ${number(totals.kindergartens)} 園（營業中）`]],
      [
        '人員',
        [
          `在職 ${number(totals.people)} 人（學校 ${number(totals.schoolPeople)}、幼兒園 ${number(totals.kindergartenPeople)}）`,
        ],
      ],
    );
    rows.push(['快照', report.snapshots.length > 0 ? report.snapshots.map((s) => s.id) : ['本次未產生']]);
  }
  return rows.flatMap(([label, items]) =>
    wrapItems(items, '、', WIDTH - HANG - 10).map((line, i) => `  ${padEnd(i === 0 ? label : '', 8)}${line}`),
  );
}

type Section = readonly [title: string, render: (report: RunReport) => string[], empty: (report: RunReport) => boolean];

const SECTIONS: readonly Section[] = [
  ['摘要 Overview', overview, () => false],
  ['撤銷 Undone', undone, (r) => r.run.revert === null],
  ['暫停待核定 Held', (r) => r.held.flatMap((hold) => holdText(hold)), (r) => r.held.length === 0],
  ['資料來源 Sources', sources, (r) => r.narrowedTo !== null],
  ['收件 Received', received, (r) => r.narrowedTo === null || received(r).length === 0],
  ['更新期限 Deadline (R06)', deadline, (r) => (r.compliance?.schools ?? []).length === 0],
  ['機構異動 Institutions', institutions, (r) => r.institutions.length === 0],
  ['人員調動 Moves', moves, (r) => r.moves.length === 0],
  ['各機構異動 Changes by institution', units, (r) => r.units.length === 0],
  ['首次登錄 First load', firstLoads, (r) => r.firstLoads.length === 0],
  ['異動待審 Under review (R13)', pending, (r) => r.pending.length === 0],
  ['有誤未採用 Quarantined rows', quarantine, (r) => r.quarantine.length === 0],
  ['來源格式變動 Drift', drift, (r) => r.drift.length === 0],
  ['名冊未列人員 Missing', missing, (r) => r.missing.length === 0],
  ['待處理事項 Exceptions', exceptions, (r) => r.exceptions.length === 0],
  ['暫不處理 Suppressed', suppressed, (r) => r.suppressed.length === 0],
  ['快照 Snapshots', snapshots, (r) => r.snapshots.length === 0],
];

export function renderText(report: RunReport): string {
  const sections = SECTIONS.filter(([, , empty]) => !empty(report)).flatMap(([title, render]) => [
    '',
    `【${title}】`,
    ...render(report),
  ]);
  return `${[...heading(report), ...sections].join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}
