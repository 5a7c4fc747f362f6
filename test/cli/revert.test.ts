/** A run undone on the command line: shown first, decided by a user, exit statuses. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { publishedAnswer } from '../support/published-schema.ts';
import { type Ended, runMingce } from '../support/run-mingce.ts';

const SHOWN = /通行碼 credential {2}(\S+)$/m;
const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const teacher = (n: number, title: string): string =>
  `064601,${nationalId(n)},王小${'一二三四五六七八九十'[n]},70/05/06,${title},,`;

let folder: string;
let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mingce-revert-'));
  database = await createTestDatabase();
  const key = path.join(folder, 'mingce.key');
  makeKeyFile(key);
  await mkdir(path.join(folder, 'inbox'));
  await writeFile(
    path.join(folder, 'mingce.yaml'),
    `simulation: true
sources:
  - { type: institution-list, name: schools, path: ${path.resolve('samples/institutions/schools.csv')}, layout: schools }
  - { type: roster-files, name: roster, inbox: ${path.join(folder, 'inbox')} }
`,
  );
  env = {
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_KEY_FILE: key,
    MINGCE_CONFIG: path.join(folder, 'mingce.yaml'),
    DATABASE_URL: database.url,
  };
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]): Promise<Ended> => runMingce(env, ...args);
async function night(day: string, lines: readonly string[]): Promise<string> {
  const file = path.join(folder, 'inbox', '064601.csv');
  await writeFile(file, `${[HEAD, ...lines].join('\n')}\n`);
  await utimes(file, new Date(`${day}T01:00:00+08:00`), new Date(`${day}T01:00:00+08:00`));
  const { out, status } = await run('sync', '--clock', `${day}T02:00:00+08:00`, '--json');
  expect(status).toBe(0);
  return JSON.parse(out).run;
}

// Some twenty processes.
it('is shown, refused without a user, done once, and held where it is too much', { timeout: 180_000 }, async () => {
  const first = await night(
    '2024-10-01',
    Array.from({ length: 10 }, (_, n) => teacher(n, '教師')),
  );
  const wrong = await night(
    '2024-10-02',
    Array.from({ length: 10 }, (_, n) => teacher(n, n < 2 ? '組長' : '教師')),
  );

  const dry = await run('revert', wrong, '--dry-run', '--clock', '2024-10-02T09:00:00+08:00');
  expect(dry.status).toBe(0);
  expect(dry.out).toContain(`撤銷第 ${wrong} 次執行的異動`);
  expect(dry.out).toMatch(/組長 → 教師/);
  expect(dry.out).toContain('全部撤銷，沒有衝突');
  expect(await run('revert', wrong)).toMatchObject({ status: 64, err: expect.stringContaining('--as') });
  expect(await run('revert', 'last', '--dry-run')).toMatchObject({ status: 64 });
  expect(await run('revert', '999', '--dry-run')).toMatchObject({
    status: 64,
    err: expect.stringContaining('no run 999'),
  });

  const root = SHOWN.exec((await run('users', 'add', 'root', '--role', 'ops')).out)?.[1] as string;
  const added = await runMingce(
    { ...env, MINGCE_CREDENTIAL: root },
    'users',
    'add',
    'lin',
    '--role',
    'bureau',
    '--as',
    'root',
  );
  const lin = SHOWN.exec(added.out)?.[1] as string;
  const as = (name: string, credential: string, undone: string, clock: string): Promise<Ended> =>
    runMingce(
      { ...env, MINGCE_CREDENTIAL: credential },
      'revert',
      undone,
      '--reason',
      '誤送檔案',
      '--as',
      name,
      '--clock',
      clock,
      '--json',
    );
  const ops = await as('root', root, wrong, '2024-10-02T10:00:00+08:00');
  expect([ops.status, ops.err]).toEqual([1, expect.stringContaining('bureau')]);
  const done = await as('lin', lin, wrong, '2024-10-02T10:00:00+08:00');
  expect(done.status).toBe(0);
  expect(publishedAnswer('sync-result', done.out)).toMatchObject({
    kind: 'revert',
    revert: { run: wrong, by: 'lin', reason: '誤送檔案', conflicts: [] },
    changes: { assignments: { added: 0, changed: 2, ended: 0 } },
  });
  const twice = await as('lin', lin, wrong, '2024-10-02T11:00:00+08:00');
  expect([twice.status, twice.err]).toEqual([1, expect.stringContaining('已由第')]);
  const much = await as('lin', lin, first, '2024-10-02T12:00:00+08:00');
  expect(much.status).toBe(2);
  expect(JSON.parse(much.out)).toMatchObject({ status: 'held' });
  expect((await run('audit', 'verify')).status).toBe(0);

  const folderOf = path.join(folder, 'held');
  const asked = ['explain', 'person', '1', '--export', folderOf];
  expect(await run(...asked)).toMatchObject({ status: 64, err: expect.stringContaining('--as') });
  const given = await runMingce({ ...env, MINGCE_CREDENTIAL: lin }, ...asked, '--as', 'lin', '--reason', '當事人申請');
  expect(given.status).toBe(0);
  const files = (await readdir(folderOf)).sort();
  expect(files).toEqual(['person-1.json', 'person-1.txt']);
  for (const file of files) expect((await stat(path.join(folderOf, file))).mode & 0o777).toBe(0o600);
  publishedAnswer('person-export', await readFile(path.join(folderOf, 'person-1.json'), 'utf8'));
  const school = await run('explain', 'institution', '064601', '--json');
  expect(publishedAnswer('explanation-of-thing', school.out)).toMatchObject({ kind: 'institution', withdrawn: false });
});
