/** `mingce doctor` answers with all of its checks whatever is broken: that one failed, with what to do, and what stands on it was not checked. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECK_NAMES, type Check, type CheckName, doctorReport } from '../../schemas/outputs/doctor.ts';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeHome, removeHome } from '../support/embedded-home.ts';
import { runMingce } from '../support/run-mingce.ts';

const PASSWORD = 'geheim-1234';
const LIST = `{ type: institution-list, name: schools, path: ${path.resolve('samples/institutions/schools.csv')}, layout: schools }`;
const CARE = `{ type: care-system, name: care, url: "http://127.0.0.1:1/", clientId: a, clientSecretEnv: CARE_SECRET_OF_TEST }`;
const OF_DATABASE = ['clock', 'keys', 'schema', 'queue'] as const;

let folder: string;
let home: string;
let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mingce-doctor-'));
  home = makeHome();
  database = await createTestDatabase();
  const key = path.join(folder, 'mingce.key');
  makeKeyFile(key);
  env = {
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_KEY_FILE: key,
    MINGCE_CONFIG: config('good', `simulation: true\nsources:\n  - ${LIST}\n`),
    DATABASE_URL: database.url,
  };
});
afterAll(async () => {
  await database.drop();
  await removeHome(home);
  rmSync(folder, { recursive: true });
});

function config(name: string, text: string): string {
  const file = path.join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}

/** Runs it both ways. @returns the checks by name, after all of them were told in their order and nothing else was */
async function examined(status: number, more: Record<string, string>): Promise<Record<CheckName, Check>> {
  const ended = await runMingce({ ...env, ...more }, 'doctor', '--json');
  expect([ended.status, ended.err]).toEqual([status, '']);
  const report = doctorReport.parse(JSON.parse(ended.out));
  expect(report.checks.map(({ name }) => name)).toEqual(CHECK_NAMES);
  expect(report.ok).toBe(status === 0);
  for (const { status: of, todo } of report.checks) expect(todo === null).toBe(of !== 'failed');
  const text = await runMingce({ ...env, ...more }, 'doctor');
  expect([text.status, text.err]).toEqual([status, '']);
  for (const { name, todo } of report.checks) {
    expect(text.out).toMatch(new RegExp(`^(ok|FAIL|–) +${name} `, 'm'));
    if (todo !== null) expect(text.out).toContain(todo);
  }
  expect(ended.out + text.out).not.toContain(PASSWORD);
  return Object.fromEntries(report.checks.map((one) => [one.name, one])) as Record<CheckName, Check>;
}
const those = (checks: Record<CheckName, Check>, status: Check['status']): CheckName[] =>
  CHECK_NAMES.filter((name) => checks[name].status === status);

it('all is well', async () => {
  const checks = await examined(0, {});
  expect(those(checks, 'ok')).toEqual(CHECK_NAMES);
});

it('a database that cannot be reached', async () => {
  const url = `postgres://mingce:${PASSWORD}@127.0.0.1:1/roster`;
  const checks = await examined(1, { DATABASE_URL: url });
  expect(those(checks, 'failed')).toEqual(['database']);
  expect(checks.database.detail).toContain('DATABASE_URL: cannot use the database at 127.0.0.1:1');
  expect(those(checks, 'not-checked')).toEqual(OF_DATABASE);
  expect(checks.clock.detail).toBe('not checked: needs database');
});

it('an embedded cluster that PostgreSQL 18 does not start', async () => {
  mkdirSync(path.join(home, 'postgres/data'), { recursive: true });
  writeFileSync(path.join(home, 'postgres/data/PG_VERSION'), '12\n');
  const checks = await examined(1, { MINGCE_HOME: home, DATABASE_URL: '', MINGCE_KEY_FILE: '' });
  expect(those(checks, 'failed')).toEqual(['database']);
  expect(checks.database.detail).toContain(path.join(home, 'postgres/data'));
  expect(those(checks, 'not-checked')).toEqual(OF_DATABASE);
});

it('the key of another database: nothing is written with it', async () => {
  expect((await runMingce(env, 'sync', '--clock', '2024-07-30T02:00:00+08:00')).status).toBe(0);
  const wrong = path.join(folder, 'wrong.key');
  writeFileSync(wrong, randomBytes(32).toString('base64'));
  for (const [file, says] of [
    [wrong, 'is not the key of this database'],
    [path.join(folder, 'none.key'), 'is not there'],
  ] as const) {
    const checks = await examined(1, { MINGCE_KEY_FILE: file });
    expect(those(checks, 'failed')).toEqual(['keys']);
    expect(checks.keys.detail).toContain(`${file} ${says}`);
    expect(those(checks, 'not-checked')).toEqual(['schema', 'queue']);
  }
});

it('a Redis that cannot be reached stops nothing else', async () => {
  const checks = await examined(1, { REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:1` });
  expect(those(checks, 'failed')).toEqual(['queue']);
  expect(those(checks, 'not-checked')).toEqual([]);
});

it('a wrong environment, a wrong configuration, a missing secret, a data folder that is none', async () => {
  const environment = await examined(1, { LOG_LEVEL: 'loud' });
  expect(those(environment, 'failed')).toEqual(['environment']);
  expect(environment.environment.detail).toContain('LOG_LEVEL');
  expect(those(environment, 'ok')).toEqual(['node']);

  const unknown = await examined(1, { MINGCE_CONFIG: config('bad', `sources:\n  - ${LIST}\nwebb: ${PASSWORD}\n`) });
  expect(those(unknown, 'failed')).toEqual(['configuration']);
  expect(unknown.configuration.detail).toContain('unknown key webb');
  expect(those(unknown, 'not-checked')).toEqual(['secrets', 'sources']);

  const secret = await examined(1, { MINGCE_CONFIG: config('care', `sources:\n  - ${LIST}\n  - ${CARE}\n`) });
  expect(those(secret, 'failed')).toEqual(['secrets']);
  expect(secret.secrets.detail).toContain('sources[1].clientSecretEnv: environment variable CARE_SECRET_OF_TEST');
  expect(those(secret, 'not-checked')).toEqual(['sources']);

  const place = await examined(1, { MINGCE_HOME: '/nowhere/at/all' });
  expect(those(place, 'failed')).toEqual(['home']);
  expect(those(place, 'not-checked')).toEqual(['disk', 'database', ...OF_DATABASE, 'sources']);
});
