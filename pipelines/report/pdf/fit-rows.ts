import { tableHeight } from './draw-table.ts';
import type { LaidTable } from './lay-out-table.ts';

/** What is wanted first where there is not room for all: what somebody must do, then what changed. */
const FIRST: readonly string[] = [
  '暫停待核定',
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
const place = ({ name }: LaidTable): number => FIRST.indexOf(name);

/**
 * How many rows of each table fit on what is left of one sheet. A row for each in turn, so that a long one does not crowd out the others; those of
 * FIRST before the rest. Pure.
 */
export function fitRows(tables: readonly LaidTable[], room: number): number[] {
  const shown = tables.map(() => 0);
  let left = room;
  const fill = (turns: readonly number[]): void => {
    const heights = tables.map(() => 0);
    let open = turns.filter((i) => (tables[i] as LaidTable).rows.length > 0);
    while (open.length > 0) {
      open = open.filter((i) => {
        const table = tables[i] as LaidTable;
        const next = (shown[i] as number) + 1;
        const height = tableHeight(table, next);
        const more = height - (heights[i] as number);
        if (more > left) return false;
        left -= more;
        heights[i] = height;
        shown[i] = next;
        return next < table.rows.length;
      });
    }
  };
  const places = tables.map(place);
  const all = [...tables.keys()];
  fill(all.filter((i) => places[i] !== -1).sort((a, b) => (places[a] as number) - (places[b] as number)));
  fill(all.filter((i) => places[i] === -1));
  return shown;
}
