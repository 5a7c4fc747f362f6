/** What would have changed too much in one night and waits for a second person. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { groupLabel } from '../labels.ts';
import { HOLD_STATE, holdGroups, holdTitle } from '../text-holds.ts';
import { institutionColumns } from './institution-columns.ts';
import { day, moment, type ReportTable, tableOf } from './table-model.ts';

export const held = (report: RunReport): ReportTable =>
  tableOf(
    '暫停待核定',
    [
      { title: '機構', of: (h) => holdTitle(h) },
      { title: '狀態', of: (h) => HOLD_STATE[h.state] },
      { title: '自', of: (h) => moment(h.openedAt), kind: 'moment' },
      { title: '原因', of: (h) => h.reasons.map((reason) => reason.text.zh).join('\n') },
      { title: '若核定', of: (h) => holdGroups(h) },
      { title: '異動筆數', of: (h) => h.changes, kind: 'number', print: 'never' },
      { title: '未列人數', of: (h) => h.missing, kind: 'number', print: 'never' },
      { title: '核定或退回', of: (h) => (h.decision === null ? null : `${h.decision.by}：${h.decision.reason}`) },
      { title: '雜湊值', of: (h) => h.planHash, print: 'never' },
    ],
    report.held,
    { note: '超過單日上限的異動全部暫停，名冊維持前一版，待教育局另一人核定或退回（npx mingce holds）。' },
  );

type Held = RunReport['held'][number];

export const heldRows = (report: RunReport): ReportTable =>
  tableOf(
    '暫停的異動',
    [
      { title: '異動', of: (r: Held['rows'][number]) => groupLabel(r.group) },
      ...institutionColumns((r: Held['rows'][number]) => r.institution),
      { title: '姓名', of: (r) => r.name },
      { title: '生效日', of: (r) => (r.effective === null ? null : day(r.effective)), kind: 'date' },
      { title: '內容', of: (r) => r.detail },
    ],
    report.held.flatMap((h) => h.rows),
    { note: '每件列出前幾筆；全部：npx mingce holds 雜湊值。', print: 'city' },
  );
