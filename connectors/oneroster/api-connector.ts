/**
 * The OneRoster REST API of a vendor, for all schools that the configuration names: one part, every list walked whole, so that a picture is
 * complete. The API names no moment of its own, so the picture is of the run's.
 */
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import type { Connector } from '../contract.ts';
import type { ConnectorEnvironment } from '../environment.ts';
import { failApi } from '../http/api-codes.ts';
import { openSession } from '../http/open-session.ts';
import { taipeiTime } from '../taipei-time.ts';
import { LISTS } from './api/page-names.ts';
import { readPages } from './api/read-pages.ts';
import { walk } from './api/walk.ts';

type Config = SourceConfigOf<'oneroster-api'>;

/** Where the standard puts the service of each version. */
const PATHS = { '1.1': '/ims/oneroster/v1p1', '1.2': '/ims/oneroster/rostering/v1p2' } as const;

export function openOneRosterApi(config: Config, { secrets }: ConnectorEnvironment): Connector {
  const secret = secrets(config.clientSecretEnv);
  const { name: source, clientId, scope, pageSize, userFilter } = config;

  return {
    name: source,
    present: true,
    discover: async () => [{ source, drop: source, files: [] }],

    async *fetch(_part, { log, signal, now }) {
      signal.throwIfAborted();
      const deadline = AbortSignal.timeout(config.walkTimeoutSeconds * 1000);
      const both = AbortSignal.any([signal, deadline]);
      const basic = config.credentialsIn === 'header';
      const session = openSession(config, { clientId, secret, scope, basic }, { log, signal: both }, failApi(source));
      const lists = LISTS.filter((list) => list !== 'demographics' || config.demographics);
      const path = config.servicePath ?? PATHS[config.version];
      async function* pages() {
        try {
          yield* walk({ session, source, path, lists, pageSize, userFilter, log });
        } catch (error) {
          signal.throwIfAborted();
          if (deadline.aborted)
            throw new SourceError('oneroster-walk-timeout', { source, seconds: config.walkTimeoutSeconds });
          throw error;
        } finally {
          session.close();
        }
      }
      const asOf = taipeiTime(Date.parse(now));
      yield { objects: pages(), complete: true, asOf: () => asOf };
    },

    async *read(delivery, { signal }, notes) {
      signal.throwIfAborted();
      const reading = {
        settings: config,
        today: delivery.asOf.slice(0, 10),
        only: null,
        changes: false,
        tally: new Map<string, number>(),
        signal,
      };
      yield* readPages(delivery, reading, notes);
    },

    settle: async () => {},
  };
}
