import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkDigit } from '../../../samples/world/identifiers.ts';
import type { SourceConfigOf } from '../../../schemas/config.ts';

export interface CareData {
  asOf: string;
  institutions: Record<string, unknown>[];
  staff: Record<string, unknown>[];
}

export interface CareRequest {
  path: string;
  /** With its query. */
  url: string;
  cursor: string | null;
  changedSince: string | null;
  /** How many requests the server had before this one. */
  before: number;
}

/** Takes over an answer: true when it has answered (or will). The data may be changed on the way. */
export type Intercept = (request: CareRequest, response: ServerResponse, data: CareData) => boolean;

export interface CareServer {
  /** What it answers from: may be changed at any time. */
  data: CareData;
  config: SourceConfigOf<'care-system'>;
  requests: CareRequest[];
  /** Bodies of the pages, as sent. */
  sent: Buffer[];
  tokensGiven: number;
  /** What no longer counts from now on: the next request gets a 401. */
  revokeTokens(): void;
  close(): Promise<void>;
}

export const sendJson = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
};

/** A care system on loopback that follows the contract, but where a test steps in. */
export async function startCareServer(
  data: CareData,
  intercept: Intercept = () => false,
  secret = 'right',
): Promise<CareServer> {
  let valid = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const seen: CareRequest = {
      path: url.pathname,
      url: url.href,
      cursor: url.searchParams.get('cursor'),
      changedSince: url.searchParams.get('changedSince'),
      before: care.requests.length,
    };
    care.requests.push(seen);
    if (intercept(seen, response, data)) return;
    if (url.pathname === '/oauth/token') void giveToken(request, response);
    else if (request.headers.authorization !== `Bearer ${valid}`) sendJson(response, { error: 'token' }, 401);
    else care.sent.push(sendPage(url, data, response));
  });

  const giveToken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let form = '';
    for await (const piece of request) form += piece;
    const fields = new URLSearchParams(form);
    if (fields.get('client_id') !== 'mingce' || fields.get('client_secret') !== secret) {
      sendJson(response, { error: 'invalid_client' }, 401);
      return;
    }
    care.tokensGiven++;
    valid = `token-${care.tokensGiven}`;
    sendJson(response, { access_token: valid, token_type: 'Bearer', expires_in: 3600 });
  };

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const care: CareServer = {
    data,
    config: {
      type: 'care-system',
      name: 'care',
      url: `http://127.0.0.1:${port}`,
      clientId: 'mingce',
      clientSecretEnv: 'CARE_SECRET',
      pageSize: 2,
      requestTimeoutSeconds: 2,
      walkTimeoutSeconds: 30,
      maxResponseBytes: 1024 * 1024,
      maxRetryAfterSeconds: 5,
      retryPauseSeconds: 0.02,
      parallelLists: true,
      delta: false,
      completeEveryNights: 7,
    },
    requests: [],
    sent: [],
    tokensGiven: 0,
    revokeTokens: () => {
      valid = '';
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return care;
}

/** In lines, so that bytes made anew would differ. @returns the body */
function sendPage(url: URL, data: CareData, response: ServerResponse): Buffer {
  const listed = url.pathname === '/v1/institutions' ? data.institutions : data.staff;
  const since = url.searchParams.get('changedSince');
  const all =
    since === null ? listed : listed.filter((item) => Date.parse(String(item.updatedAt)) >= Date.parse(since));
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const to = from + Number(url.searchParams.get('limit'));
  const page = {
    asOf: data.asOf,
    total: all.length,
    items: all.slice(from, to),
    nextCursor: to < all.length ? String(to) : null,
  };
  const body = JSON.stringify(page, null, 1);
  sendJson(response, body);
  return Buffer.from(body);
}

/** A care system of so many people, no two alike. */
export function careCity(people: number): CareData {
  const { asOf, institutions, staff } = careData();
  const made = Array.from({ length: people }, (_, i) => {
    const first9 = `B2${String(1_000_000 + i * 7).padStart(7, '0')}`;
    const ids = { staffId: `S${String(i).padStart(5, '0')}`, nationalId: `${first9}${checkDigit(first9)}` };
    const place = {
      institutionSid: `094280002${i % 3}`,
      leftOn: null,
      leaveReason: null,
      reviewStatus: '核定',
      changeType: null,
    };
    return {
      ...staff[0],
      ...ids,
      ...place,
      name: `${[...'陳林黃張李'][i % 5]}${[...'美宜淑雅'][i % 4]}${[...'玲君芬婷惠'][(i * 3) % 5]}`,
    };
  });
  return { asOf, institutions, staff: made };
}

export const careData = (): CareData => ({
  asOf: '2024-08-01T02:00:00+08:00',
  institutions: ['一', '二', '三'].map((number, i) => ({
    sid: `094280002${i}`,
    name: `臺中市私立第${number}幼兒園`,
    ownership: '私立',
    legalClass: null,
    parentSchoolCode: null,
    quasiPublic: i === 0,
    town: '大雅區',
    address: '臺中市大雅區中清路3段1號',
    telephone: '(04)25660000',
    principal: '林園長',
    approvedCapacity: 120,
    status: '營業中',
    reviewStatus: '核定',
    updatedAt: '2024-07-01T09:00:00+08:00',
  })),
  staff: Array.from({ length: 5 }, (_, i) => ({
    staffId: `S${i}`,
    institutionSid: '0942800020',
    nationalId: 'A123456789',
    name: `王小明${i}`,
    sex: '女',
    birthDate: '78/04/01',
    title: '教師',
    certificateNo: null,
    hiredOn: '112/08/01',
    leftOn: i === 0 ? '113/07/31' : null,
    leaveReason: i === 0 ? '轉園' : null,
    email: null,
    mobile: '0912345678',
    reviewStatus: i === 1 ? '異動待審' : '核定',
    changeType: i === 1 ? '新進' : null,
    updatedAt: '2024-07-02T09:00:00+08:00',
  })),
});
