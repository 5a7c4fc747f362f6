import { CARE_LISTS, type CareList } from './wire.ts';

/** A page of a walk; `since` is null for a complete list, else the moment that a delta was asked for. */
export interface PageName {
  walk: number;
  list: CareList;
  page: number;
  since: string | null;
}

/**
 * Names of stored pages. They tell a walk from the one that was walked again after it: all pages are handed over as they come, so that
 * memory holds one page, and reading takes the last walk only.
 */
export const pageName = ({ walk, list, page, since }: PageName): string =>
  `walk ${walk}, ${list} page ${page}${since === null ? '' : `, changed since ${since}`}`;

export function parsePageName(name: string): PageName | null {
  const [, walk, list, page, since = null] =
    name.match(/^walk (\d+), (\w+) page (\d+)(?:, changed since (\S+))?$/) ?? [];
  const known = CARE_LISTS.find((l) => l === list);
  return known ? { walk: Number(walk), list: known, page: Number(page), since } : null;
}
