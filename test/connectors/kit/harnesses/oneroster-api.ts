import { API_FAULTS, failApiServer, failOnce } from '../../support/api-faults.ts';
import {
  apiLists,
  CLIENT,
  type Item,
  type OneRosterApi,
  SECRET,
  startOneRosterApi,
} from '../../support/oneroster-api.ts';
import type { Harness } from '../harness.ts';
import { withField } from './own-field.ts';

const LISTS: Readonly<Record<string, { code: string; change: (api: OneRosterApi) => void }>> = {
  'no total and no links': {
    code: 'oneroster-total-missing',
    change: (api) => Object.assign(api.says, { total: false, link: false }),
  },
  'somebody who comes twice': {
    code: 'oneroster-page-repeated',
    change: ({ lists }) => lists.users.push(lists.users[0]!),
  },
  'a total that is never reached': {
    code: 'oneroster-page-empty',
    change: (api) => Object.assign(api.says, { total: true, beyond: 1 }),
  },
  'no organisations': { code: 'api-empty', change: ({ lists }) => lists.orgs.splice(0) },
  'no staff': { code: 'api-empty', change: ({ lists }) => lists.users.splice(0, lists.users.length / 2) },
};

function harness(variant: string, version: '1.1' | '1.2', links: boolean): Harness {
  return {
    type: 'oneroster-api',
    variant,
    complete: true,
    moment: 'run',
    json: true,
    server: true,
    schools: true,
    several: true,
    leaves: false,
    notWhole: 'a total that is never reached',
    faults: {
      ...API_FAULTS,
      ...Object.fromEntries(Object.entries(LISTS).map(([fault, { code }]) => [fault, code])),
      'wrong credentials': 'api-credentials',
    },
    async start(records) {
      const lists = apiLists(records, version);
      const api = await startOneRosterApi(lists);
      api.says.total = !links;
      // Pages of a few; of many records no more pages than that.
      const config = { version, demographics: true, pageSize: Math.max(3, Math.ceil(records / 4)) };
      const changeItem = async (change: (item: Readonly<Record<string, unknown>>) => unknown): Promise<string> => {
        lists.users[1] = change(lists.users[1]!) as never;
        return 'U1@064601';
      };
      const world = {
        connector: api.open(config),
        marks: Array.from({ length: records }, (_, i) => `U${i}@064601`),
        markOf: (row: { values: { staffId?: string } }) => row.values.staffId,
        fields: Object.entries(lists).flatMap(([list, items]: [string, Item[]]) => [
          ...new Set(items.flatMap((item) => Object.keys(item).map((field) => `${list}.${field}`))),
        ]),
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
        sent: async () => api.server.sent,
        asked: () => api.server.requests.map(({ url }) => url.href),
        failOnce: () => failOnce(api.server),
        async repeatRow() {
          lists.users.push(lists.users[0]!);
          return 'U0@064601';
        },
        async foreignRow() {
          const elsewhere = { sourcedId: 'o9', type: 'org' };
          await changeItem((item) =>
            version === '1.1'
              ? { ...item, orgs: [elsewhere] }
              : { ...item, roles: [{ roleType: 'primary', role: 'teacher', org: elsewhere }] },
          );
          return 'U1@064609';
        },
        addField: async (name: string) => void (await changeItem((item) => withField(item, name))),
        changeItem,
        textField: 'email',
        async breakRow() {
          delete lists.users[2]!.givenName;
          return 'U2@064601';
        },
        async fail(fault: string) {
          if (fault === 'wrong credentials') world.connector = api.open(config, 'not-the-secret-at-all');
          else if (!(await failApiServer(api.server, fault))) LISTS[fault]!.change(api);
        },
        close: () => api.server.close(),
      };
      return world;
    },
  };
}

export const oneRosterApi12 = harness('1.2, by total', '1.2', false);
export const oneRosterApi11 = harness('1.1, by links', '1.1', true);
