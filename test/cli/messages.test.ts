/** What the person at the terminal is told when the surroundings are wrong: the name of the setting, what was tried, what to do; no secret, no trace. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded } from '../../warehouse/embedded/open-embedded.ts';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { isConnectionLost } from '../../warehouse/reach-database.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeHome, removeHome, THROWAWAY } from '../support/embedded-home.ts';
import { runMingce } from '../support/run-mingce.ts';
import { makeTestLogger } from '../support/test-logger.ts';
import { withClient } from '../support/test-server.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'geheim-1234';
const TRACE = /^\s+at /m;
const LIST = path.resolve('samples/institutions/schools.csv');
const SOURCE = `{ type: institution-list, name: schools, path: ${LIST}, layout: schools }`;

let folder: string;
let database: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-messages-'));
  database = await createTestDatabase();
  const key = path.join(folder, 'mingce.key');
  makeKeyFile(key);
  env = {
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_KEY_FILE: key,
    MINGCE_CONFIG: await config('good', `simulation: true\nsources:\n  - ${SOURCE}\n`),
    DATABASE_URL: database.url,
  };
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function config(name: string, text: string): Promise<string> {
  const file = path.join(folder, `${name}.yaml`);
  await writeFile(file, text);
  return file;
}
async function said(status: number, more: Record<string, string>, ...args: string[]): Promise<string> {
  const ended = await runMingce({ ...env, ...more }, ...args);
  expect([ended.status, ended.out]).toEqual([status, '']);
  expect(ended.err).not.toContain(PASSWORD);
  expect(ended.err).not.toMatch(TRACE);
  expect(
    ended.err
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{')),
  ).toEqual([]);
  return ended.err;
}

it('a database that cannot be used: which variable, where it was looked for, what to do', async () => {
  const url = new URL(database.url);
  const nobody = await said(1, { DATABASE_URL: `postgres://mingce:${PASSWORD}@127.0.0.1:1/roster` }, 'runs');
  expect(nobody).toContain('DATABASE_URL: cannot use the database at 127.0.0.1:1, database "roster", user "mingce"');
  expect(nobody).toContain('start PostgreSQL, or correct host and port');
  url.pathname = '/no_such_database';
  expect(await said(1, { DATABASE_URL: url.href }, 'runs')).toContain('it has no such database');
});

it('a Redis that cannot be used is told before a run waits for it without end', async () => {
  const told = await said(1, { REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:1` }, 'sync');
  expect(told).toContain('REDIS_URL: cannot use the Redis at 127.0.0.1:1 (ECONNREFUSED)');
});

it('an unknown key is named with the keys that are expected at its place, its value is not shown', async () => {
  const text = `sources:\n  - { clientSecret: ${PASSWORD}, ${SOURCE.slice(1)}\nwebb: ${PASSWORD}\nweb: { hots: x }\n`;
  const told = await said(64, { MINGCE_CONFIG: await config('unknown', text) }, 'sync');
  expect(told).toContain('unknown key sources.0.clientSecret; expected there: type, name, contract');
  expect(told).toContain('unknown key web.hots; expected there: host, port');
  expect(told).toContain('unknown key webb; expected there: city, simulation, sources');
});

const CARE = 'type: care-system, name: care, url: "http://127.0.0.1:1/", clientId: a';

it('a secret written where its variable should be named is not repeated; one that is not set is asked for by name', async () => {
  const wrong = await config('secret', `sources:\n  - { ${CARE}, clientSecretEnv: ${PASSWORD} }\n`);
  expect(await said(64, { MINGCE_CONFIG: wrong }, 'sync')).toContain('sources.0.clientSecretEnv');
  const unset = await config('unset', `sources:\n  - { ${CARE}, clientSecretEnv: CARE_SECRET_OF_TEST }\n`);
  const told = await said(64, { MINGCE_CONFIG: unset }, 'sync');
  expect(told).toContain(`${unset}: sources[0].clientSecretEnv: environment variable CARE_SECRET_OF_TEST is not set`);
});

it('a report that cannot be written where it was asked for', async () => {
  expect(await said(1, {}, 'report')).toContain('"mingce sync" makes one');
  expect((await runMingce(env, 'sync', '--clock', '2024-07-30T02:00:00+08:00')).status).toBe(0);
  for (const place of ['/nonexistdir/x', folder]) {
    expect(await said(64, {}, 'report', '--output', place)).toContain(`--output ${place}: cannot be written`);
  }
});

it('a report that is a file asks for the name of the file, and is written for its owner only', async () => {
  for (const format of ['xlsx', 'ods', 'pdf']) {
    expect(await said(64, {}, 'report', '--format', format)).toContain(
      `--format ${format}: is a file, not text for a terminal; expected --output FILE beside it`,
    );
    const file = path.join(folder, `report.${format}`);
    expect((await runMingce(env, 'report', '--format', format, '--output', file)).status).toBe(0);
    const { mode, size } = await stat(file);
    expect(mode & 0o777).toBe(0o600);
    expect(size).toBeGreaterThan(1000);
  }
  expect((await runMingce(env, 'report', '--format', 'csv')).out).toMatch(/^\uFEFF表名,種類,/);
});

it('what was asked for is not there: wrong usage, whichever it is', async () => {
  for (const [args, says] of [
    [['runs', '987654'], 'there is no run 987654'],
    [['report', '987654'], 'there is no run 987654'],
    [['report', '--institution', '999999'], 'no institution has the code "999999"'],
    [['explain', 'person', '987654'], 'there is no person 987654'],
    [['receipt', '999999'], '999999: no receipt'],
    [['snapshot', 'show', '113-teacher-plan-v9'], '113-teacher-plan-v9'],
    [['quarantine', 'export', '999999', path.join(folder, 'x.csv')], '999999: nothing of this school is quarantined'],
    [['contract', 'accept', 'nobody'], '"nobody" never handed in anything'],
  ] as const)
    expect(await said(64, {}, ...args), args.join(' ')).toContain(says);
});

it('a hash of a moment: one that has passed, one that has not come, one that is none', async () => {
  const plain = await runMingce(env, 'hash');
  expect(plain.out).toMatch(/^sha256:[0-9a-f]{64}\n$/);
  expect(await runMingce(env, 'hash', '--as-of', new Date().toISOString())).toEqual(plain);
  expect((await runMingce(env, 'hash', '--as-of', '2024-07-30T02:00:00+08:00')).out).not.toBe(plain.out);
  expect(await said(64, {}, 'hash', '--as-of', '2999-01-01T00:00:00Z')).toContain(
    '--as-of 2999-01-01T00:00:00Z has not come',
  );
  expect(await said(64, {}, 'hash', '--as-of', 'now')).toContain('--as-of now: expected a moment with its offset');
});

it('a client whose server is gone is known by what it says', async () => {
  const client = new pg.Client({ connectionString: database.url });
  const broken = new Promise<Error>((resolve) => client.on('error', resolve));
  await client.connect();
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  const sleeping = client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
  await withClient(database.url, (other) => other.query('SELECT pg_terminate_backend($1)', [rows[0].pid]));
  expect(isConnectionLost(await sleeping)).toBe(true);
  expect(isConnectionLost(await broken)).toBe(true);
  expect(isConnectionLost(await client.query('SELECT 1').catch((error: unknown) => error))).toBe(true);
  expect(isConnectionLost(new Error('anything else'))).toBe(false);
});

it('a server that is killed under a sync is told in one line, with status 1, and the run goes on next time', async () => {
  const home = makeHome();
  const own = { MINGCE_HOME: home, MINGCE_CONFIG: env.MINGCE_CONFIG as string, LOG_LEVEL: 'silent' };
  const embedded = await openEmbedded({ home, log: makeTestLogger().logger, settings: THROWAWAY });
  const holder = new pg.Client({ connectionString: embedded.url });
  holder.on('error', () => undefined);
  try {
    expect((await runMingce(own, 'migrate')).status).toBe(0);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE ops.plan_change IN ACCESS EXCLUSIVE MODE');
    const syncing = runMingce(own, 'sync', '--clock', '2024-07-30T02:00:00+08:00');
    await until('the sync waits for the lock', async () => {
      const { rows } = await holder.query('SELECT 1 FROM pg_locks WHERE NOT granted');
      return rows.length > 0;
    });
    process.kill(
      Number(readFileSync(path.join(home, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]),
      'SIGKILL',
    );
    const ended = await syncing;
    expect(ended.status).toBe(1);
    expect(ended.err).toContain('the database went away while the command was at work');
    expect(ended.err).not.toMatch(TRACE);
    expect((await runMingce(own, 'sync', '--clock', '2024-07-30T02:00:00+08:00')).status).toBe(0);
  } finally {
    await holder.end().catch(() => undefined);
    await embedded.close();
    await removeHome(home);
  }
});
