/** The numbers that a reader looks for first, and what happened by kind. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { changeTally, firstLoadTotals, waitingOf } from '../digest.ts';
import { groupLabel, movedNote, RUN_KIND, runConsequence, runErrorReason, runStatus, unitLabel } from '../labels.ts';
import { type Cell, moment, type ReportTable, tableOf } from './table-model.ts';

type Line = readonly [item: string, value: Cell, note?: string | undefined];

function head(report: RunReport): Line[] {
  const { run } = report;
  return [
    ['執行', Number(run.run), RUN_KIND[run.kind]],
    [
      '狀態',
      runStatus(run),
      run.error
        ? `${runErrorReason(run.error.code)}${run.error.message}（${run.error.code}）。${runConsequence(run)}。`
        : '',
    ],
    ['資料時間', moment(run.clock), '臺北時間'],
    ...(report.narrowedTo ? [['僅列機構', unitLabel(report.narrowedTo)] as const] : []),
    ...(run.dryRun ? [['試算', '是', '以下為擬議異動，尚未寫入。'] as const] : []),
    ...(report.pictureOf === 'now'
      ? [['說明', '此次執行未完成報告階段', '待審、未採用等欄為目前狀況。'] as const]
      : []),
  ];
}

function city(report: RunReport): Line[] {
  const { totals } = report;
  if (report.narrowedTo) return [];
  return [
    ['學校', totals.schools, '營業中'],
    ['幼兒園', totals.kindergartens, '營業中'],
    ['在職人員', totals.people, '學校與幼兒園'],
    ['在職人員（學校）', totals.schoolPeople],
    ['在職人員（幼兒園）', totals.kindergartenPeople],
    ['業務帳號', totals.accounts],
  ];
}

function waiting(report: RunReport): Line[] {
  const w = waitingOf(report);
  return [
    ...(report.narrowedTo ? [] : [['失敗的來源', w.failedSources, '沿用前次資料'] as const]),
    ['異動待審', w.pending, `${w.pendingUnits} 園；其中待審無前版 ${w.withoutPrevious} 筆`],
    ['有誤未採用', w.quarantined, '列'],
    ['來源格式變動', report.drift.length, '個來源'],
    ['名冊未列', w.missing, '人，待學校（園）說明'],
    ['無法判定是否未列', w.notJudged, '筆，待學校（園）更正無法辨識的列'],
    ...(report.narrowedTo ? [] : [['待對照幼兒園', w.candidates, '園'] as const]),
    ['待處理事項', w.exceptions, `其中本次新增 ${w.opened} 件`],
  ];
}

export function overview(report: RunReport): ReportTable {
  const first = firstLoadTotals(report.changes);
  const tally = changeTally(report.changes);
  const lines: Line[] = [
    ...head(report),
    ...city(report),
    ['變更', tally.reduce((sum, { count }) => sum + count, 0), '不含首次登錄；種類見「變更種類」'],
    ['人員調動', report.moves.length, '人'],
    ['首次登錄', first.people, `人；另 ${first.institutions} 所機構、${first.accounts} 個帳號`],
    ...waiting(report),
    ['快照', report.snapshots.length, report.snapshots.map((s) => s.id).join('、')],
    ...(report.nextCutOff
      ? [
          [
            '下一個基準時間',
            moment(report.nextCutOff.cutOff),
            [report.nextCutOff.name, movedNote(report.nextCutOff)].filter((part) => part !== '').join('；'),
          ] as const,
        ]
      : []),
    ...(report.neverClosed
      ? [
          [
            '未結算的基準時間',
            moment(report.neverClosed.cutOff),
            `${report.neverClosed.name}，在第一次執行前已過`,
          ] as const,
        ]
      : []),
    ['名冊內容雜湊', null, report.run.warehouseHash ?? '－'],
  ];
  return tableOf(
    '摘要',
    [
      { title: '項目', of: ([item]: Line) => item },
      { title: '數值', of: ([, value]) => value, kind: 'number' },
      { title: '說明', of: ([, , note]) => note ?? null },
    ],
    lines,
    { note: '本報告含姓名，請依個人資料保護法保管；不含身分證字號。', print: 'never' },
  );
}

export const changeKinds = (report: RunReport): ReportTable =>
  tableOf(
    '變更種類',
    [
      { title: '種類', of: (t) => groupLabel(t.group) },
      { title: '筆數', of: (t) => t.count, kind: 'number' },
    ],
    changeTally(report.changes),
    { print: 'never' },
  );
