/** The key of a database: made once, never guessed, and another one is refused before anything is touched. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { makeHome, removeHome } from '../support/embedded-home.ts';
import { runMingce } from '../support/run-mingce.ts';
import { withClient } from '../support/test-server.ts';

let home: string;
let folder: string;
let config: string;
let database: TestDatabase;

beforeAll(async () => {
  home = makeHome();
  folder = mkdtempSync(path.join(tmpdir(), 'mingce-key-'));
  config = path.join(folder, 'mingce.yaml');
  const list = path.resolve('samples/institutions/schools.csv');
  writeFileSync(
    config,
    `simulation: true\nsources:\n  - { type: institution-list, name: schools, path: ${list}, layout: schools }\n`,
  );
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await removeHome(home);
  rmSync(folder, { recursive: true });
});

const embedded = (more: Record<string, string> = {}) => ({ MINGCE_HOME: home, MINGCE_CONFIG: config, ...more });
const SYNC = ['sync', '--clock', '2024-07-30T02:00:00+08:00'];

it('commands that only look make no key, and the first run makes it, readable for its owner alone', async () => {
  const key = path.join(home, 'mingce.key');
  expect(await runMingce(embedded(), 'runs')).toMatchObject({ status: 0, out: expect.stringContaining('No run yet') });
  const doctor = await runMingce(embedded(), 'doctor');
  expect(doctor.out).toContain('nothing was sealed yet');
  expect((await runMingce(embedded(), 'hash')).status).toBe(0);
  expect(existsSync(key)).toBe(false);
  expect((await runMingce(embedded(), ...SYNC)).status).toBe(0);
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect((await runMingce(embedded(), 'doctor')).out).toMatch(/ok +keys +the key file is the one of this database/);
});

it('a key file that is not there is not made anew for a filled database: refused, naming it', async () => {
  const other = path.join(folder, 'other.key');
  for (const command of [SYNC, ['runs'], ['report'], ['hash'], ['worker', '--until-idle']]) {
    const ended = await runMingce(embedded({ MINGCE_KEY_FILE: other }), ...command);
    expect([command[0], ended.status, ended.out]).toEqual([command[0], 64, '']);
    expect(ended.err).toContain(`${other} is not there`);
    expect(ended.err).not.toContain('    at ');
  }
  expect(existsSync(other)).toBe(false);
});

it('another key is refused by every command, and the right one finds all as it was', async () => {
  const other = path.join(folder, 'wrong.key');
  writeFileSync(other, randomBytes(32).toString('base64'));
  const before = await runMingce(embedded(), 'runs', '--json');
  for (const command of [SYNC, ['runs'], ['hash'], ['migrate']]) {
    const ended = await runMingce(embedded({ MINGCE_KEY_FILE: other }), ...command);
    expect([command[0], ended.status]).toEqual([command[0], 64]);
    expect(ended.err).toContain(`${other} is not the key of this database`);
    expect(ended.err).not.toContain(readFileSync(other, 'utf8'));
  }
  expect(await runMingce(embedded(), 'runs', '--json')).toEqual(before);
});

it('on a server of your own the key is never made, the first run binds it, and another is refused', async () => {
  const key = path.join(folder, 'server.key');
  const own = (file: string) => ({
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_CONFIG: config,
    DATABASE_URL: database.url,
    MINGCE_KEY_FILE: file,
  });
  expect(await runMingce(own(key), ...SYNC)).toMatchObject({
    status: 64,
    err: expect.stringContaining('is not there'),
  });
  expect(existsSync(key)).toBe(false);
  makeKeyFile(key);
  expect((await runMingce(own(key), ...SYNC)).status).toBe(0);
  const sealed = async () =>
    withClient(database.url, async (client) => (await client.query('SELECT sealed FROM ops.key_check')).rows);
  const bound = await sealed();
  expect(bound).toHaveLength(1);
  const other = path.join(folder, 'second.key');
  makeKeyFile(other);
  const refused = await runMingce(own(other), ...SYNC);
  expect([refused.status, await sealed()]).toEqual([64, bound]);
});

it('a key file is whole or absent, and one that stands is never written over', () => {
  const place = path.join(folder, 'keys');
  mkdirSync(place);
  const file = path.join(place, 'mingce.key');
  makeKeyFile(file);
  const made = readFileSync(file, 'utf8');
  makeKeyFile(file);
  expect(readFileSync(file, 'utf8')).toBe(made);
  expect(Buffer.from(made, 'base64')).toHaveLength(32);
});
