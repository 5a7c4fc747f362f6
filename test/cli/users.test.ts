/** `mingce users` and `mingce audit` as people type them, in processes of their own: what they are told, and where a credential never stands. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { publishedAnswer } from '../support/published-schema.ts';
import { type Ended, runMingce } from '../support/run-mingce.ts';
import { withClient } from '../support/test-server.ts';

const SHOWN = /通行碼 credential {2}(\S+)$/m;

let folder: string;
let database: TestDatabase;
let env: Record<string, string>;
/** Everything that any of the commands wrote, but the answers that show a credential. */
let written = '';
const credentials: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-users-'));
  database = await createTestDatabase();
  const key = path.join(folder, 'mingce.key');
  makeKeyFile(key);
  const config = path.join(folder, 'mingce.yaml');
  const list = path.resolve('samples/institutions/schools.csv');
  const source = `{ type: institution-list, name: schools, path: ${list}, layout: schools }`;
  await writeFile(config, `simulation: true\nsources:\n  - ${source}\n`);
  env = {
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_KEY_FILE: key,
    MINGCE_CONFIG: config,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'trace',
  };
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

async function run(more: Record<string, string>, ...args: string[]): Promise<Ended> {
  const ended = await runMingce({ ...env, ...more }, ...args);
  written += ended.err;
  if (!SHOWN.test(ended.out)) written += ended.out;
  return ended;
}
/** Runs a command that shows a credential. */
async function issued(more: Record<string, string>, ...args: string[]): Promise<string> {
  const { status, out, err } = await run(more, ...args);
  expect([status, err]).toEqual([0, '']);
  const credential = SHOWN.exec(out)?.[1] ?? '';
  expect(out.split(credential)).toHaveLength(2);
  credentials.push(credential);
  return credential;
}
const as = (credential: string) => ({ MINGCE_CREDENTIAL: credential });
async function refused(status: number, says: string, more: Record<string, string>, ...args: string[]): Promise<void> {
  const ended = await run(more, ...args);
  expect([ended.status, ended.out]).toEqual([status, '']);
  expect(ended.err).toContain(says);
  expect(ended.err).not.toMatch(/^\s+at /m);
}
const ADD = ['users', 'add'] as const;

it('users are added by an ops user; whoever may not is told so, and a credential stands in one answer only', async () => {
  expect((await run({}, 'users', 'list')).out).toContain('尚無使用者');
  await refused(64, 'must be of role ops', {}, ...ADD, 'lin', '--role', 'bureau');
  const ops = await issued({}, ...ADD, 'ops', '--role', 'ops');
  await refused(64, 'Give --as with an ops user', {}, ...ADD, 'lin', '--role', 'bureau');
  await refused(
    64,
    'expected it in the environment variable MINGCE_CREDENTIAL',
    {},
    ...ADD,
    'lin',
    '--role',
    'bureau',
    '--as',
    'ops',
  );
  const wrong = 'credential is not accepted';
  await refused(1, wrong, as('00000-00000'), ...ADD, 'lin', '--role', 'bureau', '--as', 'ops');
  await refused(1, wrong, as(ops), ...ADD, 'lin', '--role', 'bureau', '--as', 'nobody');
  const lin = await issued(as(ops), ...ADD, 'lin', '--role', 'bureau', '--as', 'ops');
  await refused(1, 'it takes an active user of role ops', as(lin), ...ADD, 'wu', '--role', 'ops', '--as', 'lin');

  const chen = [...ADD, 'chen', '--role', 'school', '--as', 'ops'];
  await refused(64, 'needs --institution', as(ops), ...chen);
  await refused(64, 'no institution has that code', as(ops), ...chen, '--institution', '064601');
  expect((await run({}, 'sync', '--clock', '2024-07-30T02:00:00+08:00')).status).toBe(0);
  await issued(as(ops), ...chen, '--institution', '064601');
});

it('a credential is renewed, a user is disabled for a reason, and the list says so', async () => {
  const [ops = '', lin = ''] = credentials;
  const wrong = 'credential is not accepted';
  await refused(64, '--as', {}, 'users', 'renew', 'lin');
  const renewed = await issued(as(ops), 'users', 'renew', 'lin', '--as', 'ops');
  expect(renewed).not.toBe(lin);
  const disable = ['users', 'disable', 'lin', '--as', 'ops', '--reason'];
  await refused(64, '--reason: the text holds a national id', as(ops), ...disable, 'A123456789 離職');
  await refused(64, '--reason: the text holds a credential', as(ops), ...disable, `was ${lin}`);
  await refused(64, '--reason: 0 characters', as(ops), ...disable, ' ');
  expect(written).not.toContain('A123456789');
  expect((await run(as(ops), ...disable, '調職')).out).toContain('user disabled: lin');
  await refused(1, wrong, as(renewed), ...ADD, 'wu', '--role', 'ops', '--as', 'lin');
  await refused(64, 'Add --enable', as(ops), 'users', 'renew', 'lin', '--as', 'ops');

  const list = publishedAnswer('user-list', (await run({}, 'users', 'list', '--json')).out);
  expect(list).toMatchObject([
    { name: 'chen', role: 'school', institutionCode: '064601', status: 'active', createdBy: 'ops' },
    { name: 'lin', status: 'disabled', disabledWhy: '調職' },
    { name: 'ops', status: 'active', createdBy: 'installation' },
  ]);
  expect((await run({}, 'users', 'list')).out).toMatch(/lin +教育局 bureau +- +已停用 disabled .*調職/);
});

it('recovery is for when no ops user can sign in: no --as, role ops, and all others of them are out', async () => {
  const ops = credentials[0] as string;
  const recover = [...ADD, 'ops2', '--recover', '--role'];
  await refused(64, '--recover: expected --role ops and no --as', {}, ...recover, 'bureau');
  await refused(64, '--recover: expected --role ops and no --as', as(ops), ...recover, 'ops', '--as', 'ops');
  const ops2 = await issued({}, ...recover, 'ops');
  await refused(1, 'not accepted', as(ops), 'users', 'renew', 'chen', '--as', 'ops');
  await issued(as(ops2), 'users', 'renew', 'ops', '--enable', '--as', 'ops2');
});

it('an audit trail that is whole ends with 0 and its head, a broken one with 1 and the row', async () => {
  const whole = await run({}, 'audit', 'verify', '--json');
  expect(whole.status).toBe(0);
  const { head, rows } = publishedAnswer('audit-verified', whole.out) as {
    head: { row: number; digest: string };
    rows: number;
  };
  expect(rows).toBeGreaterThan(8);
  const noted = `${head.row}:${head.digest}`;
  const text = await run({}, 'audit', 'verify', '--noted', noted);
  expect([text.status, text.out]).toEqual([0, `稽核軌跡完整，共 ${rows} 列。 The audit trail is whole.　${noted}\n`]);
  await refused(64, '--noted 3: expected a row and its digest', {}, 'audit', 'verify', '--noted', '3');
  await withClient(database.url, (client) =>
    client.query(
      `ALTER TABLE ops.audit DISABLE TRIGGER audit_immutable; UPDATE ops.audit SET actor = 'lin' WHERE id = 5`,
    ),
  );
  const broken = await run({}, 'audit', 'verify', '--json');
  expect(broken.status).toBe(1);
  expect(publishedAnswer('audit-verified', broken.out)).toMatchObject({
    whole: false,
    broken: { row: 5, code: 'audit-row-changed' },
  });
  const told = await run({}, 'audit', 'verify');
  expect([told.status, told.err]).toEqual([1, '']);
  expect(told.out).toContain('Row 5 of the audit trail is not what its digest says');
});

it('no credential stands in a log at trace, an error, a JSON document or the database', async () => {
  expect(new Set(credentials).size).toBe(6);
  const kept = await withClient(database.url, async (client) => {
    const { rows } = await client.query(
      `SELECT (SELECT string_agg(u::text, ' ') FROM ops.app_user u) || (SELECT string_agg(a::text, ' ') FROM ops.audit a) AS text`,
    );
    return rows[0].text as string;
  });
  expect(written).toContain('"level"');
  for (const credential of credentials)
    for (const form of [credential, credential.replaceAll('-', ''), Buffer.from(credential).toString('hex')])
      expect((written + kept).toLowerCase()).not.toContain(form.toLowerCase());
});
