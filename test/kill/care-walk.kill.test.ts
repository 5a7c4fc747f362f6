/**
 * Killed (-9) in the middle of a page walk: the run that is taken up again does not ask for the pages that it had, and ends with the hash of an
 * undisturbed one; where the server's picture moved on meanwhile, it walks again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { connect, type Database } from '../../warehouse/connect.ts';
import { type CareServer, careCity, type Intercept, startCareServer } from '../connectors/support/care-server.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const PEOPLE = 60;
const PAGE = 5;
const STAFF_PAGES = PEOPLE / PAGE;
const CLOCK = '2024-08-01T02:00:00+08:00';
const LATER = '2024-08-01T02:30:00+08:00';

interface Place {
  database: TestDatabase;
  db: Database;
  home: string;
  server: CareServer;
}
const places: Place[] = [];
let undisturbed: string;

async function makePlace(intercept?: Intercept): Promise<Place> {
  const database = await createTestDatabase();
  const home = await mkdtemp(path.join(os.tmpdir(), 'mingce-walk-'));
  const server = await startCareServer(careCity(PEOPLE), intercept);
  const config = { simulation: true, sources: [{ ...server.config, pageSize: PAGE, clientSecretEnv: 'CARE_SECRET' }] };
  await writeFile(path.join(home, 'mingce.yaml'), stringify(config));
  await writeFile(path.join(home, 'key'), randomBytes(32).toString('base64'), { mode: 0o600 });
  const place = { database, db: connect(database.url), home, server };
  places.push(place);
  return place;
}

function mingce({ database, home }: Place, ...args: string[]): ChildProcess & { ended: Promise<string> } {
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    MINGCE_HOME: home,
    MINGCE_CONFIG: path.join(home, 'mingce.yaml'),
    MINGCE_KEY_FILE: path.join(home, 'key'),
    CARE_SECRET: 'right',
  };
  const child = spawn(process.execPath, [path.resolve('cli/main.ts'), ...args], { env });
  let stdout = '';
  child.stdout.on('data', (piece) => (stdout += piece));
  child.stderr.resume();
  return Object.assign(child, {
    ended: new Promise<string>((resolve) => child.once('close', () => resolve(stdout.trim()))),
  });
}

const hashOf = (place: Place): Promise<string> => mingce(place, 'hash').ended;
const asked = (server: CareServer, from = 0): string[] =>
  server.requests
    .slice(from)
    .filter(({ path: at }) => at.startsWith('/v1/'))
    .map(({ path: at, cursor }) => `${at} ${cursor ?? ''}`);
const held = async ({ db }: Place): Promise<string[]> =>
  (await db('landing.held_object').orderBy('position')).map(({ name }: { name: string }) => name);

beforeAll(async () => {
  const place = await makePlace();
  await mingce(place, 'sync', '--clock', CLOCK).ended;
  undisturbed = await hashOf(place);
  expect(undisturbed).toMatch(/^sha256:/);
});

afterAll(async () => {
  for (const { db, database, home, server } of places) {
    await db.destroy();
    await database.drop();
    await server.close();
    await rm(home, { recursive: true });
  }
});

/** A place whose first sync was killed while the server let it wait for the page behind `cursor`. */
async function killedAt(cursor: string, pagesHeld: number): Promise<Place> {
  let waits = true;
  const place = await makePlace((request) => waits && request.path === '/v1/staff' && request.cursor === cursor);
  const child = mingce(place, 'sync', '--clock', CLOCK);
  await until('the walk waits', async () => (await held(place)).length === pagesHeld, 60_000);
  child.kill('SIGKILL');
  await child.ended;
  waits = false;
  return place;
}

it('goes on behind the pages that it had, and asks for each page once', async () => {
  const place = await killedAt('30', 7);
  expect(await held(place)).toHaveLength(7);
  const before = asked(place.server);
  const seen = place.server.requests.length;
  await mingce(place, 'worker', '--until-idle').ended;
  const after = asked(place.server, seen);
  expect(after).toEqual([
    '/v1/staff 30',
    '/v1/staff 35',
    '/v1/staff 40',
    '/v1/staff 45',
    '/v1/staff 50',
    '/v1/staff 55',
  ]);
  const twice = [...before, ...after].filter((page, i, all) => all.indexOf(page) !== i);
  expect(twice).toEqual(['/v1/staff 30']);
  expect(new Set([...before, ...after]).size).toBe(1 + STAFF_PAGES);
  expect(await hashOf(place)).toBe(undisturbed);
  expect(await held(place)).toEqual([]);
  const [run] = await place.db('ops.run_source');
  expect(run).toMatchObject({ status: 'fresh', read: PEOPLE + 3, accepted: PEOPLE + 3 });
});

it('walks again when the picture moved on meanwhile', async () => {
  const place = await killedAt('30', 7);
  const seen = place.server.requests.length;
  place.server.data.asOf = LATER;
  await mingce(place, 'worker', '--until-idle').ended;
  const after = asked(place.server, seen);
  expect(after[0]).toBe('/v1/staff 30');
  expect(after.filter((page) => page.startsWith('/v1/staff'))).toHaveLength(1 + STAFF_PAGES);
  expect(after.filter((page) => page.startsWith('/v1/institutions'))).toHaveLength(1);
  expect(await hashOf(place)).toBe(undisturbed);
  const [delivery] = await place.db('landing.delivery');
  expect(Date.parse(delivery.as_of)).toBe(Date.parse(LATER));
});
