/** Schools of one host that does not answer: what the night waits for, and what it does not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../../connectors/contract.ts';
import { answerOf, type CloudSchool, person, SECRETS, startCloudSchool } from './support/cloudschool.ts';
import { contextAt, handOver, sourceError } from './support/handover.ts';

const CODES = Array.from({ length: 40 }, (_, i) => `0646${String(i).padStart(2, '0')}`);
const QUICK = { retryPauseSeconds: 0.001 };
const TRIES = 5;

let cloud: CloudSchool;
let connector: Connector;
beforeEach(async () => {
  cloud = await startCloudSchool(
    Object.fromEntries(CODES.map((code) => [`client-${code}`, answerOf([person(1)])])),
    Object.fromEntries(CODES.map((code) => [`client-${code}`, SECRETS['client-064601']!])),
  );
  connector = cloud.open(QUICK, () => SECRETS['client-064601']!);
});
afterEach(() => cloud.server.close());

const hangUp = (_request: unknown, response: { destroy(): unknown }): boolean => {
  response.destroy();
  return true;
};
const fallSilent = (): void => {
  cloud.server.intercept = hangUp;
};
const speak = (): void => {
  cloud.server.intercept = () => false;
};
/** How each school ends, in their order: `fresh`, or the code of its error. */
async function hear(codes = CODES, now?: string): Promise<string[]> {
  const ends: string[] = [];
  for (const code of codes) {
    const part = { source: `cloud/${code}`, drop: 'cloud', files: [] };
    ends.push(
      await handOver(connector, part, contextAt(now)).then(
        () => 'fresh',
        (error: unknown) => (error as { code: string }).code,
      ),
    );
  }
  return ends;
}
const tally = (ends: string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const end of ends) counts[end] = (counts[end] ?? 0) + 1;
  return counts;
};

describe('a host that does not answer', () => {
  it('is waited for by three schools; of the others a few are asked once each, and the rest not at all', async () => {
    fallSilent();
    expect(tally(await hear())).toEqual({ 'api-unreachable': 3 + 3, 'api-host-silent': 34 });
    expect(cloud.server.requests).toHaveLength(3 * TRIES + 3);
  });

  it('is not waited for again by the tries of a job that follow, and whoever failed says the same as before', async () => {
    fallSilent();
    const first = await hear();
    const asked = cloud.server.requests.length;
    const again = await hear();
    expect(again.slice(0, 3)).toEqual(first.slice(0, 3));
    expect(cloud.server.requests.length - asked).toBe(1);
  });

  it('but takes connections is no other', async () => {
    cloud.server.intercept = () => true;
    connector = cloud.open({ ...QUICK, requestTimeoutSeconds: 0.05 }, () => SECRETS['client-064601']!);
    expect(tally(await hear(CODES.slice(0, 6)))).toEqual({ 'api-timeout': 3, 'api-host-silent': 3 });
  });

  it('says so by its name, and is worth another try', async () => {
    fallSilent();
    await hear(CODES.slice(0, 3));
    const part = { source: `cloud/${CODES[3]}`, drop: 'cloud', files: [] };
    const error = await sourceError(handOver(connector, part));
    const host = new URL(cloud.server.url).host;
    expect(error).toMatchObject({ params: { source: part.source, host, schools: 3 }, retryable: true });
  });

  it('and speaks again while the schools are gone through is asked by all of them at the next try', async () => {
    fallSilent();
    await hear(CODES.slice(0, 10));
    speak();
    const rest = await hear(CODES.slice(10));
    expect(rest.indexOf('fresh')).toBeLessThan(9);
    expect(rest.slice(rest.indexOf('fresh')).every((end) => end === 'fresh')).toBe(true);
    expect(tally(await hear())).toEqual({ fresh: 40 });
  });

  it('is asked anew by the next run', async () => {
    fallSilent();
    await hear();
    speak();
    expect(tally(await hear(CODES, '2024-08-03T17:00:00+08:00'))).toEqual({ fresh: 40 });
  });

  it('for one school alone keeps none of the others from being heard, however often it is tried', async () => {
    cloud.server.intercept = (request, response) =>
      request.url.pathname.endsWith('/semester-data') &&
      request.authorization!.includes(`client-${CODES[0]}`) &&
      hangUp(request, response);
    for (let nth = 0; nth < 4; nth++) expect(await hear(CODES.slice(0, 1))).toEqual(['api-unreachable']);
    expect(tally(await hear(CODES.slice(1)))).toEqual({ fresh: 39 });
  });

  it('but refuses is heard: wrong credentials of three schools say nothing of the fourth', async () => {
    connector = cloud.open(QUICK, (name) =>
      CODES.slice(0, 3).some((c) => name.endsWith(c)) ? 'wrong' : SECRETS['client-064601']!,
    );
    expect(tally(await hear())).toEqual({ 'api-credentials': 3, fresh: 37 });
  });
});

it('a school that asks to be waited for has an end to its time', async () => {
  cloud.server.intercept = ({ url }, response) => {
    if (!url.pathname.endsWith('/semester-data')) return false;
    response.writeHead(429, { 'retry-after': '60' }).end();
    return true;
  };
  const one = cloud.open({ walkTimeoutSeconds: 0.2 }, () => SECRETS['client-064601']!);
  const error = await sourceError(handOver(one, { source: 'cloud/064601', drop: 'cloud', files: [] }));
  expect(error).toMatchObject({ code: 'api-school-timeout', params: { source: 'cloud/064601', seconds: 0.2 } });
});
