import { CARE_LISTS, type CareList } from './wire.ts';

/**
 * Names of stored pages. They tell a walk from the one that was walked again after it: all pages are handed over as they come, so that
 * memory holds one page, and reading takes the last walk only.
 */
export const pageName = (walk: number, list: CareList, page: number): string => `walk ${walk}, ${list} page ${page}`;

export function parsePageName(name: string): { walk: number; list: CareList; page: number } | null {
  const [, walk, list, page] = name.match(/^walk (\d+), (\w+) page (\d+)$/) ?? [];
  const known = CARE_LISTS.find((l) => l === list);
  return known ? { walk: Number(walk), list: known, page: Number(page) } : null;
}
