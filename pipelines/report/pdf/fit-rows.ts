import { tableHeight } from './draw-table.ts';
import type { LaidTable } from './lay-out-table.ts';

/** What is wanted first where there is not room for all: what somebody must do, then what changed. */
const FIRST: readonly string[] = [
  '失敗的來源',
  '待處理事項',
  '有誤未採用',
  '名冊未列人員',
  '異動待審',
  '人員異動',
  '人員調動',
  '帳號異動',
  '機構異動',
  '來源格式變動',
];
const place = ({ name }: LaidTable): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** How many rows of each table fit on what is left of one sheet: a row for each table in turn, so that a long one does not crowd out the others. Pure. */
export function fitRows(tables: readonly LaidTable[], room: number): number[] {
  const shown = tables.map(() => 0);
  const heights = tables.map(() => 0);
  const full = tables.map(({ rows }) => rows.length === 0);
  const turns = [...tables.entries()].sort(([, a], [, b]) => place(a) - place(b));
  let used = 0;
  while (full.includes(false)) {
    for (const [i, table] of turns) {
      if (full[i]) continue;
      const next = (shown[i] as number) + 1;
      const height = tableHeight(table, next);
      const wouldUse = used - (heights[i] as number) + height;
      if (wouldUse <= room) {
        used = wouldUse;
        heights[i] = height;
        shown[i] = next;
      }
      full[i] = wouldUse > room || next === table.rows.length;
    }
  }
  return shown;
}
