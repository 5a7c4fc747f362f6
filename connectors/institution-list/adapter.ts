import type { RawRow } from '../../schemas/columns.ts';
import type { SourceConfigOf } from '../../schemas/config.ts';

export type ListConfig = Pick<SourceConfigOf<'institution-list'>, 'layout' | 'section' | 'county'>;

/** MOE lists put the code of a place before its name: `[06]臺中市`, `[437]臺中市大甲區…` */
const PLACE_CODE = /^\s*\[\d+\]\s*/;

/** 台 is 臺 in the names of counties. */
const county = (text: string): string => text.replace(PLACE_CODE, '').trim().replaceAll('台', '臺');

/** Makes what a list means beyond its titles: the prefixes of MOE lists, the section that it leaves out, the county asked for. */
export function makeListAdapter(config: ListConfig): (row: RawRow) => RawRow | null {
  const section = config.section ?? (config.layout === 'moe-kindergartens' ? '幼兒園' : undefined);
  const wanted = config.county === undefined ? null : county(config.county);
  return (row) => {
    const { values } = row;
    const { county: told } = values;
    delete values.county;
    // A row whose cells may have shifted is not left out for the county that it seems to name.
    if (wanted !== null && told !== undefined && !row.issues && county(told) !== wanted) return null;
    for (const column of ['district', 'address'] as const) {
      if (values[column] !== undefined) values[column] = values[column].replace(PLACE_CODE, '');
    }
    if (section !== undefined) values.section ||= section;
    return row;
  };
}
