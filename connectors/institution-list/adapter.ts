import type { RawRow } from '../../schemas/columns.ts';
import type { SourceConfigOf } from '../../schemas/config.ts';

export type ListLayout = SourceConfigOf<'institution-list'>['layout'];

/** MOE lists put the code of a place before its name: `[06]臺中市`, `[437]臺中市大甲區…` (domain.md §3). */
const PLACE_CODE = /^\s*\[\d+\]\s*/;

/** What a layout means beyond its titles: the prefixes of MOE lists, and the section that a list of kindergartens leaves out. */
export function adaptListRow(row: RawRow, layout: ListLayout): RawRow {
  const { values } = row;
  for (const column of ['district', 'address'] as const) {
    if (values[column] !== undefined) values[column] = values[column].replace(PLACE_CODE, '');
  }
  if (layout === 'moe-kindergartens') values.section ??= '幼兒園';
  return row;
}
