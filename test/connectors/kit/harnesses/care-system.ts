import { openConnector } from '../../../../connectors/registry.ts';
import { type CareData, careData, type Intercept, sendJson, startCareServer } from '../../support/care-server.ts';
import { environmentAt } from '../../support/environment.ts';
import type { Harness } from '../harness.ts';
import { withField } from './own-field.ts';

const SECRET = 'the-secret-of-the-care-client';
const html: Intercept = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>登入</html>');
  return true;
};
const json =
  (body: string): Intercept =>
  (_request, response) => {
    sendJson(response, body);
    return true;
  };
const empty = (status: number): Intercept => {
  return (_request, response) => {
    response.writeHead(status, { location: 'http://elsewhere.example/' }).end();
    return true;
  };
};
const PAGES: Readonly<Record<string, { code: string; answer: Intercept }>> = {
  'a login page with status 200': { code: 'care-not-json', answer: html },
  'no content': { code: 'care-status', answer: empty(204) },
  'a redirect to another host': { code: 'care-redirect', answer: empty(302) },
  'a duplicate key': { code: 'care-json-duplicate-key', answer: json('{"total":1,"total":5}') },
  'a number beyond 2^53': { code: 'care-json-big-number', answer: json('{"total":9007199254740993}') },
  'a page of another shape': { code: 'care-page-shape', answer: json('[]') },
  'a fresh token that is refused': { code: 'care-unauthorised', answer: empty(401) },
};

const fieldsOf = ({ institutions, staff }: CareData): string[] => [
  ...Object.keys(institutions[0]!).map((field) => `institutions.${field}`),
  ...Object.keys(staff[0]!).map((field) => `staff.${field}`),
];

export const careSystem: Harness = {
  type: 'care-system',
  complete: true,
  moment: 'source',
  json: true,
  server: true,
  schools: false,
  several: true,
  leaves: false,
  notWhole: 'a total that does not add up',
  faults: {
    ...Object.fromEntries(Object.entries(PAGES).map(([fault, { code }]) => [fault, code])),
    'wrong credentials': 'care-credentials',
    'nobody listens': 'care-unreachable',
    'a clock of another year': 'api-moment-ahead',
    'a list that is empty': 'care-list-empty',
    'a total that does not add up': 'care-walk-total',
  },
  async start(records) {
    const data = careData();
    const [pattern] = data.staff;
    const people = records - data.institutions.length;
    data.staff = Array.from({ length: people }, (_, i) => ({
      ...pattern,
      staffId: `S${i}`,
      leftOn: null,
      leaveReason: null,
    }));
    let answer: Intercept = () => false;
    let secret = SECRET;
    const server = await startCareServer(
      data,
      (request, ...rest) => request.path === '/v1/staff' && answer(request, ...rest),
      SECRET,
    );
    // Pages of a few; of many records no more pages than that.
    const config = { ...server.config, pageSize: Math.max(2, Math.ceil(records / 4)), retryPauseSeconds: 0.002 };
    const open = () => openConnector(config, environmentAt('/', secret));
    const changeItem = async (change: (item: Readonly<Record<string, unknown>>) => unknown): Promise<string> => {
      data.staff[1] = change(data.staff[1]!) as never;
      return 'S1';
    };
    const world = {
      connector: open(),
      marks: [...data.institutions.map((i) => String(i.sid)), ...data.staff.map((s) => String(s.staffId))],
      markOf: (row: { values: { code?: string; staffId?: string } }) => row.values.staffId ?? row.values.code,
      fields: fieldsOf(data),
      secrets: [SECRET, 'not-the-secret-at-all', 'Bearer ', 'token-1', 'A123456789', '王小明', '0912345678'],
      trace: async () => server.requests.length,
      sent: async () => server.sent,
      asked: () => server.requests.map(({ url }) => url),
      failOnce() {
        answer = (_request, response) => {
          answer = () => false;
          response.writeHead(500).end();
          return true;
        };
      },
      async repeatRow() {
        data.staff.push(data.staff[0]!);
        return 'S0';
      },
      addField: async (name: string) => void (await changeItem((item) => withField(item, name))),
      changeItem,
      textField: 'title',
      async breakRow() {
        delete data.staff[1]!.name;
        return 'S1';
      },
      async fail(fault: string) {
        if (fault === 'a list that is empty') data.staff = [];
        else if (fault === 'wrong credentials') {
          secret = 'not-the-secret-at-all';
          world.connector = open();
        } else if (fault === 'nobody listens') await server.close();
        else if (fault === 'a clock of another year') data.asOf = '2099-01-01T00:00:00+08:00';
        else if (fault === 'a total that does not add up') {
          answer = json(JSON.stringify({ asOf: data.asOf, total: 99, items: data.staff, nextCursor: null }));
        } else answer = PAGES[fault]!.answer;
      },
      close: () => server.close(),
    };
    return world;
  },
};
