/**
 * Proof that pages are one whole picture (I5): one `asOf` throughout, no cursor twice, no empty page before the end, no record on two
 * pages (a list that shifts under the walk shows one record twice and another not at all, and still adds up), items that add up to `total`.
 * Memory holds the keys: of a city's people some megabytes. Used while fetching, where a walk that does not hold is walked again, and once more when stored pages are read.
 */
import type { CarePage } from '../../schemas/care-system.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { CARE_LISTS, type CareList } from './wire.ts';

export interface WalkProof {
  /** Pages of one list in order, lists in order. @throws SourceError, retryable, when the walk cannot be whole any more */
  add(list: CareList, page: CarePage): void;
  /** @throws SourceError when a list has not ended, or a complete one is empty: a city without kindergartens is an outage, not news. */
  finish(): void;
  readonly asOf: string;
  count(list: CareList): number;
}

interface ListState {
  total: number;
  count: number;
  ended: boolean;
  cursors: Set<string>;
  /** Of all pages so far. */
  keys: Set<string>;
}

const KEYS = { institutions: 'sid', staff: 'staffId' } as const satisfies Record<CareList, string>;

/** Keys of a page's items; an item without one is a broken row of its own. */
function keysOf(list: CareList, items: readonly unknown[]): string[] {
  const name = KEYS[list];
  const keys: string[] = [];
  for (const item of items) {
    const key: unknown = (item as Record<string, unknown> | null)?.[name];
    if (typeof key === 'string') keys.push(key);
  }
  return keys;
}

const newList = (total: number): ListState => ({
  total,
  count: 0,
  ended: false,
  cursors: new Set(),
  keys: new Set(),
});

const finer = (moment: string): string => /\.(\d+)/.exec(moment)?.[1]?.slice(3).replace(/0+$/, '') ?? '';

/** However each is written: `…T17:59:00Z` is `…T01:59:00+08:00`. What a Date does not hold, beyond milliseconds, is compared as text. */
const isSameMoment = (a: string, b: string): boolean =>
  a === b || (Date.parse(a) === Date.parse(b) && finer(a) === finer(b));

/** @param mayBeEmpty for a delta: it may well be that nothing changed */
export function createWalkProof({ mayBeEmpty }: { mayBeEmpty: boolean }): WalkProof {
  const lists = new Map<CareList, ListState>();
  let asOf = '';

  return {
    add(list, page) {
      const state = lists.get(list) ?? newList(page.total);
      lists.set(list, state);
      if (asOf === '') asOf = page.asOf;
      if (!isSameMoment(page.asOf, asOf)) throw broken('care-walk-as-of', { list, before: asOf, after: page.asOf });
      if (state.ended) throw broken('care-walk-unfinished', { list, count: state.count, total: state.total });
      state.count += page.items.length;
      const tooMany = state.count > state.total;
      if (page.total !== state.total || tooMany || (page.nextCursor === null && state.count !== state.total)) {
        throw broken('care-walk-total', { list, count: state.count, total: page.total });
      }
      state.ended = page.nextCursor === null;
      if (!state.ended && page.items.length === 0)
        throw broken('care-walk-empty-page', { list, count: state.count, total: state.total });
      if (page.nextCursor !== null && state.cursors.has(page.nextCursor))
        throw broken('care-walk-cursor', { list, count: state.count, total: state.total });
      if (page.nextCursor !== null) state.cursors.add(page.nextCursor);
      // A record twice on one page is a row that stands twice, and no list that moved.
      const keys = keysOf(list, page.items);
      if (keys.some((key) => state.keys.has(key)))
        throw broken('care-walk-repeated', { list, count: state.count, total: state.total });
      for (const key of keys) state.keys.add(key);
    },
    finish() {
      for (const list of CARE_LISTS) {
        const state = lists.get(list);
        if (!state?.ended)
          throw broken('care-walk-unfinished', { list, count: state?.count ?? 0, total: state?.total ?? 0 });
        if (state.total === 0 && !mayBeEmpty) throw new SourceError('care-list-empty', { list });
      }
    },
    get asOf() {
      return asOf;
    },
    count: (list) => lists.get(list)?.count ?? 0,
  };
}

const broken = (code: string, params: Record<string, string | number>): SourceError =>
  new SourceError(code, params, { retryable: true });
