/** Held plans for a terminal: why, what would change, and the command by which a second person decides. */
import type { HeldPlanShown, HeldRow } from '../../schemas/outputs/holds.ts';
import { groupLabel, minute, number, unitLabel } from './labels.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

export const HOLD_STATE: Readonly<Record<HeldPlanShown['state'], string>> = {
  open: '待核定',
  approved: '已核定，下次執行時寫入',
  discarded: '已退回，不寫入',
  expired: '逾期未核定，不寫入',
};

export const holdTitle = (hold: HeldPlanShown): string =>
  hold.institution ? unitLabel(hold.institution) : `全市（${number(hold.institutions)} 所機構）`;

/** Kinds of changes with their counts. */
export const holdGroups = (hold: HeldPlanShown): string =>
  hold.groups.map(({ group, count }) => `${groupLabel(group)} ${number(count)}`).join('、');

const MISSING = '未列';

const rowTable = (rows: readonly HeldRow[], withUnit: boolean): string[] =>
  textTable(
    [
      { title: '異動', of: (r) => groupLabel(r.group) },
      ...(withUnit ? [{ title: '機構', of: (r: HeldRow) => unitLabel(r.institution), flexible: true as const }] : []),
      { title: '姓名或名稱', of: (r) => r.name ?? '－', flexible: true },
      { title: '生效日', of: (r) => r.effective ?? '－' },
      { title: '內容', of: (r) => r.detail ?? '', flexible: true },
    ],
    rows,
    WIDTH,
    4,
  );

export const changedRows = (hold: HeldPlanShown): HeldRow[] => hold.rows.filter((row) => row.group !== MISSING);

/** Whether it is about more than its own institution: the whole city, or the other side of a transfer. */
export const unlike = (hold: HeldPlanShown): boolean =>
  hold.rows.some((r) => r.institution.key !== hold.institution?.key);

/** Who is missing, by name: nothing else is to be said of them. */
export const missingNames = (hold: HeldPlanShown): string =>
  hold.rows
    .filter((row) => row.group === MISSING)
    .map((row) => row.name ?? '－')
    .join('、');

/** @param all whether its rows are all shown, or the first of many */
export function holdText(hold: HeldPlanShown, all = false): string[] {
  const changed = changedRows(hold);
  const shown = all ? changed : changed.slice(0, LONGEST_LIST);
  const names = missingNames(hold);
  const total = hold.groups.reduce((sum, { count }) => sum + count, 0);
  const more = total - shown.length - (hold.rows.length - changed.length);
  const { decision } = hold;
  return [
    ...paragraph(
      `● ${holdTitle(hold)}　${HOLD_STATE[hold.state]}${hold.openedAt ? `　自 ${minute(hold.openedAt)}` : ''}`,
    ),
    ...hold.reasons.flatMap(({ text }) => [...paragraph(text.zh, 4), ...paragraph(text.en, 4)]),
    ...paragraph(`若核定：${holdGroups(hold)}`, 4),
    ...(decision
      ? paragraph(
          `${decision.verdict === 'approve' ? '核定' : '退回'}：${decision.by}，${minute(decision.at)}，理由：${decision.reason}`,
          4,
        )
      : []),
    ...(names === '' ? [] : paragraph(`未列：${names}${more > 0 ? ' …' : ''}`, 4)),
    ...(shown.length === 0 ? [] : ['', ...rowTable(shown, unlike(hold))]),
    ...(more > 0 ? paragraph(`… 另有 ${number(more)} 筆：npx mingce holds ${hold.planHash}`, 4) : []),
    '',
    `    ${hold.planHash}`,
    ...(hold.state === 'open'
      ? [
          '    核定 approve：npx mingce approve HASH --reason 理由 --as 使用者',
          '    退回 discard：npx mingce discard HASH --reason 理由 --as 使用者',
        ]
      : []),
    '',
  ];
}

/** What `mingce holds` answers. */
export const renderHolds = (holds: readonly HeldPlanShown[], all: boolean): string =>
  holds.length === 0
    ? '沒有暫停的異動。\nNothing is held.'
    : holds
        .flatMap((hold) => holdText(hold, all))
        .join('\n')
        .trimEnd();
