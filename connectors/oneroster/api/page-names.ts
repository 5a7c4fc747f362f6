/** Lists that a walk takes, in their order. */
export const LISTS = ['orgs', 'users', 'demographics'] as const;
export type ListName = (typeof LISTS)[number];

/** What a page's headers said of the whole list: they are not in the body, and a later reading needs them for its proof. */
export interface PageFacts {
  offset: number;
  /** X-Total-Count; null where the server does not say. */
  total: number | null;
  /** The server links to a next page; the only proof where it gives no total. */
  more: boolean;
}

export interface PageName extends PageFacts {
  walk: number;
  list: ListName;
}

/** Names of stored pages tell one walk from another, and keep what the headers said. */
export const pageName = ({ walk, list, offset, total, more }: PageName): string =>
  `walk ${walk}, ${list} from ${offset} of ${total ?? 'unknown'}${more ? ', more' : ''}`;

export function parsePageName(name: string): PageName | null {
  const [, walk, list, offset, total, more] =
    /^walk (\d+), (\w+) from (\d+) of (\d+|unknown)(, more)?$/.exec(name) ?? [];
  const known = LISTS.find((l) => l === list);
  if (!known) return null;
  const given = total === 'unknown' ? null : Number(total);
  return { walk: Number(walk), list: known, offset: Number(offset), total: given, more: more !== undefined };
}
