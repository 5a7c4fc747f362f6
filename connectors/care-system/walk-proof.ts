/**
 * Proof that pages are one whole picture (I5): one `asOf` throughout, no cursor twice, no empty page before the end, items that add up
 * to `total`. Used while fetching, where a walk that does not hold is walked again, and once more when stored pages are read.
 */
import type { CarePage } from '../../schemas/care-system.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { CARE_LISTS, type CareList } from './wire.ts';

export interface WalkProof {
  /** Pages of one list in order, lists in order. @throws SourceError, retryable, when the walk cannot be whole any more */
  add(list: CareList, page: CarePage): void;
  /** @throws SourceError when a list has not ended, or is empty: a city without kindergartens is an outage, not news. */
  finish(): void;
  readonly asOf: string;
  count(list: CareList): number;
}

interface ListState {
  total: number;
  count: number;
  ended: boolean;
  cursors: Set<string>;
}

export function createWalkProof(): WalkProof {
  const lists = new Map<CareList, ListState>();
  let asOf = '';

  return {
    add(list, page) {
      const state = lists.get(list) ?? { total: page.total, count: 0, ended: false, cursors: new Set<string>() };
      lists.set(list, state);
      if (asOf === '') asOf = page.asOf;
      if (page.asOf !== asOf) throw broken('care-walk-as-of', { list, before: asOf, after: page.asOf });
      if (state.ended) throw broken('care-walk-unfinished', { list, count: state.count, total: state.total });
      state.count += page.items.length;
      const tooMany = state.count > state.total;
      if (page.total !== state.total || tooMany || (page.nextCursor === null && state.count !== state.total)) {
        throw broken('care-walk-total', { list, count: state.count, total: page.total });
      }
      state.ended = page.nextCursor === null;
      if (page.nextCursor === null) return;
      if (page.items.length === 0)
        throw broken('care-walk-empty-page', { list, count: state.count, total: state.total });
      if (state.cursors.has(page.nextCursor))
        throw broken('care-walk-cursor', { list, count: state.count, total: state.total });
      state.cursors.add(page.nextCursor);
    },
    finish() {
      for (const list of CARE_LISTS) {
        const state = lists.get(list);
        if (!state?.ended)
          throw broken('care-walk-unfinished', { list, count: state?.count ?? 0, total: state?.total ?? 0 });
        if (state.total === 0) throw new SourceError('care-list-empty', { list });
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
