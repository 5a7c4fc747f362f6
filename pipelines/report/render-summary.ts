/** What `mingce sync` says at the end: a bureau officer reads the first line of each pair, ops the second. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { changeTally, firstLoadTotals, waitingOf } from './digest.ts';
import { padEnd, wrap, wrapItems } from './display-width.ts';
import {
  groupEnglish,
  groupLabel,
  minute,
  movedNote,
  number,
  PLAN_KIND,
  RUN_KIND,
  runConsequence,
  runErrorReason,
  runStatus,
  sourceTitle,
} from './labels.ts';

const WIDTH = 100;
const LABEL = 10;

/** Room for a text beside its heading; a closing mark may hang two columns over. */
const ROOM = WIDTH - LABEL - 2 - 2;

interface Pair {
  zh: string[];
  en: string[];
}

const joined = (parts: readonly string[], separator: string, none: string): string[] =>
  parts.length === 0 ? [none] : wrapItems(parts, separator, ROOM);

function changes(report: RunReport): Pair {
  const first = firstLoadTotals(report.changes);
  const tally = changeTally(report.changes);
  const zh = tally.map((t) => `${groupLabel(t.group)} ${number(t.count)}`);
  const en = tally.map((t) => `${groupEnglish(t.group)} ${number(t.count)}`);
  if (first.people + first.institutions + first.accounts > 0) {
    zh.unshift(
      `首次登錄 ${number(first.institutions)} 所機構、${number(first.people)} 人、${number(first.accounts)} 個帳號`,
    );
    en.unshift(
      `first load: ${number(first.institutions)} institutions, ${number(first.people)} people, ${number(first.accounts)} accounts`,
    );
  }
  return { zh: joined(zh, '、', '沒有異動'), en: joined(en, ', ', 'nothing changed') };
}

function waiting(report: RunReport): Pair {
  const w = waitingOf(report);
  const rows: [n: number, zh: string, en: string][] = [
    [
      report.held.length,
      `暫停待核定 ${number(report.held.length)} 件（npx mingce holds）`,
      `${number(report.held.length)} plans held ("npx mingce holds")`,
    ],
    [
      w.pending,
      `異動待審 ${number(w.pending)} 筆（${number(w.pendingUnits)} 園）`,
      `${number(w.pending)} records under review`,
    ],
    [w.quarantined, `有誤未採用 ${number(w.quarantined)} 列`, `${number(w.quarantined)} rows quarantined`],
    [w.missing, `名冊未列 ${number(w.missing)} 人`, `${number(w.missing)} people missing from their rosters`],
    [w.notJudged, `無法判定是否未列 ${number(w.notJudged)} 筆`, `${number(w.notJudged)} not judged for missing`],
    [w.candidates, `待對照幼兒園 ${number(w.candidates)} 園`, `${number(w.candidates)} listed kindergartens unmatched`],
    [
      w.exceptions,
      `待處理事項 ${number(w.exceptions)} 件（本次新增 ${number(w.opened)}）`,
      `${number(w.exceptions)} exceptions open, ${number(w.opened)} new`,
    ],
  ];
  const some = rows.filter(([n]) => n > 0);
  return {
    zh: joined(
      some.map(([, zh]) => zh),
      '、',
      '無',
    ),
    en: joined(
      some.map(([, , en]) => en),
      ', ',
      'nothing',
    ),
  };
}

function snapshots(report: RunReport): Pair {
  if (report.snapshots.length > 0) {
    return {
      zh: report.snapshots.map(
        (s) => `${s.campaign} ${PLAN_KIND[s.kind] ?? s.kind} 第 ${s.version} 版，${s.files.length} 個檔案：${s.id}`,
      ),
      en: report.snapshots.map((s) => `${s.id}: "npx mingce snapshot export ${s.id} FOLDER" writes its files`),
    };
  }
  const never = report.neverClosed;
  if (never) {
    const command = `npx mingce snapshot create --campaign ${never.campaign} --kind`;
    return {
      zh: [
        `${never.name}的基準時間 ${minute(never.cutOff)} 在本系統第一次執行前已過，因此沒有基準日結算，也不會自動產生快照。需要時請人工產生：`,
      ],
      en: [
        `none, and none comes by itself: the cut-off ${minute(never.cutOff)} had passed before the first run here. By hand:`,
        ...Object.keys(PLAN_KIND).map((kind) => `${command} ${kind}`),
      ],
    };
  }
  const next = report.nextCutOff;
  return next
    ? {
        zh: [`基準時間 ${minute(next.cutOff)} 尚未到（${next.name}）${next.moved ? `；${movedNote(next)}` : ''}`],
        en: [
          `none yet: the cut-off is ${minute(next.cutOff)}${next.moved ? `, moved from ${minute(next.moved.from)}` : ''}`,
        ],
      }
    : { zh: ['本次未產生'], en: ['none taken in this run; "npx mingce snapshot list" shows all'] };
}

/** Sources that said nothing usable: named, since their schools stand as they were. */
function failures(result: SyncResult, report: RunReport): Pair {
  const failed = result.sources.filter((s) => s.status === 'failed');
  const part = (s: SyncResult['sources'][number]): string => {
    const count = s.parts?.filter((p) => p.status === 'failed').length;
    return count === undefined ? s.source : `${s.source}（${count}）`;
  };
  return {
    zh: [
      `${failed.map((s) => `${sourceTitle(report, s.source)} ${part(s)}`.trim()).join('、')}，沿用前次資料，無人因此異動`,
    ],
    en: failed.map((s) => `${s.source}: ${s.error?.message ?? 'not heard'}`),
  };
}

const HEADINGS = {
  run: '名冊同步',
  institutions: '機構',
  people: '人員',
  changes: '變更',
  waiting: '待處理',
  snapshots: '快照',
  failed: '來源失敗',
  error: '錯誤',
} as const;

const trouble = (result: SyncResult, error: { code: string; message: string }): Pair => ({
  zh: [
    `${runStatus(result)}。${runConsequence(result)}。`,
    ...[runErrorReason(error.code)].filter((text) => text !== ''),
  ],
  en: [`${error.code}: ${error.message}`],
});

function block(heading: string, { zh, en }: Pair): string[] {
  const indent = ' '.repeat(LABEL + 2);
  const lines = [...zh, ...en].flatMap((text) => wrap(text, ROOM));
  return lines.map((line, i) => (i === 0 ? `  ${padEnd(heading, LABEL)}${line}` : indent + line));
}

export function summaryText(result: SyncResult, report: RunReport): string {
  const { totals } = report;
  const status = runStatus(result);
  const title = [
    `名冊同步${status}　第 ${result.run} 次執行（${RUN_KIND[result.kind]}）　${minute(result.clock)}${result.dryRun ? '　試算，未寫入' : ''}`,
    `Run ${result.run} (${result.kind}${result.dryRun ? ', dry run' : ''}) ${result.status}, as of ${minute(result.clock)} Asia/Taipei`,
  ];
  const institutions: Pair = {
    zh: [`學校 ${number(totals.schools)} 所、幼兒園 ${number(totals.kindergartens)} 園（營業中）`],
    en: [`${number(totals.schools)} schools, ${number(totals.kindergartens)} kindergartens open`],
  };
  const people: Pair = {
    zh: [
      `在職 ${number(totals.people)} 人（學校 ${number(totals.schoolPeople)}、幼兒園 ${number(totals.kindergartenPeople)}）`,
    ],
    en: [
      `${number(totals.people)} in service (schools ${number(totals.schoolPeople)}, kindergartens ${number(totals.kindergartenPeople)})`,
    ],
  };
  const lines = [
    ...title,
    ...block(HEADINGS.institutions, institutions),
    ...block(HEADINGS.people, people),
    ...block(HEADINGS.changes, changes(report)),
    ...block(HEADINGS.waiting, waiting(report)),
    ...block(HEADINGS.snapshots, snapshots(report)),
  ];
  if (result.sources.some((s) => s.status === 'failed'))
    lines.push(...block(HEADINGS.failed, failures(result, report)));
  if (result.error) lines.push(...block(HEADINGS.error, trouble(result, result.error)));
  lines.push(`  完整報告 / full report: npx mingce report ${result.run}`);
  return `${lines.join('\n')}\n`;
}
