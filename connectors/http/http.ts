/**
 * One request with its limits: a deadline over the whole exchange (axios's own timeout restarts with every byte), a cap on decoded
 * bytes, no redirects (no credential follows one), no proxy from the environment. Answers of any status come back; what is done
 * about them is decided in `patience.ts`.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig } from 'axios';
import { SourceError } from '../../schemas/source-error.ts';
import type { Fail } from './failures.ts';

export interface Answer {
  status: number;
  contentType: string;
  retryAfter: string | undefined;
  /** By lower-case name. */
  header(name: string): string | undefined;
  body: Buffer;
}

type RequestOptions = Pick<AxiosRequestConfig, 'method' | 'params' | 'headers' | 'data'> & {
  /** Gives this one request up. */
  signal?: AbortSignal;
};

export interface Http {
  /** `path` is below the base URL, whatever it says. @throws SourceError `unreachable`, `timeout` (both retryable), `tooLarge` */
  request(path: string, options: RequestOptions): Promise<Answer>;
  close(): void;
}

export interface HttpLimits {
  url: string;
  requestTimeoutSeconds: number;
  /** Decoded. */
  maxResponseBytes: number;
}

export function createHttp(limits: HttpLimits, signal: AbortSignal, fail: Fail): Http {
  const agents = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent({ keepAlive: true }) };
  const client = axios.create({
    ...agents,
    baseURL: limits.url.replace(/\/$/, ''),
    allowAbsoluteUrls: false,
    maxRedirects: 0,
    proxy: false,
    responseType: 'stream',
    validateStatus: () => true,
    headers: { accept: 'application/json', 'user-agent': 'mingce' },
  });

  return {
    async request(path, { signal: own, ...options }) {
      const timeout = AbortSignal.timeout(limits.requestTimeoutSeconds * 1000);
      const stopped = own ? AbortSignal.any([signal, own]) : signal;
      const both = AbortSignal.any([stopped, timeout]);
      try {
        const { status, headers, data } = await client.request<Readable>({ ...options, url: path, signal: both });
        const body = await collect(data, both, limits.maxResponseBytes, () =>
          fail('tooLarge', { path, limit: limits.maxResponseBytes }),
        );
        const header = (name: string): string | undefined => headers[name]?.toString();
        return { status, contentType: header('content-type') ?? '', retryAfter: header('retry-after'), header, body };
      } catch (cause) {
        if (cause instanceof SourceError) throw cause;
        stopped.throwIfAborted();
        if (timeout.aborted)
          throw fail('timeout', { path, seconds: limits.requestTimeoutSeconds }, { retryable: true });
        // The cause stays out: an axios error carries the request with its credentials.
        const reason = String((cause as { code?: unknown }).code ?? (cause as Error).name);
        throw fail('unreachable', { path, host: new URL(limits.url).host, reason }, { retryable: true });
      }
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** `bytes` are decoded ones: what a compressed answer unfolds to is what fills the memory. */
async function collect(
  stream: Readable,
  signal: AbortSignal,
  limit: number,
  tooLarge: () => SourceError,
): Promise<Buffer> {
  const held: Buffer[] = [];
  let bytes = 0;
  const stop = (): void => {
    stream.destroy(new Error('deadline'));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of stream) {
      bytes += (piece as Buffer).length;
      if (bytes > limit) throw tooLarge();
      held.push(piece as Buffer);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
  return Buffer.concat(held);
}
