/** The report for a terminal of 100 columns: Chinese first, every section in the order in which the bureau asks. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import { columnTitle } from './column-titles.ts';
import { changeTally, exceptionGroups, firstLoadTotals, quarantineTotals, waitingOf } from './digest.ts';
import { padEnd, wrap } from './display-width.ts';
import { exceptionBrief, exceptionTitle, exceptionTodo } from './exception-titles.ts';
import {
  groupLabel,
  LEDGER,
  minute,
  number,
  PLAN_KIND,
  partsNote,
  RUN_KIND,
  RUN_STATUS,
  reviewLabel,
  sourceStatus,
  sourceTitle,
  unitLabel,
} from './labels.ts';
import { textTable } from './text-table.ts';

const WIDTH = 100;
/** Of one kind of matter that waits; the page and the JSON name them all. */
const LONGEST_LIST = 20;

/** A closing mark may hang two columns over. */
const HANG = 2;
const paragraph = (text: string, indent = 2): string[] =>
  wrap(text, WIDTH - HANG - indent).map((line) => ' '.repeat(indent) + line);

function heading(report: RunReport): string[] {
  const { run } = report;
  const lines = [
    '═'.repeat(WIDTH),
    `教師名冊核對報告　第 ${run.run} 次執行（${RUN_KIND[run.kind]}）　${minute(run.clock)}　${RUN_STATUS[run.status]}`,
    `Reconciliation report, run ${run.run} (${run.kind}), as of ${minute(run.clock)} Asia/Taipei: ${run.status}`,
  ];
  if (run.dryRun) lines.push('試算：以下為擬議異動，尚未寫入。 Dry run: nothing was written.');
  if (report.narrowedTo) lines.push(`僅列機構：${unitLabel(report.narrowedTo)}`);
  if (report.pictureOf === 'now') lines.push('此次執行未完成報告階段；待審、未採用等欄為目前狀況。');
  if (run.error) lines.push(...paragraph(`錯誤 ${run.error.code}：${run.error.message}`, 0));
  return [...lines, '═'.repeat(WIDTH)];
}

function overview(report: RunReport): string[] {
  const { totals } = report;
  const w = waitingOf(report);
  const first = firstLoadTotals(report.changes);
  const tally = changeTally(report.changes).map((t) => `${groupLabel(t.group)} ${number(t.count)}`);
  if (first.people + first.institutions + first.accounts > 0) {
    tally.unshift(
      `首次登錄 ${number(first.institutions)} 所機構、${number(first.people)} 人、${number(first.accounts)} 個帳號`,
    );
  }
  const rows: [string, string][] = [
    ['機構', `學校 ${number(totals.schools)} 所、幼兒園 ${number(totals.kindergartens)} 園（營業中）`],
    [
      '人員',
      `在職 ${number(totals.people)} 人（學校 ${number(totals.schoolPeople)}、幼兒園 ${number(totals.kindergartenPeople)}）`,
    ],
    ['變更', tally.join('、') || '沒有異動'],
    [
      '待處理',
      `異動待審 ${number(w.pending)} 筆、有誤未採用 ${number(w.quarantined)} 列、名冊未列 ${number(w.missing)} 人、待對照幼兒園 ${number(w.candidates)} 園、待處理事項 ${number(w.exceptions)} 件（本次新增 ${number(w.opened)}）`,
    ],
    ['快照', report.snapshots.map((s) => s.id).join('、') || '本次未產生'],
  ];
  const shown = report.narrowedTo ? rows.filter(([label]) => label === '變更' || label === '待處理') : rows;
  return shown.flatMap(([label, text]) =>
    wrap(text, WIDTH - HANG - 10).map((line, i) => `  ${padEnd(i === 0 ? label : '', 8)}${line}`),
  );
}

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

function sources(report: RunReport): string[] {
  const table = report.run.sources.length === 0 ? ['  本次沒有任何來源送件。'] : ledgerTable(report);
  const notes = report.run.sources.flatMap((s) => (s.parts ? [`  ${s.source}：${partsNote(report, s)}`] : []));
  const heard = new Set(report.run.sources.map((s) => s.source));
  const silent = report.known.filter((k) => !heard.has(k.source));
  return [
    ...table,
    ...notes,
    ...report.failures.flatMap((f) => paragraph(`✗ ${f.source}：${f.text.zh}`)),
    ...silent.map((k) => `  ${sourceTitle(report, k.source)} ${k.source}：本次未讀取，沿用 ${minute(k.newest)} 的資料`),
  ];
}

const institutions = (report: RunReport): string[] =>
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

const moves = (report: RunReport): string[] =>
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

function units(report: RunReport): string[] {
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

function firstLoads(report: RunReport): string[] {
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

function pending(report: RunReport): string[] {
  const rows = report.pending.flatMap(({ institution, records }) =>
    records.map((record) => ({ unit: unitLabel(institution), record })),
  );
  const lines = textTable(
    [
      { title: '幼兒園', of: (r) => r.unit, flexible: true },
      { title: '姓名', of: (r) => (r.record.kind === 'institution' ? '（機構資料）' : r.record.name) },
      { title: '待審事項', of: (r) => reviewLabel(r.record) },
      { title: '自', of: (r) => r.record.since },
    ],
    rows,
    WIDTH,
  );
  const note = report.nextCutOff
    ? `${report.nextCutOff.name}以 ${minute(report.nextCutOff.cutOff)} 前登錄者為準；待審資料須於當日凌晨執行前核定，方能列入。`
    : '核定後於次日凌晨執行時生效；核定前以前一次核定的資料為準。';
  return [...paragraph(note), ...lines];
}

const quarantine = (report: RunReport): string[] =>
  quarantineTotals(report).flatMap((q) => [
    ...paragraph(
      `${sourceTitle(report, q.source)} ${q.source}　${number(q.rows)} 列${q.sources > 1 ? `（${q.sources} 校）` : ''}　${q.text.zh}`,
    ),
    ...q.examples.flatMap((e) =>
      paragraph(
        `例：${e.source} ${e.object} 第 ${e.row} 列${e.column ? `「${columnTitle(e.column)}」欄` : ''}${e.value ? `：${e.value}` : ''}`,
        6,
      ),
    ),
  ]);

const missing = (report: RunReport): string[] =>
  textTable(
    [
      { title: '機構', of: (m) => unitLabel(m.institution), flexible: true },
      { title: '人數', of: (m) => number(m.people), align: 'right' },
      { title: '姓名', of: (m) => m.names.join('、'), flexible: true },
    ],
    report.missing,
    WIDTH,
  );

function exceptions(report: RunReport): string[] {
  return exceptionGroups(report).flatMap((g) => {
    const [first] = g.items;
    const same = g.items.every((e) => e.text.zh === first?.text.zh);
    const listed = g.items.slice(0, LONGEST_LIST).flatMap((e) => {
      const parts = [e.institution ? unitLabel(e.institution) : null, e.about, same ? null : exceptionBrief(e.params)];
      const line = parts.filter((part) => part).join('　');
      return line === '' ? [] : paragraph(line, 6);
    });
    const more = g.items.length - LONGEST_LIST;
    return [
      ...paragraph(
        `● ${exceptionTitle(g.code)} ${number(g.count)} 件（本次新增 ${number(g.opened)}，最久 ${g.oldestDays} 天）`,
      ),
      ...paragraph(same ? (first?.text.zh ?? '') : exceptionTodo(g.code), 4),
      ...listed,
      ...(more > 0 ? [`      … 另有 ${number(more)} 件，見 --format html 或 json`] : []),
    ];
  });
}

const snapshots = (report: RunReport): string[] =>
  report.snapshots.flatMap((s) => [
    `  ${s.id}　${s.campaign} 年度 ${PLAN_KIND[s.kind] ?? s.kind} 第 ${s.version} 版　基準 ${minute(s.cutOff)}`,
    ...s.files.map((f) => `      ${f.path}　${number(f.bytes)} 位元組`),
    `      取出：npx mingce snapshot export ${s.id} 資料夾`,
  ]);

type Section = readonly [title: string, render: (report: RunReport) => string[], empty: (report: RunReport) => boolean];

const SECTIONS: readonly Section[] = [
  ['摘要 Overview', overview, () => false],
  ['資料來源 Sources', sources, (r) => r.narrowedTo !== null],
  ['機構異動 Institutions', institutions, (r) => r.institutions.length === 0],
  ['人員調動 Moves', moves, (r) => r.moves.length === 0],
  ['各機構異動 Changes by institution', units, (r) => r.units.length === 0],
  ['首次登錄 First load', firstLoads, (r) => r.firstLoads.length === 0],
  ['異動待審 Under review (R13)', pending, (r) => r.pending.length === 0],
  ['有誤未採用 Quarantined rows', quarantine, (r) => r.quarantine.length === 0],
  ['名冊未列人員 Missing', missing, (r) => r.missing.length === 0],
  ['待處理事項 Exceptions', exceptions, (r) => r.exceptions.length === 0],
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
