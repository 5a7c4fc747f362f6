/**
 * One request with its limits: a deadline over the whole exchange (axios's own timeout restarts with every byte), a cap on decoded
 * bytes, no redirects (no credential follows one), no proxy from the environment. Answers of any status come back; what is done
 * about them is decided in `patience.ts`.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { type AxiosRequestConfig } from 'axios';
import type { SourceConfigOf } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';

export interface Answer {
  status: number;
  contentType: string;
  retryAfter: string | undefined;
  body: Buffer;
}

type RequestOptions = Pick<AxiosRequestConfig, 'method' | 'params' | 'headers' | 'data'> & {
  /** Gives this one request up. */
  signal?: AbortSignal;
};

export interface Http {
  /** @throws SourceError `care-unreachable`, `care-timeout` (both retryable), `care-response-too-large` */
  request(path: string, options: RequestOptions): Promise<Answer>;
  close(): void;
}

export function createHttp(config: SourceConfigOf<'care-system'>, signal: AbortSignal): Http {
  const agents = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent({ keepAlive: true }) };
  const client = axios.create({
    ...agents,
    baseURL: config.url.replace(/\/$/, ''),
    maxRedirects: 0,
    proxy: false,
    responseType: 'stream',
    validateStatus: () => true,
    headers: { accept: 'application/json', 'user-agent': 'mingce' },
  });

  return {
    async request(path, { signal: own, ...options }) {
      const timeout = AbortSignal.timeout(config.requestTimeoutSeconds * 1000);
      const stopped = own ? AbortSignal.any([signal, own]) : signal;
      const both = AbortSignal.any([stopped, timeout]);
      try {
        const { status, headers, data } = await client.request<Readable>({ ...options, url: path, signal: both });
        const body = await collect(data, both, path, config.maxResponseBytes);
        const header = (name: string): string | undefined => headers[name]?.toString();
        return { status, contentType: header('content-type') ?? '', retryAfter: header('retry-after'), body };
      } catch (cause) {
        if (cause instanceof SourceError) throw cause;
        stopped.throwIfAborted();
        if (timeout.aborted) {
          throw new SourceError('care-timeout', { path, seconds: config.requestTimeoutSeconds }, { retryable: true });
        }
        // The cause stays out: an axios error carries the request with its credentials.
        const reason = String((cause as { code?: unknown }).code ?? (cause as Error).name);
        throw new SourceError(
          'care-unreachable',
          { path, host: new URL(config.url).host, reason },
          { retryable: true },
        );
      }
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

/** `bytes` are decoded ones: what a compressed answer unfolds to is what fills the memory. */
async function collect(stream: Readable, signal: AbortSignal, path: string, limit: number): Promise<Buffer> {
  const held: Buffer[] = [];
  let bytes = 0;
  const stop = (): void => {
    stream.destroy(new Error('deadline'));
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of stream) {
      bytes += (piece as Buffer).length;
      if (bytes > limit) throw new SourceError('care-response-too-large', { path, limit });
      held.push(piece as Buffer);
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
  return Buffer.concat(held);
}
