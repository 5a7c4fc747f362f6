/** What differs between two snapshots and why, for a terminal, and as tables that one can hand around. 身分證編碼 is told to have changed, and not shown. */
import {
  CAUSES,
  type Cause,
  type Evidence,
  type RowDifference,
  type SnapshotDifference,
  type SnapshotRow,
} from '../../schemas/snapshot-delta.ts';
import { SCHOOL_COLUMNS, TEACHER_COLUMNS } from '../snapshot/columns.ts';
import { minute, number, PLAN_KIND } from './labels.ts';
import { type ReportTable, tableOf } from './tables/table-model.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

export const DIFFERENCE_TITLE = '快照差異';

/** What each reason means, in words and in short. */
export const CAUSE_LABEL: Readonly<Record<Cause, { zh: string; en: string; about: string }>> = {
  change: { zh: '實際異動', en: 'real change', about: '前一快照基準時間之後登錄或生效' },
  late: { zh: '晚到', en: 'late arrival', about: '基準時間前已登錄，其後才送達' },
  correction: { zh: '更正', en: 'correction', about: '學校更正資料，或教育局人工指定、認定、撤銷' },
  identity: { zh: '併入或拆出', en: 'merge or split', about: '認定為同一人或不同人' },
  rules: { zh: '年度設定', en: 'planning year', about: '規劃年度的對象或職稱設定不同' },
  unknown: { zh: '無從說明', en: 'not told any more', about: '相關歷程已逾保存期限' },
};
const OPERATION = {
  insert: { zh: '新增', en: 'added' },
  update: { zh: '變更', en: 'changed' },
  delete: { zh: '移除', en: 'gone' },
} as const;

const TITLES: ReadonlyMap<string, string> = new Map(
  [...TEACHER_COLUMNS, ...SCHOOL_COLUMNS].map(({ english, name }) => [english, name] as const),
);
const titleOf = (column: string): string => TITLES.get(column) ?? column;

const UNSHOWN = '（不顯示）';
const shown = (column: string, value: SnapshotRow[string] | undefined): string => {
  if (value === null || value === undefined || value === '') return '（空）';
  if (column === 'id_digest') return UNSHOWN;
  return Array.isArray(value) ? value.join('、') || '（空）' : String(value);
};
const said = (row: SnapshotRow | null, column: string): string => {
  const value = row?.[column];
  return typeof value === 'string' ? value : '';
};

const causeWords = (causes: readonly Cause[]): string => causes.map((cause) => CAUSE_LABEL[cause].zh).join('、');
const grounds = (all: readonly Evidence[], causes: readonly Cause[]): string =>
  all
    .filter(({ cause }) => causes.includes(cause))
    .map(({ run, reason, registeredAt }) => {
      const registered = registeredAt === null ? '' : `，登錄 ${minute(registeredAt)}`;
      return `第 ${run} 次執行 ${reason}${registered}`;
    })
    .join('；');

interface Line {
  row: RowDifference;
  /** The row of which the line tells; what is gone is told by what it was. */
  of: SnapshotRow | null;
  column: string | null;
  causes: Cause[];
}

/** A line for each column that differs; one for a row that came or is gone. */
const linesOf = (row: RowDifference): Line[] => {
  const of = row.after ?? row.before;
  const changed = Object.entries(row.changed);
  if (changed.length === 0) return [{ row, of, column: null, causes: row.why }];
  return changed.map(([column, causes]) => ({ row, of, column, causes }));
};

export const differenceTables = (difference: SnapshotDifference): ReportTable[] => [
  tableOf(
    DIFFERENCE_TITLE,
    [
      { title: '差異', of: ({ row }: Line) => OPERATION[row.op].zh },
      { title: '學校代碼', of: ({ of }) => said(of, 'institution_code') },
      { title: '學制', of: ({ of }) => said(of, 'section') },
      { title: '機構名稱', of: ({ of }) => said(of, 'institution_name') },
      ...(difference.kind === 'teacher-plan' ? [{ title: '姓名', of: ({ of }: Line) => said(of, 'name') }] : []),
      { title: '欄位', of: ({ column }) => (column === null ? '整列' : titleOf(column)) },
      { title: '原值', of: ({ row, column }) => (column === null ? null : shown(column, row.before?.[column])) },
      { title: '新值', of: ({ row, column }) => (column === null ? null : shown(column, row.after?.[column])) },
      { title: '原因', of: ({ causes }) => causeWords(causes) },
      { title: '依據', of: ({ row, causes }) => grounds(row.evidence, causes) },
    ],
    difference.rows.flatMap(linesOf),
    { note: `${difference.from.id} → ${difference.to.id}，${PLAN_KIND[difference.kind]}。` },
  ),
  tableOf(
    '原因說明',
    [
      { title: '原因', of: (cause: Cause) => CAUSE_LABEL[cause].zh },
      { title: '說明', of: (cause) => CAUSE_LABEL[cause].about },
      { title: '列數', of: (cause) => rowsOf(difference, cause).length, kind: 'number' },
    ],
    CAUSES,
  ),
];

export const rowsOf = ({ rows }: SnapshotDifference, cause: Cause): RowDifference[] =>
  rows.filter(({ why }) => why.includes(cause));

const what = (row: RowDifference): string => {
  const changed = Object.entries(row.changed).map(
    ([column]) => `${titleOf(column)} ${shown(column, row.before?.[column])} → ${shown(column, row.after?.[column])}`,
  );
  if (changed.length > 0) return changed.join('；');
  return row.op === 'update' ? '次序不同' : said(row.after ?? row.before, 'title');
};
const whose = (row: RowDifference): string => {
  const of = row.after ?? row.before;
  return [said(of, 'institution_code'), said(of, 'institution_name'), said(of, 'name')].filter(Boolean).join(' ');
};

function columnNotes({ columns: { added, removed } }: SnapshotDifference): string[] {
  const list = (columns: readonly string[]): string => columns.map(titleOf).join('、');
  return [
    ...(added.length > 0 ? [`欄位增加：${list(added)}　columns added: ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`欄位減少：${list(removed)}　columns removed: ${removed.join(', ')}`] : []),
  ];
}

export function renderDifference(difference: SnapshotDifference): string {
  const { from, to, counts, correction, rows, kind } = difference;
  const told = CAUSES.map((cause) => ({ cause, rows: rowsOf(difference, cause) })).filter((t) => t.rows.length > 0);
  const of = (some: readonly RowDifference[], op: RowDifference['op']): string =>
    number(some.filter((row) => row.op === op).length);
  const more = rows.length - LONGEST_LIST;
  return [
    `【${DIFFERENCE_TITLE}】${from.id} → ${to.id}　${PLAN_KIND[kind]}`,
    `${counts.inserted} rows added, ${counts.updated} changed, ${counts.deleted} gone: ${number(from.rows)} → ${number(to.rows)}`,
    `基準時間 ${minute(from.cutOff)} → ${minute(to.cutOff)}；記錄至 ${minute(from.recordedThrough)} → ${minute(to.recordedThrough)}`,
    ...(correction ? paragraph(`更正 ${correction.of}：${correction.reason}（${correction.by} 核定）`, 0) : []),
    ...columnNotes(difference),
    '',
    ...(rows.length === 0
      ? ['內容並無不同。 Nothing differs.']
      : [
          ...textTable(
            [
              { title: '原因', of: (t: (typeof told)[number]) => CAUSE_LABEL[t.cause].zh },
              { title: 'why', of: ({ cause }) => CAUSE_LABEL[cause].en },
              { title: '新增', of: (t) => of(t.rows, 'insert'), align: 'right' },
              { title: '變更', of: (t) => of(t.rows, 'update'), align: 'right' },
              { title: '移除', of: (t) => of(t.rows, 'delete'), align: 'right' },
              { title: '說明', of: ({ cause }) => CAUSE_LABEL[cause].about, flexible: true },
            ],
            told,
            WIDTH,
            0,
          ),
          '',
          ...textTable(
            [
              { title: '差異', of: (row: RowDifference) => OPERATION[row.op].zh },
              { title: kind === 'teacher-plan' ? '機構與教師' : '機構', of: whose, flexible: true },
              { title: '內容', of: what, flexible: true },
              { title: '原因', of: ({ why }) => causeWords(why) },
            ],
            rows.slice(0, LONGEST_LIST),
            WIDTH,
            0,
          ),
        ]),
    ...(more > 0
      ? [`……另有 ${number(more)} 列；--format csv、xlsx、ods 或 --json 列出全部，各附依據　${more} more`]
      : []),
  ].join('\n');
}
