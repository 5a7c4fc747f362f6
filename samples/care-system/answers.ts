/** What the stand-in answers to a request, and the count of what it served. Knows the contract; knows nothing of sockets. */
import type { IncomingMessage } from 'node:http';
import type { Chronicle } from '../world/chronicle.ts';
import { instant } from '../world/clocks.ts';
import { type InstitutionItem, institutionItems, type StaffItem, staffItems } from './feed.ts';
import { issueCursor, issueToken, readCursor, tokenHolds } from './token.ts';

export interface StandInOptions {
  chronicle: Chronicle;
  clientId: string;
  secret: string;
  /** 0 takes a free port. */
  port: number;
  /** Moment for requests without `/at/…`. */
  clock: string;
  tokenSeconds?: number;
  /** Answers 429 with `Retry-After` to each n-th request below /v1, then serves its repetition. */
  rateLimit?: { every: number; retryAfterSeconds: number };
  /** The real clock, for token expiry. */
  now?: () => number;
}

/** One walk over one list, from its first page on. */
export interface ServedWalk {
  list: 'institutions' | 'staff';
  asOf: string;
  changedSince: string | null;
  total: number;
  served: number;
  pages: number;
  finished: boolean;
}

type Item = InstitutionItem | StaffItem;
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

export const problem = (status: number, detail: string, headers: Record<string, string> = {}): Answer => ({
  status,
  body: { detail },
  headers,
});

async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > 10_000) return null;
  }
  return new URLSearchParams(text);
}

export class CareSystem {
  readonly walks: ServedWalk[] = [];
  readonly #options: StandInOptions;
  readonly #lists = new Map<string, Item[]>();
  #requests = 0;
  #refused = false;

  constructor(options: StandInOptions) {
    this.#options = options;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #items(list: ServedWalk['list'], night: number): Item[] {
    const key = `${night}/${list}`;
    let items = this.#lists.get(key);
    if (!items) {
      const { chronicle } = this.#options;
      const { world } = chronicle.chapter(night);
      items = list === 'institutions' ? institutionItems(world) : staffItems(chronicle.setting, world);
      this.#lists.set(key, items);
    }
    return items;
  }

  async token(request: IncomingMessage): Promise<Answer> {
    const form = request.method === 'POST' ? await readForm(request) : null;
    if (form?.get('grant_type') !== 'client_credentials') return problem(400, 'grant_type must be client_credentials');
    const { clientId, secret, tokenSeconds = 3600 } = this.#options;
    if (form.get('client_id') !== clientId || form.get('client_secret') !== secret)
      return problem(401, 'wrong credentials');
    const access_token = issueToken(secret, this.#now() + tokenSeconds * 1000);
    return { status: 200, body: { access_token, token_type: 'Bearer', expires_in: tokenSeconds } };
  }

  #limited(): boolean {
    const { rateLimit } = this.#options;
    if (!rateLimit) return false;
    this.#requests++;
    this.#refused = !this.#refused && this.#requests % rateLimit.every === 0;
    return this.#refused;
  }

  page(list: ServedWalk['list'], asOf: string, request: IncomingMessage, query: URLSearchParams): Answer {
    const { secret, rateLimit } = this.#options;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token || !tokenHolds(token, secret, this.#now())) return problem(401, 'token missing or expired');
    if (this.#limited()) return problem(429, 'slow down', { 'retry-after': String(rateLimit?.retryAfterSeconds ?? 0) });
    const limitText = query.get('limit') ?? '500';
    const limit = Number(limitText);
    if (!/^\d+$/.test(limitText) || limit < 1 || limit > 5000)
      return problem(400, 'limit must be a whole number from 1 to 5000');
    const changedSince = query.get('changedSince');
    if (changedSince !== null && !/^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:\d\d)$/.test(changedSince)) {
      return problem(400, 'changedSince must be a moment with an offset');
    }
    const walk = `${list}|${asOf}|${changedSince ?? ''}`;
    const cursor = query.get('cursor');
    const offset = cursor === null ? 0 : readCursor(cursor, secret, walk);
    if (offset === null) return problem(400, 'cursor is not one of this walk');
    const all = this.#items(list, this.#options.chronicle.nightAt(asOf));
    const since = changedSince === null ? null : instant(changedSince);
    const items = since === null ? all : all.filter((item) => instant(item.updatedAt) >= since);
    const page = items.slice(offset, offset + limit);
    const end = offset + page.length;
    this.#count(
      { list, asOf, changedSince, total: items.length, served: page.length, pages: 1, finished: end >= items.length },
      offset,
    );
    const nextCursor = end < items.length ? issueCursor(secret, walk, end) : null;
    return { status: 200, body: { asOf, total: items.length, items: page, nextCursor } };
  }

  #count(page: ServedWalk, offset: number): void {
    const open = this.walks.findLast((w) => w.list === page.list && w.asOf === page.asOf && !w.finished);
    if (offset === 0 || !open) {
      this.walks.push(page);
      return;
    }
    open.served += page.served;
    open.pages += 1;
    open.finished = page.finished;
  }
}
