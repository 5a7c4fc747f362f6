/**
 * An authenticated session: OAuth2 client credentials, one token for all requests, taken anew once when the server no longer accepts it. Requests that
 * are under way beside each other wait for one token together.
 */
import { oauthToken } from '../../schemas/oauth.ts';
import type { Fail } from './failures.ts';
import type { Answer, Http } from './http.ts';
import { jsonBody } from './json-body.ts';
import { parseJson } from './parse-json.ts';
import { type Patience, patiently } from './patience.ts';

export interface Session {
  /** The body of a JSON answer with status 200, as `use` reads it. @param signal gives this request up. @throws SourceError */
  get<T>(
    path: string,
    params: Record<string, string | number>,
    use: (body: Buffer, answer: Answer) => T,
    signal?: AbortSignal,
  ): Promise<T>;
}

export interface Credentials {
  /** Where tokens are given: `path` below the base URL of `http`. */
  http: Http;
  path: string;
  clientId: string;
  secret: string;
  /** In a header (RFC 6749 §2.3.1's first choice) instead of in the form. */
  basic?: boolean;
  scope?: string | undefined;
}

export function createSession(http: Http, credentials: Credentials, patience: Patience, fail: Fail): Session {
  const { clientId } = credentials;
  let token: Promise<string> | null = null;

  const newToken = (): Promise<string> => {
    const { path } = credentials;
    const post = () => credentials.http.request(path, { method: 'POST', ...grant(credentials) });
    return patiently(path, patience, post, (answer) => {
      if ([400, 401, 403].includes(answer.status)) throw fail('credentials', { status: answer.status, clientId });
      const parsed = oauthToken.safeParse(parseJson(jsonBody(answer, path, fail), path, fail));
      if (parsed.success) return parsed.data.access_token;
      throw fail('shape', { page: path, field: 'access_token', problem: 'missing' });
    });
  };

  /** One that failed is not kept. */
  const sharedToken = (): Promise<string> => {
    token ??= newToken().catch((error: unknown) => {
      token = null;
      throw error;
    });
    return token;
  };

  return {
    async get(path, params, use, signal = patience.signal) {
      const mine = { ...patience, signal: AbortSignal.any([patience.signal, signal]) };
      const once = async (asked: Promise<string>) => {
        const headers = { authorization: `Bearer ${await asked}` };
        return await patiently(
          path,
          mine,
          () => http.request(path, { method: 'GET', params, headers, signal }),
          (answer) => (answer.status === 401 ? null : { value: use(jsonBody(answer, path, fail), answer) }),
        );
      };
      const asked = sharedToken();
      const first = await once(asked);
      if (first) return first.value;
      if (token === asked) token = null;
      const second = await once(sharedToken());
      if (second) return second.value;
      throw fail('unauthorised', { path, clientId });
    },
  };
}

function grant({ clientId, secret, basic, scope }: Credentials): {
  data: URLSearchParams;
  headers?: Record<string, string>;
} {
  const data = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
  if (!basic) {
    data.set('client_id', clientId);
    data.set('client_secret', secret);
    return { data };
  }
  const pair = [clientId, secret].map(encodeURIComponent).join(':');
  return { data, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}
