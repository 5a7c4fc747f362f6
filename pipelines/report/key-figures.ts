/** What stands at the head of a page: what must be known before reading on, the numbers, and what somebody has to do. Pure. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import { missingCounts } from './compliance-tally.ts';
import { changeTally, firstLoadTotals, waitingOf } from './digest.ts';
import { minute, movedNote, number, runConsequence, runErrorReason, runStatus } from './labels.ts';

export interface Figure {
  what: string;
  value: string;
  more: string;
}

export function notices(report: RunReport): string[] {
  const { run } = report;
  const found: string[] = [];
  if (run.dryRun) found.push('試算：以下為擬議異動，尚未寫入。');
  if (report.pictureOf === 'now') found.push('此次執行未完成報告階段；待審、未採用等欄為目前狀況。');
  if (run.error)
    found.push(
      `${runStatus(run)}：${runErrorReason(run.error.code)}${run.error.message}（${run.error.code}）。${runConsequence(run)}。`,
    );
  const moved = movedNote(report.nextCutOff);
  if (moved !== '') found.push(`${moved}。`);
  return found;
}

function aboutSnapshots(report: RunReport): string {
  if (report.snapshots.length > 0) return '本次產生';
  if (report.nextCutOff) return `基準 ${minute(report.nextCutOff.cutOff)}`;
  return report.neverClosed ? `基準 ${minute(report.neverClosed.cutOff)} 已過，未結算` : '本次未產生';
}

export function figures(report: RunReport): Figure[] {
  const { totals } = report;
  const w = waitingOf(report);
  const first = firstLoadTotals(report.changes);
  const changed = changeTally(report.changes).reduce((sum, { count }) => sum + count, 0);
  const moved = report.moves.length > 0 ? `其中調動 ${number(report.moves.length)} 人` : '筆';
  const own: Figure[] = [
    { what: '變更', value: number(changed), more: first.people > 0 ? `另首次登錄 ${number(first.people)} 人` : moved },
    { what: '待處理事項', value: number(w.exceptions), more: `本次新增 ${number(w.opened)}` },
  ];
  if (report.narrowedTo)
    return [
      ...own,
      { what: '異動待審', value: number(w.pending), more: `待審無前版 ${number(w.withoutPrevious)}` },
      { what: '有誤未採用', value: number(w.quarantined), more: '列' },
      { what: '名冊未列', value: number(w.missing), more: '人' },
    ];
  return [
    {
      what: '機構（營業中）',
      value: number(totals.schools + totals.kindergartens),
      more: `學校 ${number(totals.schools)}、幼兒園 ${number(totals.kindergartens)}`,
    },
    {
      what: '在職人員',
      value: number(totals.people),
      more: `學校 ${number(totals.schoolPeople)}、幼兒園 ${number(totals.kindergartenPeople)}`,
    },
    ...own,
    { what: '快照', value: number(report.snapshots.length), more: aboutSnapshots(report) },
  ];
}

/** R18: what is asked of 本市教師研習中心. */
const REQUESTED: ReadonlySet<string> = new Set(['account-lead-requested', 'account-lead-applied']);

export interface Todo {
  text: string;
  /** Anchor of the section that holds it. */
  section: string;
}

export function todo(report: RunReport): Todo[] {
  const w = waitingOf(report);
  const { rosters, accounts } = missingCounts(report);
  const requested = report.exceptions.filter(({ code }) => REQUESTED.has(code)).length;
  const lines: [count: number, text: string, section: string][] = [
    [report.held.length, `暫停待核定 ${number(report.held.length)} 件，名冊維持前一版`, 'held'],
    [w.failedSources, `來源失敗 ${number(w.failedSources)} 個，沿用前次資料`, 'sources'],
    [rosters + accounts, `逾期未更新：教師名冊 ${number(rosters)} 校、業務帳號 ${number(accounts)} 校`, 'compliance'],
    [requested, `總負責人帳號待研習中心辦理 ${number(requested)} 件（mingce accounts requests）`, 'exceptions'],
    [
      w.pending,
      `異動待審 ${number(w.pending)} 筆（${number(w.pendingUnits)} 園），其中待審無前版 ${number(w.withoutPrevious)} 筆`,
      'pending',
    ],
    [w.quarantined, `有誤未採用 ${number(w.quarantined)} 列`, 'quarantine'],
    [report.drift.length, `來源格式變動 ${number(report.drift.length)} 個來源`, 'drift'],
    [w.missing, `名冊未列 ${number(w.missing)} 人，待學校（園）說明`, 'missing'],
    [w.notJudged, `無法判定是否未列 ${number(w.notJudged)} 筆，待學校（園）更正無法辨識的列`, 'exceptions'],
    [report.narrowedTo ? 0 : w.candidates, `待對照幼兒園 ${number(w.candidates)} 園`, 'exceptions'],
  ];
  return lines.filter(([count]) => count > 0).map(([, text, section]) => ({ text, section }));
}
