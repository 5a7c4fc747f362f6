/**
 * An authenticated session: OAuth2 client credentials, one token for all requests, taken anew once when the server no longer accepts it. Requests that
 * are under way beside each other wait for one token together.
 */
import { careToken } from '../../schemas/care-system.ts';
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import type { Answer, Http } from './http.ts';
import { type Patience, patiently } from './patience.ts';
import { parseJson } from './wire.ts';

const TOKEN_PATH = '/oauth/token';

export interface Session {
  /** The body of a JSON answer with status 200, as `use` reads it. @param signal gives this request up. @throws SourceError */
  get<T>(
    path: string,
    params: Record<string, string | number>,
    use: (body: Buffer) => T,
    signal: AbortSignal,
  ): Promise<T>;
}

export function createSession(
  config: SourceConfigOf<'care-system'>,
  secret: string,
  http: Http,
  patience: Patience,
): Session {
  let token: Promise<string> | null = null;

  const newToken = (): Promise<string> => {
    const data = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: config.clientId,
      client_secret: secret,
    });
    const post = () => http.request(TOKEN_PATH, { method: 'POST', data });
    return patiently(TOKEN_PATH, patience, post, (answer) => {
      if ([400, 401, 403].includes(answer.status)) {
        throw new SourceError('care-credentials', { status: answer.status, clientId: config.clientId });
      }
      const parsed = careToken.safeParse(parseJson(jsonBody(answer, TOKEN_PATH), TOKEN_PATH));
      if (parsed.success) return parsed.data.access_token;
      throw new SourceError('care-page-shape', { page: TOKEN_PATH, field: 'access_token', problem: 'missing' });
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
    async get(path, params, use, signal) {
      const mine = { ...patience, signal: AbortSignal.any([patience.signal, signal]) };
      const once = async (asked: Promise<string>) => {
        const headers = { authorization: `Bearer ${await asked}` };
        return await patiently(
          path,
          mine,
          () => http.request(path, { method: 'GET', params, headers, signal }),
          (answer) => (answer.status === 401 ? null : { value: use(jsonBody(answer, path)) }),
        );
      };
      const asked = sharedToken();
      const first = await once(asked);
      if (first) return first.value;
      if (token === asked) token = null;
      const second = await once(sharedToken());
      if (second) return second.value;
      throw new SourceError('care-unauthorised', { path, clientId: config.clientId });
    },
  };
}

/** @throws SourceError `care-redirect`, `care-status`, `care-not-json`: final, for asking again gives the same. */
function jsonBody(answer: Answer, path: string): Buffer {
  const { status, contentType, body } = answer;
  if (status >= 300 && status < 400) throw new SourceError('care-redirect', { path, status });
  if (status !== 200) throw new SourceError('care-status', { path, status });
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(contentType)) {
    throw new SourceError('care-not-json', { path, contentType: contentType.slice(0, 60) || '-' });
  }
  return body;
}
