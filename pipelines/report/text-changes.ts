/** Sections of the text report on what came and what it changed. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import {
  expectation,
  groupLabel,
  LEDGER,
  lastReceived,
  minute,
  number,
  partsNote,
  sourceStatus,
  sourceTitle,
  unitLabel,
} from './labels.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

const ledgerTable = (report: RunReport): string[] => [
  ...textTable(
    [
      { title: '來源', of: (s) => `${sourceTitle(report, s.source)} ${s.source}`.trim() },
      { title: '狀態', of: sourceStatus },
      { title: '資料時間', of: (s) => (s.asOf ? minute(s.asOf) : '－') },
      ...LEDGER.map(([title, field]) => ({
        title,
        of: (s: RunReport['run']['sources'][number]) => number(s[field]),
        align: 'right' as const,
      })),
    ],
    report.run.sources,
    WIDTH,
  ),
  '  讀入 = 採用 + 未變 + 有誤 + 待審 + 重複；「未列」為完整名冊中不再出現的已知人員，不計入讀入。',
];

export function sources(report: RunReport): string[] {
  const table = report.run.sources.length === 0 ? ['  本次沒有任何來源送件。'] : ledgerTable(report);
  const notes = report.run.sources.flatMap((s) => (s.parts ? [`  ${s.source}：${partsNote(report, s)}`] : []));
  const heard = new Set(report.run.sources.map((s) => s.source));
  const silent = report.known.filter((k) => !heard.has(k.source));
  return [
    ...table,
    ...notes,
    ...report.failures.flatMap((f) =>
      paragraph(`✗ ${[f.source, f.institution].filter((t) => t).join(' ')}：${f.text.zh}`),
    ),
    ...report.freshness
      .filter((f) => f.late > 0)
      .map(
        (f) =>
          `  ${sourceTitle(report, f.source)} ${f.source}：應收 ${expectation(report, f.source)}，最近收到 ${f.lastReceived ? minute(f.lastReceived) : '（尚無）'}`,
      ),
    ...report.freshness.flatMap((f) => longestSilent(report, f)),
    ...silent.map((k) => `  ${sourceTitle(report, k.source)} ${k.source}：本次未讀取，沿用 ${minute(k.newest)} 的資料`),
  ];
}

const LONGEST_SILENT = 10;

/** Of a drop of schools those that are late, or the longest silent, with the day of each. All of them stand in the page and in JSON. */
function longestSilent(report: RunReport, { source, schools }: RunReport['freshness'][number]): string[] {
  const late = schools.filter((school) => school.late);
  if (late.length === 0) return [];
  const shown = late.slice(0, LONGEST_SILENT);
  const more = late.length - shown.length;
  return paragraph(
    `${sourceTitle(report, source)}逾期：${shown
      .map((s) => `${s.institution ?? s.source} ${lastReceived(s)}`)
      .join('、')}${more > 0 ? `，另 ${number(more)} 校` : ''}`,
  );
}

/** A report on one institution: when its own files last came. */
export const received = (report: RunReport): string[] =>
  report.freshness.flatMap(({ source, expectEveryDays, schools }) =>
    schools.map(
      (s) =>
        `  ${sourceTitle(report, source)} ${source}：最近收到 ${lastReceived(s)}${expectEveryDays === null ? '' : `，應收 每 ${expectEveryDays} 日`}${s.late ? '，逾期' : ''}`,
    ),
  );

export const institutions = (report: RunReport): string[] =>
  textTable(
    [
      { title: '異動', of: (e) => e.group },
      { title: '機構', of: (e) => unitLabel(e.institution), flexible: true },
      { title: '生效日', of: (e) => e.effective },
      { title: '內容', of: (e) => e.detail ?? '', flexible: true },
    ],
    report.institutions,
    WIDTH,
  );

export const moves = (report: RunReport): string[] =>
  textTable(
    [
      { title: '姓名', of: (m) => m.name },
      { title: '原單位', of: (m) => (m.from ? unitLabel(m.from) : '（本市名冊外或更早離開）'), flexible: true },
      { title: '', of: () => '→' },
      { title: '新單位', of: (m) => (m.to ? unitLabel(m.to) : '（尚未有新單位登錄）'), flexible: true },
      { title: '生效日', of: (m) => m.effective },
      { title: '規則', of: (m) => m.rule },
    ],
    report.moves,
    WIDTH,
  );

export function units(report: RunReport): string[] {
  return report.units.flatMap((unit) => {
    const people = unit.people.map((p) => ({
      group: groupLabel(p.group),
      who: p.name,
      title: p.title ?? '',
      on: p.effective,
      rule: p.rule,
      detail: [
        p.detail,
        p.other ? `${p.group === '轉校' ? '至' : '自'} ${unitLabel(p.other)}` : null,
        p.arrivedEnded ? '（送件時已離開）' : null,
      ]
        .filter((text) => text !== null)
        .join(' '),
    }));
    const accounts = unit.accounts.map((a) => ({
      group: a.group,
      who: a.holder ?? '（無持有人）',
      title: a.accountKind,
      on: a.effective,
      rule: a.rule,
      detail: `${a.accountName} ${a.detail ?? ''}`.trim(),
    }));
    const rows = textTable(
      [
        { title: '異動', of: (r) => r.group },
        { title: '姓名', of: (r) => r.who },
        { title: '職稱', of: (r) => r.title },
        { title: '生效日', of: (r) => r.on },
        { title: '規則', of: (r) => r.rule },
        { title: '內容', of: (r) => r.detail, flexible: true },
      ],
      [...people, ...accounts],
      WIDTH,
      4,
    );
    return [`  ■ ${unitLabel(unit.institution)}`, ...rows, ''];
  });
}

export function firstLoads(report: RunReport): string[] {
  const table = textTable(
    [
      { title: '機構', of: (f) => unitLabel(f.institution), flexible: true },
      { title: '人員', of: (f) => number(f.people), align: 'right' },
      { title: '送件時已離開', of: (f) => number(f.alreadyEnded), align: 'right' },
      { title: '帳號', of: (f) => number(f.accounts), align: 'right' },
    ],
    report.firstLoads.slice(0, LONGEST_LIST),
    WIDTH,
  );
  const more = report.firstLoads.length - LONGEST_LIST;
  return more > 0 ? [...table, `  … 另有 ${number(more)} 所機構，見 --format html 或 json`] : table;
}
