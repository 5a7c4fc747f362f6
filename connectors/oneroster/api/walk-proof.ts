/**
 * Proof that the pages of a list are the whole of it (I5): the total stays and is reached, no page is empty before the end, nothing comes twice (which is how
 * a list that moved under the walk shows). Used while fetching, and once more when stored pages are read.
 */
import { SourceError } from '../../../schemas/source-error.ts';
import type { ListName, PageFacts } from './page-names.ts';

export interface WalkProof {
  /** Pages of one list in order. @returns whether the list is over. @throws SourceError, retryable, when the walk cannot be whole any more */
  add(list: ListName, page: PageFacts & { items: readonly unknown[] }): boolean;
  /** @throws SourceError for a list of `wanted` that has not ended, or is empty */
  finish(wanted: readonly ListName[]): void;
  count(list: ListName): number;
}

interface ListState {
  total: number | null;
  count: number;
  ended: boolean;
  seen: Set<string>;
}

/** A walk that broke in one of these ways is worth another one. */
export const WALK_CODES: ReadonlySet<string> = new Set([
  'api-total',
  'oneroster-page-repeated',
  'oneroster-page-empty',
]);

export function createWalkProof(source: string): WalkProof {
  const lists = new Map<ListName, ListState>();
  const broken = (code: string, what: ListName, { count, total }: ListState): SourceError =>
    new SourceError(code, { source, what, count, total: total ?? '?' }, { retryable: true });

  return {
    add(list, { offset, total, more, items }) {
      const state = lists.get(list) ?? { total, count: 0, ended: false, seen: new Set<string>() };
      lists.set(list, state);
      if (state.ended || offset !== state.count || total !== state.total)
        throw broken('api-total', list, { ...state, total });
      for (const item of items) {
        const id = (item as { sourcedId?: unknown } | null)?.sourcedId;
        if (typeof id !== 'string') continue;
        if (state.seen.has(id)) throw broken('oneroster-page-repeated', list, state);
        state.seen.add(id);
      }
      state.count += items.length;
      if (total !== null && state.count > total) throw broken('api-total', list, state);
      state.ended = total === null ? !more : state.count === total;
      if (!state.ended && items.length === 0) throw broken('oneroster-page-empty', list, state);
      return state.ended;
    },
    finish(wanted) {
      for (const list of wanted) {
        const state = lists.get(list);
        if (!state?.ended)
          throw broken('api-total', list, state ?? { total: null, count: 0, ended: false, seen: new Set() });
        if (state.count === 0) throw new SourceError('api-empty', { source, what: list });
      }
    },
    count: (list) => lists.get(list)?.count ?? 0,
  };
}
