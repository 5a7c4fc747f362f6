import { API_FAULTS, failApiServer } from '../../support/api-faults.ts';
import { apiLists, CLIENT, type OneRosterApi, SECRET, startOneRosterApi } from '../../support/oneroster-api.ts';
import type { Harness } from '../harness.ts';

const LISTS: Readonly<Record<string, { code: string; change: (api: OneRosterApi) => void }>> = {
  'no total and no links': {
    code: 'oneroster-total-missing',
    change: (api) => Object.assign(api.says, { total: false, link: false }),
  },
  'somebody who comes twice': {
    code: 'oneroster-page-repeated',
    change: ({ lists }) => lists.users.push(lists.users[0]!),
  },
  'no organisations': { code: 'api-empty', change: ({ lists }) => lists.orgs.splice(0) },
  'no staff': { code: 'api-empty', change: ({ lists }) => lists.users.splice(0, lists.users.length / 2) },
};

function harness(variant: string, version: '1.1' | '1.2', links: boolean): Harness {
  return {
    type: 'oneroster-api',
    variant,
    complete: true,
    leaves: false,
    faults: {
      ...API_FAULTS,
      ...Object.fromEntries(Object.entries(LISTS).map(([fault, { code }]) => [fault, code])),
      'wrong credentials': 'api-credentials',
    },
    async start(records) {
      const lists = apiLists(records, version);
      const api = await startOneRosterApi(lists);
      api.says.total = !links;
      const config = { version, demographics: true };
      const world = {
        connector: api.open(config),
        marks: Array.from({ length: records }, (_, i) => `U${i}@064601`),
        markOf: (row: { values: { staffId?: string } }) => row.values.staffId,
        secrets: [
          SECRET,
          Buffer.from(`${CLIENT}:${SECRET}`).toString('base64'),
          'not-the-secret-at-all',
          'token-of-',
          'A123456789',
          '王小明',
          '小明U',
          '0912345678',
          '1981-05-06',
        ],
        trace: async () => api.server.requests.length,
        async breakRow() {
          delete lists.users[2]!.givenName;
          return 'U2@064601';
        },
        async fail(fault: string) {
          if (fault === 'wrong credentials') world.connector = api.open(config, 'not-the-secret-at-all');
          else if (!failApiServer(api.server, fault)) LISTS[fault]!.change(api);
        },
        close: () => api.server.close(),
      };
      return world;
    },
  };
}

export const oneRosterApi12 = harness('1.2, by total', '1.2', false);
export const oneRosterApi11 = harness('1.1, by links', '1.1', true);
