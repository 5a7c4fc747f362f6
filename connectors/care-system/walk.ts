/**
 * The page walk: institutions and staff as one picture. A cursor is opaque and known only from the page before it, so the pages of one list come one
 * after the other; the two lists are walked beside each other, and the next pages are fetched while one is kept. Pages are handed over in a
 * fixed order all the same. A walk that does not hold together (the server's picture moved on, a page came twice) is walked again from the start; its
 * pages stay in the stream under their own walk number. A walk that was interrupted goes on behind the pages that are held.
 */
import type { Logger } from 'pino';
import type { CarePage } from '../../schemas/care-system.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { bytesOf, once } from '../bytes.ts';
import type { RawObject, StoredObject } from '../contract.ts';
import type { Session } from '../http/session.ts';
import { ahead } from './ahead.ts';
import type { HeldWalk } from './held-walk.ts';
import { pageName } from './page-names.ts';
import { createWalkProof, type WalkProof } from './walk-proof.ts';
import { CARE_LISTS, type CareList, parsePage } from './wire.ts';

const WALKS = 3;
/** Pages of one list that are in work or wait for their turn: what memory holds. */
const AHEAD = 2;

export interface WalkOptions {
  session: Session;
  pageSize: number;
  /** Both lists beside each other; else one request at a time. */
  parallel: boolean;
  /** Only what changed since; null for the complete lists. */
  since: string | null;
  held: HeldWalk | null;
  log: Logger;
  /** Refuses a moment that a picture cannot be of, before more of it is fetched. @throws SourceError */
  refuseMoment: (asOf: string) => void;
  /** Told once a walk is proven. */
  onWhole: (asOf: string) => void;
}

type Page = RawObject | StoredObject;

/** @throws SourceError when no walk of a few held together */
export async function* walk(options: WalkOptions): AsyncGenerator<Page> {
  const { held, log } = options;
  const first = held?.number ?? 1;
  // An interrupted walk that does not hold any more is none of those that are tried.
  const last = first + WALKS - (held ? 0 : 1);
  for (let number = first; ; number++) {
    const resumed = number === first ? held : null;
    try {
      options.onWhole(yield* walkOnce(number, resumed, options));
      return;
    } catch (error) {
      if (!(error instanceof SourceError) || number === last) throw error;
      if (!isBroken(error) && !(resumed && isForgotten(error))) throw error;
      log.warn(
        { code: error.code, ...error.params, walk: number },
        'care system: the walk does not hold, walking again',
      );
    }
  }
}

const isBroken = ({ code, retryable }: SourceError): boolean => code.startsWith('care-walk-') && retryable;

/** A server need not know the cursor of an interrupted walk for ever. */
const isForgotten = ({ code, params }: SourceError): boolean =>
  code === 'care-status' && [400, 404, 409, 410].includes(Number(params.status));

async function* walkOnce(number: number, held: HeldWalk | null, options: WalkOptions): AsyncGenerator<Page, string> {
  const proof = createWalkProof({ mayBeEmpty: options.since !== null });
  const stop = new AbortController();
  const lists = CARE_LISTS.map((list) => walkList(list, number, held?.pages(list) ?? [], proof, options, stop.signal));
  try {
    const waiting = options.parallel ? lists.map((pages) => ahead(pages, AHEAD)) : lists;
    for (const pages of waiting) yield* pages;
    proof.finish();
    return proof.asOf;
  } finally {
    stop.abort();
    await Promise.allSettled(lists.map((pages) => pages.return()));
  }
}

interface Taken {
  body: Buffer;
  page: CarePage;
}

/** Pages of one list, first those that are held. */
async function* walkList(
  list: CareList,
  walkNumber: number,
  held: readonly StoredObject[],
  proof: WalkProof,
  { session, pageSize, since, refuseMoment }: WalkOptions,
  signal: AbortSignal,
): AsyncGenerator<Page, void> {
  let cursor: string | null = null;
  let page = 0;
  const accept = (taken: CarePage): void => {
    refuseMoment(taken.asOf);
    proof.add(list, taken);
    cursor = taken.nextCursor;
    page++;
  };
  for (const object of held) {
    accept(parsePage(await bytesOf(object), object.name));
    yield object;
  }
  while (page === 0 || cursor !== null) {
    const name = pageName({ walk: walkNumber, list, page: page + 1, since });
    const params = {
      limit: pageSize,
      ...(since !== null && { changedSince: since }),
      ...(cursor !== null && { cursor }),
    };
    const use = (body: Buffer): Taken => ({ body, page: parsePage(body, name) });
    const taken = await session.get(`/v1/${list}`, params, use, signal);
    accept(taken.page);
    yield { name, mediaType: 'application/json', body: once(taken.body) };
  }
}
