/** Where a row stands, in words for people: stored pages of a system are named for the program (`walk 1, users from 0 of 13, more`). */
const LISTS: Readonly<Record<string, string>> = {
  users: '人員（users）',
  orgs: '單位（orgs）',
  demographics: '基本資料（demographics）',
  staff: '人員（staff）',
  institutions: '機構（institutions）',
};

export interface Place {
  /** The file, or the list of a system and its page. */
  object: string;
  number: number;
  /** Lines of a file; items of what a system answers. */
  unit: '列' | '筆';
}

/** @param object name of the stored object. @param row counted in it from 1 */
export function placeOf(object: string, row: number): Place {
  const [, list = '', page, from] = /^walk \d+, (\w+) (?:page (\d+)|from (\d+) of )/.exec(object) ?? [];
  const named = LISTS[list] ?? list;
  if (from !== undefined) return { object: named, number: Number(from) + row, unit: '筆' };
  if (page !== undefined) return { object: `${named}第 ${page} 頁`, number: row, unit: '筆' };
  if (object === 'semester-data') return { object: '學期教職員', number: row, unit: '筆' };
  return { object, number: row, unit: '列' };
}

/** `064601-名冊.csv 第 4 列`, `人員（users） 第 12 筆` */
export function placeText(object: string, row: number): string {
  const place = placeOf(object, row);
  return `${place.object} 第 ${place.number} ${place.unit}`;
}
