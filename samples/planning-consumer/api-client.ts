/** The snapshot API as a planning system sees it: asks, goes on with a download where it stopped, reports back. Node alone, no package. */
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

export interface Server {
  url: string;
  token: string;
}
export interface Described {
  id: string;
  version: number;
  fingerprint: string;
  files: { path: string; href: string; bytes: number; sha256: string }[];
}

/** Somebody must act: the token, the question or what came is not right. Trying again changes nothing. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  /** Of the answer that refused; 0 where none did. */
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

/** A connection that breaks is tried again as often, as long as it brings nothing new. */
const MOST_TRIES = 5;

async function ask({ url, token }: Server, address: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) };
  const response = await fetch(new URL(address, url), { ...init, headers, redirect: 'error' });
  if (response.ok || response.status === 416) return response;
  const problem = response.headers.get('content-type')?.startsWith('application/problem+json')
    ? ((await response.json()) as { detail: string; detailEn: string })
    : null;
  const said = `${response.status} for ${address}: ${problem ? `${problem.detail} ${problem.detailEn}` : 'no problem told'}`;
  // 429 and 5xx pass by themselves.
  throw response.status === 429 || response.status >= 500 ? new Error(said) : new RefusedError(said, response.status);
}

/** What is to be imported now. */
export async function latest(server: Server, campaign: string, kind: string): Promise<Described> {
  const query = new URLSearchParams({ campaign, kind });
  return (await ask(server, `/api/v1/snapshots/latest?${query}`)).json() as Promise<Described>;
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** One try: from where the part ends, if the file is still the same. */
async function goOn(server: Server, file: Described['files'][number], part: string): Promise<void> {
  const have = await sizeOf(part);
  if (have === file.bytes && have > 0) return;
  const tag = `"${file.sha256.replace('sha256:', '')}"`;
  const resume = have === 0 ? {} : { range: `bytes=${have}-`, 'if-range': tag };
  const response = await ask(server, file.href, { headers: { 'accept-encoding': 'identity', ...resume } });
  if (response.status === 416) return rm(part, { force: true });
  const flags = response.status === 206 ? 'a' : 'w';
  const body = Readable.fromWeb(response.body as ReadableStream);
  await pipeline(body, createWriteStream(part, { flags, mode: 0o600 }));
}

/** Fetches a file to `target`. What an earlier try brought is kept beside it, also over restarts. @throws RefusedError, or the last error of a connection */
export async function download(server: Server, file: Described['files'][number], target: string): Promise<void> {
  const part = `${target}.part`;
  let furthest = 0;
  for (let failures = 0; failures < MOST_TRIES; ) {
    let why: unknown = null;
    await goOn(server, file, part).catch((error: unknown) => {
      why = error;
    });
    const size = await sizeOf(part);
    if (size === file.bytes) return rename(part, target);
    if (size > file.bytes) await rm(part);
    if (size > file.bytes || why instanceof RefusedError)
      throw why ?? new RefusedError(`${file.path} is longer than was said: ${size} and not ${file.bytes} bytes`);
    failures = size > furthest ? 1 : failures + 1;
    furthest = Math.max(furthest, size);
    if (failures === MOST_TRIES) throw why ?? new Error(`${file.path} came short: ${size} of ${file.bytes} bytes`);
  }
}

/** No such thing any more, none between the two, shredded. */
const NO_DELTA: ReadonlySet<number> = new Set([404, 409, 410]);

/** Fetches what makes a snapshot of the one that stands. @returns false where that is not to be had: then the whole is */
export async function fetchDelta(server: Server, id: string, since: string, target: string): Promise<boolean> {
  const query = new URLSearchParams({ since });
  try {
    const response = await ask(server, `/api/v1/snapshots/${id}/delta?${query}`);
    await pipeline(
      Readable.fromWeb(response.body as ReadableStream),
      createWriteStream(target, { flags: 'w', mode: 0o600 }),
    );
    return true;
  } catch (error) {
    if (error instanceof RefusedError && NO_DELTA.has(error.status)) return false;
    throw error;
  }
}

export interface Receipt {
  fingerprint: string;
  imported: number;
  rejected: number;
  reasons: { code: string; rows: number }[];
}

/** Said again it changes nothing, so it may be said after every doubt. */
export async function report(server: Server, id: string, receipt: Receipt): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await ask(server, `/api/v1/snapshots/${id}/receipts`, { method: 'POST', headers, body: JSON.stringify(receipt) });
}
