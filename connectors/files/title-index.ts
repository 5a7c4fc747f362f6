import type { Column } from '../../schemas/columns.ts';
import type { RecordKind } from '../../schemas/records.ts';
import { COLUMN_ALIASES, DROPPED_TITLES } from './column-aliases.ts';

export interface KnownTitle {
  /** null for a title that is dropped by name. */
  column: Column | null;
  /** Place in its list of aliases: lower wins. A half more where only the title without its remark is known. */
  rank: number;
}

/** What a title means in files of one kind. Built once per connector; a lookup is then a map access. */
export type TitleIndex = (title: string) => KnownTitle | undefined;

/** Titles of one system or school, as configured, and what they stand for: they win over the common ones. */
export type ColumnMapping = Readonly<Record<string, string>>;
const CONFIGURED_RANK = -1;

export function titleIndex(kind: RecordKind, ...mappings: readonly (ColumnMapping | undefined)[]): TitleIndex {
  const known = new Map<string, KnownTitle>();
  const ignored = new Set<string>();
  for (const [column, titles] of Object.entries(COLUMN_ALIASES[kind])) {
    for (const [rank, title] of titles.entries()) known.set(titleKey(title), { column: column as Column, rank });
  }
  for (const [title, column] of mappings.flatMap((mapping) => Object.entries(mapping ?? {}))) {
    if (column === 'ignore') {
      known.delete(titleKey(title));
      ignored.add(titleKey(title));
    } else known.set(titleKey(title), { column: column as Column, rank: CONFIGURED_RANK });
  }
  // Last, so that no mapping brings a password in.
  for (const title of DROPPED_TITLES) known.set(titleKey(title), { column: null, rank: 0 });
  return (title) => {
    const key = titleKey(title);
    const exact = known.get(key);
    if (exact) return exact;
    if (ignored.has(key) || isPlain(title)) return undefined;
    const bare = known.get(titleKey(withoutRemark(title)));
    return bare && { ...bare, rank: bare.rank + 0.5 };
  };
}

/**
 * Nothing but common characters, lower-case letters and digits, which stand for themselves. Most cells of a table are so, and every one of its first
 * rows is looked up as a title.
 */
const isPlain = (title: string): boolean => /^[\u4e00-\u9fffa-z0-9]*$/.test(title);

/** Full and half width, case, spaces, line ends, and marks such as `*`, `：`, `_` do not make another title. */
export const titleKey = (title: string): string =>
  title.length > 100
    ? ''
    : isPlain(title)
      ? title
      : title
          .normalize('NFKC')
          .toLowerCase()
          .replaceAll(/[\s\p{P}\p{S}\p{Cf}]/gu, '');

/** `性別(1男, 2女)` asks for the same as `性別`; a bracket left open counts to the end. */
const withoutRemark = (title: string): string =>
  title.normalize('NFKC').replaceAll(/[([【〔][^)\]】〕]*([)\]】〕]|$)/g, '');
