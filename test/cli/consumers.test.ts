/** `mingce tokens` and `mingce consumers` as people type them, in processes of their own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { publishedAnswer } from '../support/published-schema.ts';
import { type Ended, runMingce } from '../support/run-mingce.ts';

let folder: string;
let database: TestDatabase;
let env: Record<string, string>;
const run = (...args: string[]): Promise<Ended> => runMingce(env, ...args);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-consumers-'));
  database = await createTestDatabase();
  const key = path.join(folder, 'mingce.key');
  makeKeyFile(key);
  const config = path.join(folder, 'mingce.yaml');
  const list = path.resolve('samples/institutions/schools.csv');
  await writeFile(config, `sources:\n  - { type: institution-list, name: schools, path: ${list}, layout: schools }\n`);
  env = {
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_KEY_FILE: key,
    MINGCE_CONFIG: config,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'trace',
  };
  const added = await run('users', 'add', 'ops', '--role', 'ops');
  env.MINGCE_CREDENTIAL = /credential {2}(\S+)$/m.exec(added.out)?.[1] ?? '';
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

it('a token is shown in one answer only, listed without it, and revoked', async () => {
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  expect((await run('tokens', 'list')).out).toContain('尚無存取權杖');
  const add = ['tokens', 'add', 'planning-teacher', '--expires', day, '--as', 'ops', '--kind'];
  const added = await run(...add, 'teacher-plan,school-plan');
  expect([added.status, added.err]).toEqual([0, '']);
  const token = /mingce_[\w-]{43}/.exec(added.out)?.[0] ?? '';
  expect(token).not.toBe('');
  const listed = await run('tokens', 'list', '--json');
  expect(publishedAnswer('token-list', listed.out)).toMatchObject([
    { token: 1, consumer: 'planning-teacher', kinds: ['teacher-plan', 'school-plan'], status: 'active' },
  ]);
  const consumers = await run('consumers', 'list', '--json');
  expect(publishedAnswer('consumer-list', consumers.out)).toMatchObject([{ consumer: 'planning-teacher', tokens: 1 }]);
  const consumer = await run('consumers', 'show', 'planning-teacher', '--json');
  expect(publishedAnswer('consumer', consumer.out)).toMatchObject({ received: [] });
  const outdated = await run('consumers', 'outdated', '--json');
  expect(publishedAnswer('consumers-outdated', outdated.out)).toEqual([]);
  for (const { out, err } of [listed, consumers, consumer]) expect(out + err).not.toContain(token.slice(7));

  const wrong = await run('tokens', 'revoke', '1', '--as', 'ops', '--reason', `誤傳 ${token}`);
  expect([wrong.status, wrong.err]).toEqual([64, expect.stringContaining('holds a credential')]);
  expect(wrong.err).not.toContain(token.slice(7));
  expect((await run('tokens', 'revoke', '1', '--as', 'ops', '--reason', '外洩')).status).toBe(0);
  expect((await run('tokens', 'list')).out).toMatch(/已撤銷 revoked [\s\S]*ops/);
  expect((await run('audit', 'verify')).status).toBe(0);
});

it.each([
  [['tokens', 'add', 'x1', '--kind', 'teachers', '--expires', '2030-01-01', '--as', 'ops'], 'expected school-plan or'],
  [['tokens', 'add', 'x1', '--kind', 'teacher-plan', '--expires', 'soon', '--as', 'ops'], 'expected a day'],
  [
    ['tokens', 'add', 'x1', '--kind', 'teacher-plan', '--expires', '2020-01-01', '--as', 'ops'],
    'expected a day from today on',
  ],
  [['tokens', 'revoke', 'one', '--reason', 'x', '--as', 'ops'], 'expected the number of a token'],
  [['tokens', 'revoke', '99', '--reason', 'x', '--as', 'ops'], 'There is no token 99'],
  [['consumers', 'show', 'nobody'], 'There is no such consumer'],
])('what cannot be (%j) is wrong usage, and says what was expected', async (args, says) => {
  const ended = await run(...args);
  expect([ended.status, ended.out]).toEqual([64, '']);
  expect(ended.err).toContain(says);
  expect(ended.err).not.toMatch(/^\s+at /m);
});
