/**
 * The page walk: institutions, then staff, as one picture. A walk that does not hold together (the server's picture moved on, a page
 * came twice) is walked again from the start; its pages stay in the stream under their own walk number.
 */
import type { Logger } from 'pino';
import type { CarePage } from '../../schemas/care-system.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { once } from '../bytes.ts';
import type { RawObject } from '../contract.ts';
import type { Session } from '../http/session.ts';
import { pageName } from './page-names.ts';
import { createWalkProof } from './walk-proof.ts';
import { CARE_LISTS, parsePage } from './wire.ts';

const WALKS = 3;

export interface WalkOptions {
  session: Session;
  pageSize: number;
  log: Logger;
  /** Told once a walk is proven. */
  onWhole: (asOf: string) => void;
}

/** @throws SourceError when no walk of a few held together */
export async function* walk(options: WalkOptions): AsyncGenerator<RawObject> {
  for (let number = 1; ; number++) {
    try {
      options.onWhole(yield* walkOnce(number, options));
      return;
    } catch (error) {
      const again =
        error instanceof SourceError && error.code.startsWith('care-walk-') && error.retryable && number < WALKS;
      if (!again) throw error;
      options.log.warn(
        { code: error.code, ...error.params, walk: number },
        'care system: the walk does not hold, walking again',
      );
    }
  }
}

interface Taken {
  body: Buffer;
  page: CarePage;
}

async function* walkOnce(number: number, { session, pageSize }: WalkOptions): AsyncGenerator<RawObject, string> {
  const proof = createWalkProof();
  for (const list of CARE_LISTS) {
    let cursor: string | null = null;
    for (let page = 1; page === 1 || cursor !== null; page++) {
      const name = pageName(number, list, page);
      const params: Record<string, string | number> =
        cursor === null ? { limit: pageSize } : { limit: pageSize, cursor };
      const taken = await session.get(`/v1/${list}`, params, (body): Taken => ({ body, page: parsePage(body, name) }));
      proof.add(list, taken.page);
      cursor = taken.page.nextCursor;
      yield { name, mediaType: 'application/json', body: once(taken.body) };
    }
  }
  proof.finish();
  return proof.asOf;
}
