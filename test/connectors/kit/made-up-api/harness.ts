import { API_FAULTS, failApiServer, failOnce } from '../../support/api-faults.ts';
import { startApiServer } from '../../support/api-server.ts';
import type { Harness, StandIn } from '../harness.ts';
import { withField } from '../harnesses/own-field.ts';
import { openPersonnel } from './connector.ts';

const KEY = 'the-key-of-school-064601';
const WRONG = 'not-the-key-at-all';
const person = (i: number): Record<string, unknown> => ({
  no: `N${i}`,
  fullName: `王小明${i}`,
  idNumber: 'A123456789',
  post: '教師',
  room: i,
});

interface Said {
  asOf: string;
  /** How many more the service says than there are. */
  beyond: number;
  people: Record<string, unknown>[];
}
const FAULTS: Readonly<Record<string, { code: string; change: (said: Said) => void }>> = {
  'a total that is never reached': { code: 'api-total', change: (said) => (said.beyond = 1) },
  'more people than the total': { code: 'api-total', change: (said) => (said.beyond = -2) },
  'a service without anybody': { code: 'api-empty', change: (said) => (said.people = []) },
  'a clock of another year': { code: 'api-moment-ahead', change: (said) => (said.asOf = '2099-01-01T00:00:00+08:00') },
};

export const personnel: Harness = {
  type: 'a made-up format',
  variant: 'an API with a key, in pages',
  complete: true,
  moment: 'source',
  json: true,
  server: true,
  schools: false,
  several: true,
  leaves: false,
  notWhole: 'a total that is never reached',
  faults: {
    ...API_FAULTS,
    ...Object.fromEntries(Object.entries(FAULTS).map(([fault, { code }]) => [fault, code])),
    'a fresh token that is refused': 'api-credentials',
    'no right to the data': 'api-credentials',
    'wrong credentials': 'api-credentials',
  },
  async start(records) {
    const people = Array.from({ length: records }, (_, i) => person(i));
    const said: Said = { asOf: '2024-08-01T02:00:00+08:00', beyond: 0, people };
    const routes = (url: URL) => {
      const [page, size] = ['page', 'size'].map((name) => Number(url.searchParams.get(name)));
      const { asOf, beyond, people: all } = said;
      return { json: { asOf, total: all.length + beyond, people: all.slice((page! - 1) * size!, page! * size!) } };
    };
    const server = await startApiServer({ '064601': KEY }, routes, 'x-api-key');
    const open = (key: string) =>
      openPersonnel(
        {
          name: 'personnel',
          school: '064601',
          url: server.url,
          // Pages of a few; of many records no more pages than that.
          pageSize: Math.max(3, Math.ceil(records / 4)),
          requestTimeoutSeconds: 5,
          maxResponseBytes: 1024 * 1024,
          maxRetryAfterSeconds: 5,
          retryPauseSeconds: 0.002,
        },
        key,
      );
    const changeItem: NonNullable<StandIn['changeItem']> = async (change) => {
      people[1] = change(people[1]!) as never;
      return 'N1';
    };
    const world: StandIn = {
      connector: open(KEY),
      marks: people.map(({ no }) => String(no)),
      markOf: (row) => row.values.staffId,
      fields: Object.keys(person(0)),
      secrets: [KEY, WRONG, 'A123456789', '王小明'],
      trace: async () => server.requests.length,
      sent: async () => server.sent,
      asked: () => server.requests.map(({ url }) => url.href),
      failOnce: () => failOnce(server),
      async breakRow() {
        delete people[2]!.fullName;
        return 'N2';
      },
      async repeatRow() {
        people.push(people[0]!);
        return 'N0';
      },
      addField: async (name) => void (await changeItem((item) => withField(item, name))),
      changeItem,
      textField: 'post',
      async fail(fault) {
        if (fault === 'wrong credentials') world.connector = open(WRONG);
        else if (!(await failApiServer(server, fault))) FAULTS[fault]!.change(said);
      },
      close: () => server.close(),
    };
    return world;
  },
};
