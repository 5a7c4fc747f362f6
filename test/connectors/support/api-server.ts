import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendJson } from './care-server.ts';

export interface ApiRequest {
  method: string;
  url: URL;
  authorization: string | undefined;
  headers: IncomingHttpHeaders;
}

/** Takes over an answer: true when it has answered (or will). */
export type ApiIntercept = (request: ApiRequest, response: ServerResponse) => boolean;

export interface ApiServer {
  url: string;
  requests: ApiRequest[];
  /** Bodies of what the routes answered, as sent. */
  sent: Buffer[];
  /** All that were given. */
  tokens: string[];
  /** Steps in before everything else. */
  intercept: ApiIntercept;
  /** What no longer counts from now on. */
  revokeTokens(): void;
  close(): Promise<void>;
}

/** What a client with a valid token is answered; null for what is not there. */
export type ApiRoutes = (url: URL, clientId: string) => { json: unknown; headers?: Record<string, string> } | null;

const SPENT_AFTER_CLOSE = 'closed';

/**
 * A server on loopback with OAuth2 client credentials, in the form or in a Basic header; `clients` gives each its secret.
 * @param keyHeader the secret comes in this header of every request instead, and no token is given
 */
export async function startApiServer(
  clients: Readonly<Record<string, string>>,
  routes: ApiRoutes,
  keyHeader?: string,
): Promise<ApiServer> {
  const holders = new Map<string, string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'loopback'}`);
    const { headers } = request;
    const { authorization } = headers;
    const seen: ApiRequest = { method: request.method ?? '', url, authorization, headers };
    api.requests.push(seen);
    if (api.intercept(seen, response)) return;
    if (url.pathname.endsWith('/oauth/token')) return void giveToken(request, response);
    const client = keyHeader
      ? Object.keys(clients).find((name) => clients[name] === headers[keyHeader])
      : holders.get(authorization?.replace(/^Bearer /, '') ?? '');
    if (client === undefined) return sendJson(response, { error: 'token' }, 401);
    const answer = routes(url, client);
    for (const [name, value] of Object.entries(answer?.headers ?? {})) response.setHeader(name, value);
    if (!answer) return sendJson(response, { error: 'not found' }, 404);
    // In lines, so that bytes made anew would differ.
    const body = typeof answer.json === 'string' ? answer.json : JSON.stringify(answer.json, null, 1);
    api.sent.push(Buffer.from(body));
    sendJson(response, body);
  });

  const giveToken = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let form = '';
    for await (const piece of request) form += piece;
    const fields = new URLSearchParams(form);
    const basic = request.headers.authorization?.replace(/^Basic /, '');
    const pair = basic ? Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent) : [];
    const [id, secret] = basic ? pair : [fields.get('client_id') ?? '', fields.get('client_secret') ?? ''];
    if (fields.get('grant_type') !== 'client_credentials' || clients[id!] === undefined || clients[id!] !== secret) {
      return sendJson(response, { error: 'invalid_client' }, 401);
    }
    const token = `token-of-${id}-${api.tokens.length + 1}`;
    api.tokens.push(token);
    holders.set(token, id!);
    sendJson(response, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
  };

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  let state = '';
  const api: ApiServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    sent: [],
    tokens: [],
    intercept: () => false,
    revokeTokens: () => holders.clear(),
    close: async () => {
      if (state === SPENT_AFTER_CLOSE) return;
      state = SPENT_AFTER_CLOSE;
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
    },
  };
  return api;
}
