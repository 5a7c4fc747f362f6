/**
 * The page walk by limit and offset, one list after the other, always of everything. A filter by dateLastModified would fetch less, but proves nothing: a
 * server need not move a person's date when a role, a school or the person itself goes, and a connector keeps no moment of its own.
 * A `next` link says that there is more; it is not followed, for it may lead to another host.
 */
import type { Logger } from 'pino';
import { SourceError } from '../../../schemas/source-error.ts';
import { once } from '../../bytes.ts';
import type { RawObject } from '../../contract.ts';
import type { Session } from '../../http/session.ts';
import { type ListName, type PageFacts, pageName } from './page-names.ts';
import { createWalkProof, WALK_CODES } from './walk-proof.ts';
import { parsePage } from './wire.ts';

const WALKS = 3;

export interface WalkOptions {
  session: Session;
  source: string;
  /** Of the service, `/ims/oneroster/v1p1`. */
  path: string;
  lists: readonly ListName[];
  pageSize: number;
  userFilter: string | undefined;
  log: Logger;
}

/** @throws SourceError when no walk of a few held together */
export async function* walk(options: WalkOptions): AsyncGenerator<RawObject> {
  for (let number = 1; ; number++) {
    try {
      yield* walkOnce(number, options);
      return;
    } catch (error) {
      if (!(error instanceof SourceError) || !WALK_CODES.has(error.code) || number >= WALKS) throw error;
      options.log.warn(
        { code: error.code, ...error.params, walk: number },
        'oneroster: the walk does not hold, walking again',
      );
    }
  }
}

async function* walkOnce(walkNumber: number, options: WalkOptions): AsyncGenerator<RawObject> {
  const { session, source, path, lists, pageSize, userFilter } = options;
  const proof = createWalkProof(source);
  for (const list of lists) {
    let offset = 0;
    for (let over = false; !over; ) {
      const filter = list === 'users' && userFilter !== undefined ? { filter: userFilter } : {};
      const params = { limit: pageSize, offset, sort: 'sourcedId', orderBy: 'asc', ...filter };
      const page = await session.get(`${path}/${list}`, params, (body, answer) => ({
        body,
        items: parsePage(body, list, source),
        ...factsOf(offset, answer.header('x-total-count'), answer.header('link')),
      }));
      if (page.total === null && !page.linked) throw new SourceError('oneroster-total-missing', { source, what: list });
      over = proof.add(list, page);
      yield {
        name: pageName({ walk: walkNumber, list, ...page }),
        mediaType: 'application/json',
        body: once(page.body),
      };
      offset += page.items.length;
    }
  }
  proof.finish(lists);
}

function factsOf(offset: number, total: string | undefined, link: string | undefined): PageFacts & { linked: boolean } {
  return {
    offset,
    total: total !== undefined && /^\d{1,9}$/.test(total.trim()) ? Number(total) : null,
    more: /;\s*rel\s*=\s*"?next"?(?=[\s;,]|$)/i.test(link ?? ''),
    linked: link !== undefined,
  };
}
