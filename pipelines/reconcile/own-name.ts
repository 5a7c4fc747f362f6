/**
 * The official name of a kindergarten holds its operator's: `四季西屯教育事業股份有限公司附設臺中市私立西屯四季藝術幼兒園`, `臺中市中山非營利幼兒園(委託…辦理)`.
 * A new operator under the old name is another matter than a new name. Pure.
 */

const COMMISSIONED = /\([^()]*委託[^()]*\)$|\([^()]*辦理\)$/;
const ATTACHED = '附設';
/** What stands behind 附設 of a school says nothing by itself: `大甲國民小學附設幼兒園`. */
const NOTHING_OF_ITS_OWN = new Set(['幼兒園', '私立幼兒園', '']);

function ownName(name: string): string {
  const bare = name.normalize('NFKC').replace(/\s+/gu, '').replace(COMMISSIONED, '');
  const attached = bare.lastIndexOf(ATTACHED);
  const behind = attached < 0 ? bare : bare.slice(attached + ATTACHED.length);
  return NOTHING_OF_ITS_OWN.has(behind) ? bare : behind;
}

/** Two official names that differ, but not in the institution's own name. */
export const sameOwnName = (before: string, after: string): boolean => ownName(before) === ownName(after);
