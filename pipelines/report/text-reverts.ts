/** What a run undid, and what it left because a later run had built on it or a decision stands. */
import type { RunReport } from '../../schemas/outputs/report.ts';
import { number } from './labels.ts';
import { conflictAbout, conflictField, conflictWhy, revertHead } from './revert-labels.ts';
import { LONGEST_LIST, paragraph, WIDTH } from './text-layout.ts';
import { textTable } from './text-table.ts';

export function undone({ run: { revert } }: RunReport): string[] {
  if (revert === null) return [];
  const { conflicts } = revert;
  const head = revertHead(revert);
  const table = textTable(
    [
      { title: '未撤銷', of: conflictAbout, flexible: true },
      { title: '欄位或異動', of: conflictField },
      { title: '原因', of: conflictWhy },
    ],
    conflicts.slice(0, LONGEST_LIST),
    WIDTH,
  );
  const more = conflicts.length - LONGEST_LIST;
  return [
    ...(head === '' ? [] : paragraph(head)),
    ...(conflicts.length === 0 ? ['  全部撤銷，沒有衝突。'] : table),
    ...(more > 0 ? [`  … 另有 ${number(more)} 項，見 --format html 或 json`] : []),
  ];
}
