import { openConnector } from '../../../connectors/registry.ts';
import { sourceConfig } from '../../../schemas/config.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { environmentAt } from './environment.ts';

export type Item = Record<string, unknown>;
export interface ApiLists {
  orgs: Item[];
  users: Item[];
  demographics: Item[];
}

export const CLIENT = 'mingce';
export const SECRET = 'secret-of-the-oneroster-client';

export const apiLists = (teachers: number, version: '1.1' | '1.2' = '1.2'): ApiLists => {
  const ids = Array.from({ length: teachers }, (_, i) => `U${i}`);
  return {
    orgs: [
      { sourcedId: 'city', status: 'active', name: '臺中市', type: 'district', identifier: '66' },
      {
        sourcedId: 'o1',
        status: 'active',
        name: '豐原國小',
        type: 'school',
        identifier: '064601',
        parent: { sourcedId: 'city' },
      },
      {
        sourcedId: 'o9',
        status: 'active',
        name: '別的國小',
        type: 'school',
        identifier: '064609',
        parent: { sourcedId: 'city' },
      },
    ],
    users: [
      ...ids.map((id) => apiUser(id, 'teacher', version)),
      ...ids.map((id) => apiUser(`S${id}`, 'student', version)),
    ],
    demographics: [...ids, ...ids.map((id) => `S${id}`)].map((sourcedId) => ({
      sourcedId,
      birthDate: '1981-05-06',
      sex: 'female',
    })),
  };
};

export const apiUser = (sourcedId: string, role: string, version: '1.1' | '1.2' = '1.2', changes: Item = {}): Item => ({
  sourcedId,
  status: 'active',
  dateLastModified: '2024-07-30T08:00:00.000Z',
  enabledUser: 'true',
  username: `login-${sourcedId}`,
  userIds: [{ type: 'NationalID', identifier: 'A123456789' }],
  givenName: `小明${sourcedId}`,
  familyName: '王',
  email: null,
  sms: '0912345678',
  ...(version === '1.1'
    ? { role, orgs: [{ href: '…', sourcedId: 'o1', type: 'org' }] }
    : {
        roles: [
          { roleType: 'primary', role, org: { href: '…', sourcedId: 'o1', type: 'org' }, beginDate: '2023-08-01' },
        ],
      }),
  ...changes,
});

export interface OneRosterApi {
  server: ApiServer;
  lists: ApiLists;
  /** How the server says how much there is, and how much more it says than there is. */
  says: { total: boolean; link: boolean; beyond: number };
  open(changes?: Record<string, unknown>, secret?: string): ReturnType<typeof openConnector>;
}

const PATHS = ['/ims/oneroster/v1p1', '/ims/oneroster/rostering/v1p2'];

/** A OneRoster service that pages, sorts by sourcedId, and knows one filter. */
export async function startOneRosterApi(lists: ApiLists): Promise<OneRosterApi> {
  const says = { total: true, link: true, beyond: 0 };
  const server = await startApiServer({ [CLIENT]: SECRET }, (url) => {
    const path = PATHS.find((p) => url.pathname.startsWith(`${p}/`));
    const name = url.pathname.slice((path ?? '').length + 1) as keyof ApiLists;
    if (path === undefined || lists[name] === undefined) return null;
    const noStudents = url.searchParams.get('filter') === "role!='student'";
    const all = lists[name].filter((item) => !noStudents || item.role !== 'student');
    const [limit, offset] = ['limit', 'offset'].map((key) => Number(url.searchParams.get(key)));
    const items = all.slice(offset!, offset! + limit!);
    const next = `<https://elsewhere.example${url.pathname}?offset=${offset! + limit!}>; rel="next"`;
    const first = '<https://elsewhere.example/>; rel="first"';
    const link = offset! + limit! < all.length ? `${first}, ${next}` : first;
    return {
      json: { [name]: items },
      headers: {
        ...(says.total ? { 'x-total-count': String(all.length + says.beyond) } : {}),
        ...(says.link ? { link } : {}),
      },
    };
  });
  return {
    server,
    lists,
    says,
    open: (changes = {}, secret = SECRET) =>
      openConnector(
        sourceConfig.parse({
          type: 'oneroster-api',
          name: 'oneroster',
          url: server.url,
          version: '1.2',
          clientId: CLIENT,
          clientSecretEnv: 'ONEROSTER_SECRET',
          pageSize: 3,
          maxResponseBytes: 1024 * 1024,
          requestTimeoutSeconds: 5,
          retryPauseSeconds: 0.002,
          schools: ['064601'],
          identifier: { userIdType: 'NationalID' },
          ...changes,
        }),
        environmentAt('/', secret),
      ),
  };
}
