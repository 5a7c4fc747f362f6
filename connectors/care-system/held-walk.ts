import type { StoredObject } from '../contract.ts';
import { parsePageName } from './page-names.ts';
import type { CareList } from './wire.ts';

/** The walk that a run was in when it was interrupted. */
export interface HeldWalk {
  number: number;
  /** Its pages of one list, in order. */
  pages(list: CareList): StoredObject[];
}

/** @param since what is asked for now: pages of another question are of no use. @returns null where there is nothing to go on with */
export function heldWalk(held: readonly StoredObject[], since: string | null): HeldWalk | null {
  const named = held.flatMap((object) => {
    const name = parsePageName(object.name);
    return name?.since === since ? [{ object, ...name }] : [];
  });
  if (named.length === 0) return null;
  const number = Math.max(...named.map(({ walk }) => walk));
  const pages = named.filter(({ walk }) => walk === number);
  return { number, pages: (list) => pages.filter((page) => page.list === list).map(({ object }) => object) };
}
