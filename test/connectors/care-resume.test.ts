/** A walk that was interrupted goes on behind its held pages; lists are walked beside each other; one token and one pause serve both. */
import { afterAll, describe, expect, it } from 'vitest';
import type { StoredObject } from '../../connectors/contract.ts';
import { openConnector } from '../../connectors/registry.ts';
import { type CareServer, careCity, type Intercept, sendJson, startCareServer } from './support/care-server.ts';
import { environmentAt } from './support/environment.ts';
import { contextAt, keep, readAll, sourceError } from './support/handover.ts';

const PART = { source: 'care', drop: 'care', files: [] };
const servers: CareServer[] = [];
afterAll(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(intercept?: Intercept): Promise<CareServer> {
  const server = await startCareServer(careCity(9), intercept);
  servers.push(server);
  return server;
}
const open = (server: CareServer, changes: Partial<CareServer['config']> = {}) =>
  openConnector({ ...server.config, ...changes }, environmentAt('/', 'right'));

const asked = ({ requests }: CareServer, from = 0): string[] =>
  requests.slice(from).map(({ path, cursor }) => `${path.slice(path.lastIndexOf('/') + 1)} ${cursor ?? 'first'}`);

/** Takes pages until so many are kept, as a process that is then killed; none is on its way then. */
async function interrupted(server: CareServer, pages: number): Promise<StoredObject[]> {
  const held: StoredObject[] = [];
  const take = keep(open(server, { parallelLists: false }), PART, contextAt(), undefined, (object) => {
    held.push(object);
    if (held.length === pages) throw new Error('killed');
  });
  await expect(take).rejects.toThrow('killed');
  return held;
}

async function resume(server: CareServer, held: StoredObject[]) {
  const connector = open(server);
  const [delivery] = await keep(connector, PART, contextAt(), { held, landed: null });
  return readAll(connector, delivery!);
}

describe('an interrupted walk', () => {
  it.each([1, 2, 4, 6])('goes on behind the %i pages that it had', async (pages) => {
    const server = await serve();
    const held = await interrupted(server, pages);
    const from = server.requests.length;
    const { delivery, rows, notes } = await resume(server, held);
    expect(delivery.objects.slice(0, pages)).toEqual(held);
    expect(rows).toHaveLength(3 + 9);
    expect(notes).toMatchObject({ pages: 7, pagesOfBrokenWalks: 0, institutions: 3, staff: 9 });
    const rest = [
      'institutions first',
      'institutions 2',
      'staff first',
      'staff 2',
      'staff 4',
      'staff 6',
      'staff 8',
    ].slice(pages);
    expect(
      asked(server, from)
        .filter((page) => page !== 'token first')
        .sort(),
    ).toEqual(rest.sort());
  });

  it('asks for nothing where it had every page', async () => {
    const server = await serve();
    const [whole] = await keep(open(server), PART, contextAt());
    const from = server.requests.length;
    const { rows } = await resume(server, whole!.objects);
    expect(rows).toHaveLength(12);
    expect(server.requests).toHaveLength(from);
  });

  it('is walked again when asOf moved meanwhile, and only the new walk is read', async () => {
    const server = await serve();
    const held = await interrupted(server, 4);
    server.data.asOf = '2024-08-01T02:05:00+08:00';
    const { delivery, rows, notes } = await resume(server, held);
    expect(delivery.asOf).toBe('2024-08-01T02:05:00+08:00');
    expect(rows).toHaveLength(12);
    expect(notes).toMatchObject({ pages: 7, pagesOfBrokenWalks: 4 });
  });

  it('is walked again when the server no longer knows its cursor', async () => {
    let forgets = false;
    const server = await serve(({ cursor }, response) => {
      if (forgets && cursor !== null) {
        forgets = false;
        sendJson(response, { detail: 'cursor is not one of this walk' }, 400);
        return true;
      }
      return false;
    });
    const held = await interrupted(server, 4);
    forgets = true;
    expect((await resume(server, held)).notes).toMatchObject({ pages: 7, pagesOfBrokenWalks: 4 });
  });

  it('that never holds together ends after three new walks', async () => {
    const server = await serve();
    const held = await interrupted(server, 4);
    let second = 0;
    const moving = await serve((_request, _response, data) => {
      second = (second + 1) % 60;
      data.asOf = `2024-08-01T02:07:${String(second).padStart(2, '0')}+08:00`;
      return false;
    });
    expect(await sourceError(resume(moving, held))).toMatchObject({ code: 'care-walk-as-of' });
    expect(asked(moving).filter((page) => page === 'institutions first')).toHaveLength(3);
  });
});

describe('two lists beside each other', () => {
  it('staff are asked for while institutions still come', async () => {
    const staffAsked = Promise.withResolvers<void>();
    const server = await serve(({ path, cursor }, response, { asOf, institutions }) => {
      if (path === '/v1/staff') staffAsked.resolve();
      if (path !== '/v1/institutions' || cursor !== '2') return false;
      const page = { asOf, total: 3, items: institutions.slice(2), nextCursor: null };
      void staffAsked.promise.then(() => sendJson(response, page));
      return true;
    });
    const [delivery] = await keep(open(server), PART, contextAt());
    expect(delivery!.objects.map(({ name }) => name.replace(/walk 1, /, ''))).toEqual([
      'institutions page 1',
      'institutions page 2',
      ...[1, 2, 3, 4, 5].map((page) => `staff page ${page}`),
    ]);
  });

  it('one request at a time where the configuration says so', async () => {
    const server = await serve();
    await keep(open(server, { parallelLists: false }), PART, contextAt());
    expect(asked(server).slice(0, 4)).toEqual(['token first', 'institutions first', 'institutions 2', 'staff first']);
  });

  it('share a token that is asked for once, and once more when it stops counting under both', async () => {
    let stopped = false;
    const waiting: (() => void)[] = [];
    const server = await serve(({ path, cursor }, response) => {
      if (stopped || cursor !== '2' || path === '/oauth/token') return false;
      // Both lists are at their second page before either is told that its token is no longer good.
      waiting.push(() => sendJson(response, {}, 401));
      if (waiting.length === 2) {
        stopped = true;
        server.revokeTokens();
        for (const refuse of waiting) refuse();
      }
      return true;
    });
    const [delivery] = await keep(open(server), PART, contextAt());
    expect(delivery!.objects).toHaveLength(7);
    expect(server.tokensGiven).toBe(2);
  });

  it('both wait when one is asked to', async () => {
    let refusedAt = 0;
    const after: number[] = [];
    const server = await serve(({ path, cursor }, response) => {
      if (refusedAt > 0) after.push(Date.now() - refusedAt);
      if (refusedAt > 0 || path !== '/v1/institutions' || cursor !== '2') return false;
      refusedAt = Date.now();
      response.writeHead(429, { 'retry-after': '1' }).end();
      return true;
    });
    await keep(open(server), PART, contextAt());
    // One request of the other list may have been on its way.
    expect(after.filter((ms) => ms < 950).length).toBeLessThanOrEqual(1);
    expect(after.length).toBeGreaterThan(3);
  });
});
