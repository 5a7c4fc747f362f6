/** What could not be undone because a later run had built on it or a decision stands. */
import type { RunReport } from '../../../schemas/outputs/report.ts';
import { conflictField, conflictWhy, type RevertConflict, revertHead } from '../revert-labels.ts';
import { institutionColumns } from './institution-columns.ts';
import { type ReportTable, tableOf } from './table-model.ts';

export const revertConflicts = ({ run: { revert } }: RunReport): ReportTable =>
  tableOf(
    '未能撤銷',
    [
      ...institutionColumns((c: RevertConflict) => c.institution),
      { title: '人員編號', of: (c: RevertConflict) => c.person, kind: 'number' },
      { title: '帳號', of: (c) => c.account },
      { title: '欄位或異動', of: conflictField },
      { title: '原因', of: conflictWhy },
    ],
    revert?.conflicts ?? [],
    {
      note: `${revert === null ? '' : revertHead(revert)}。之後的執行又改過的人員、機構與帳號，及人工指定或裁定仍有效者，維持現狀，整筆不撤銷；後者請先結束該指定或裁定。`,
    },
  );
