/**
 * The care system feed: complete list or delta, paging, authentication and proof of completeness; the adapter makes rows of what came. A delta is never
 * complete: a deleted record does not appear in it, so its silence says nothing.
 */

import type { RawRow } from '../../schemas/columns.ts';
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { bytesOf } from '../bytes.ts';
import type { Connector, StoredDelivery, StoredObject } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { createHttp } from '../http/http.ts';
import { createSession } from '../http/session.ts';
import { ShapeCollector } from '../json-shape.ts';
import { refuseMomentAhead } from '../moment-ahead.ts';
import { toRow } from './adapter.ts';
import { chooseSince } from './choose-since.ts';
import { failCare } from './codes.ts';
import { heldWalk } from './held-walk.ts';
import { type PageName, parsePageName } from './page-names.ts';
import { walk } from './walk.ts';
import { createWalkProof } from './walk-proof.ts';
import { parsePage } from './wire.ts';

export function openCareSystem(config: SourceConfigOf<'care-system'>, { secrets }: ConnectorEnvironment): Connector {
  const secret = secrets(config.clientSecretEnv);

  return {
    name: config.name,
    present: true,
    discover: async () => [{ source: config.name, drop: config.name, files: [] }],

    async *fetch(_part, { log, signal, now }, { held, landed } = { held: [], landed: null }) {
      const since = chooseSince(config, landed, now);
      const deadline = AbortSignal.timeout(config.walkTimeoutSeconds * 1000);
      const both = AbortSignal.any([signal, deadline]);
      const http = createHttp(config, both, failCare);
      const { clientId, maxRetryAfterSeconds, retryPauseSeconds } = config;
      const patience = {
        log,
        signal: both,
        maxRetryAfterSeconds,
        retryPauseSeconds,
        pause: { until: 0 },
        fail: failCare,
      };
      const session = createSession(http, { http, path: '/oauth/token', clientId, secret }, patience, failCare);
      let asOf: string | null = null;
      async function* pages() {
        try {
          yield* walk({
            session,
            pageSize: config.pageSize,
            parallel: config.parallelLists,
            since,
            held: heldWalk(held, since),
            log,
            refuseMoment: (moment) => refuseMomentAhead(moment, now, config.name),
            onWhole: (moment) => (asOf = moment),
          });
        } catch (error) {
          signal.throwIfAborted();
          if (deadline.aborted) throw new SourceError('care-walk-timeout', { seconds: config.walkTimeoutSeconds });
          throw error;
        } finally {
          http.close();
        }
      }
      const wholeAsOf = (): string => {
        if (asOf === null) throw new Error('asOf of a page walk is known only after all its pages were taken');
        return asOf;
      };
      yield { objects: pages(), complete: since === null, asOf: wholeAsOf, resumable: true };
    },

    async *read(delivery, { signal }, notes) {
      const pages = lastWalk(delivery);
      const proof = createWalkProof({ mayBeEmpty: !delivery.complete });
      const shape = new ShapeCollector();
      for (const { object, index, list } of pages) {
        signal.throwIfAborted();
        const page = parsePage(await bytesOf(object), object.name);
        proof.add(list, page);
        const rows: RawRow[] = page.items.map((item, i) => toRow(list, item, { object: index, row: i + 1 }, shape));
        if (rows.length > 0) yield rows;
      }
      proof.finish();
      notes.asOf = proof.asOf;
      const since = pages[0]?.since ?? null;
      if (since !== null) notes.changedSince = since;
      notes.pages = pages.length;
      notes.pagesOfBrokenWalks = delivery.objects.length - pages.length;
      notes.institutions = proof.count('institutions');
      notes.staff = proof.count('staff');
      notes.fields = shape.fields();
    },

    settle: async () => {},
  };
}

interface WalkPage extends PageName {
  object: StoredObject;
  /** Position in the delivery. */
  index: number;
}

function lastWalk(delivery: StoredDelivery): WalkPage[] {
  const pages = delivery.objects.map((object, index) => {
    const name = parsePageName(object.name);
    if (!name)
      throw new SourceError('care-page-shape', {
        page: object.name,
        field: 'name',
        problem: 'not a page of this feed',
      });
    return { object, index, ...name };
  });
  const last = Math.max(...pages.map((page) => page.walk));
  return pages.filter((page) => page.walk === last);
}
