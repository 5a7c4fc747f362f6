/**
 * A row with more cells than titles, in a layout whose free text is known to hold bare commas (an address `中山路1號,3樓`). The extra cells belong
 * to one of the free texts; the phone columns behind them say to which. Only if one reading is possible is it taken: else the row stays broken.
 */

/** At least six digits with what stands between them: a house number is no phone. */
const PHONE = /^(?:[+()#轉分機\s./~、-]*\d){6,}\s*$/;

export interface Shifting {
  /** How many cells a row should have. */
  width: number;
  /** Places of the titles of free text, and of phone numbers. */
  freeText: readonly number[];
  phones: readonly number[];
  /** Places that are read: readings which agree there are one. */
  read: readonly number[];
}

/** The row as its writer meant it, or null where nobody can tell. A row with nothing in its extra cells and phones in their place is as it should be. */
export function putRight(cells: readonly string[], shifting: Shifting): readonly string[] | null {
  const extra = cells.length - shifting.width;
  const isPhone = (cell = ''): boolean => PHONE.test(cell.normalize('NFKC'));
  const sound = (row: readonly string[]): boolean =>
    shifting.phones.every((place) => (row[place] ?? '').trim() === '' || isPhone(row[place]));
  if (cells.slice(shifting.width).every((cell) => cell.trim() === '') && sound(cells)) return cells;
  const readings = new Map<string, string[]>();
  for (const text of shifting.freeText) {
    const pieces = cells.slice(text, text + extra + 1);
    const row = [...cells.slice(0, text), pieces.join(','), ...cells.slice(text + extra + 1)];
    // A phone inside an address is one that slipped.
    if (sound(row) && !pieces.some((piece) => isPhone(piece)))
      readings.set(JSON.stringify(shifting.read.map((place) => row[place])), row);
  }
  return readings.size === 1 ? [...readings.values()][0]! : null;
}
