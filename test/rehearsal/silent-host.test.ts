/** A night on which the server of many schools does not answer: each job tries three times, and the server is asked a few times all the same. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SyncResult } from '../../schemas/outputs/sync-result.ts';
import { answerOf, type CloudSchool, person, startCloudSchool } from '../connectors/support/cloudschool.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const SECRET = 'secret-of-every-school';
const CODES = Array.from({ length: 12 }, (_, i) => `0646${String(i + 1).padStart(2, '0')}`);

let cloud: CloudSchool;
let small: SmallInstallation;
beforeAll(async () => {
  const clients = CODES.map((code) => `client-${code}`);
  cloud = await startCloudSchool(
    Object.fromEntries(clients.map((client) => [client, answerOf([], { 更新時間: '2024-07-29 01:00:00' })])),
    Object.fromEntries(clients.map((client) => [client, SECRET])),
  );
  for (const [i, client] of clients.entries())
    cloud.answers[client] = answerOf([person(i, { 身分證編碼: null })], { 更新時間: '2024-07-29 01:00:00' });
  const source = {
    type: 'cloudschool',
    name: 'cloud',
    url: `${cloud.server.url}/school`,
    retryPauseSeconds: 0.01,
    schools: CODES.map((code) => ({ code, clientId: `client-${code}`, clientSecretEnv: `SECRET_${code}` })),
  };
  small = await openSmallInstallation(1, { sources: [source], secret: () => SECRET });
});
afterAll(async () => {
  await small.close();
  await cloud.server.close();
});

const schools = (result: SyncResult) =>
  result.sources.flatMap((s) => s.parts ?? [s]).filter(({ source }) => source.startsWith('cloud/'));

it('three schools are waited for, one of the others is asked once, and every school is told', async () => {
  cloud.server.intercept = (_request, response) => {
    response.destroy();
    return true;
  };
  const told = schools(await small.night('2024-07-30T02:00:00+08:00'));
  expect(told).toHaveLength(12);
  expect(told.every(({ status }) => status === 'failed')).toBe(true);
  const codes = told.map(({ error }) => error?.code);
  expect(codes.filter((code) => code === 'api-host-silent').length).toBeGreaterThanOrEqual(7);
  expect(codes.filter((code) => code === 'api-unreachable').length).toBeGreaterThanOrEqual(3);
  // 3 schools with 5 tries, and single tries for the 8th and 16th that would have been passed over, in all three tries of the job.
  expect(cloud.server.requests).toHaveLength(3 * 5 + 2);
});

it('the next night, when it speaks again, takes all of them', async () => {
  cloud.server.intercept = () => false;
  const told = schools(await small.night('2024-07-31T02:00:00+08:00'));
  expect(told.map(({ status }) => status)).toEqual(CODES.map(() => 'fresh'));
});
