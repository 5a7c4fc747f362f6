/**
 * A stand-in for the care system: the OpenAPI contract over made-up data, on loopback. The moment that it speaks for is part of its
 * address (`/at/2024-08-01T02:00:00+08:00/v1/staff`), so it keeps no clock and no state but a count of what it served.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, CareSystem, problem, type ServedWalk, type StandInOptions } from './answers.ts';

export type { ServedWalk, StandInOptions } from './answers.ts';

export interface StandIn {
  /** `http://127.0.0.1:PORT`, without a moment. */
  url: string;
  /** Base address that speaks for a moment. */
  urlAt(clock: string): string;
  walks(): readonly ServedWalk[];
  close(): Promise<void>;
}

const LISTS: Readonly<Record<string, ServedWalk['list']>> = {
  '/v1/institutions': 'institutions',
  '/v1/staff': 'staff',
};

async function answer(system: CareSystem, defaultClock: string, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const match = /^\/at\/([^/]+)(\/.*)$/.exec(url.pathname);
  const asOf = match?.[1] === undefined ? defaultClock : decodeURIComponent(match[1]);
  const path = match?.[2] ?? url.pathname;
  if (Number.isNaN(Date.parse(asOf))) return problem(404, 'the moment in the address is not readable');
  if (path === '/oauth/token') return system.token(request);
  const list = LISTS[path];
  if (!list || request.method !== 'GET') return problem(404, 'no such resource');
  return system.page(list, asOf, request, url.searchParams);
}

export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const system = new CareSystem(options);
  const reply = (response: ServerResponse, { status, body, headers }: Answer): void => {
    const bytes = Buffer.from(JSON.stringify(body));
    response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': bytes.length,
      ...headers,
    });
    response.end(bytes);
  };
  const server = createServer((request, response) => {
    answer(system, options.clock, request).then(
      (given) => reply(response, given),
      (error: unknown) => reply(response, problem(500, error instanceof Error ? error.message : String(error))),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    urlAt: (clock) => `${url}/at/${encodeURIComponent(clock)}`,
    walks: () => system.walks,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
