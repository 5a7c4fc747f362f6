/** A run undone on the command line: shown first, decided by a user, exit statuses. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { ownCommands } from '../support/own-commands.ts';
import { publishedAnswer } from '../support/published-schema.ts';
import type { Ended } from '../support/run-mingce.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const teacher = (n: number, title: string): string =>
  `064601,${nationalId(n)},王小${'一二三四五六七八九十'[n]},70/05/06,${title},,`;

const own = ownCommands('{ type: roster-files, name: roster, inbox: INBOX }');
const { run, as } = own;
async function night(day: string, lines: readonly string[]): Promise<string> {
  await own.send('064601.csv', `${day}T01:00:00+08:00`, [HEAD, ...lines]);
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

  own.knows('root', await run('users', 'add', 'root', '--role', 'ops'));
  own.knows('lin', await as('root', 'users', 'add', 'lin', '--role', 'bureau'));
  const undo = (name: string, undone: string, clock: string): Promise<Ended> =>
    as(name, 'revert', undone, '--reason', '誤送檔案', '--clock', clock, '--json');
  const ops = await undo('root', wrong, '2024-10-02T10:00:00+08:00');
  expect([ops.status, ops.err]).toEqual([1, expect.stringContaining('bureau')]);
  const done = await undo('lin', wrong, '2024-10-02T10:00:00+08:00');
  expect(done.status).toBe(0);
  expect(publishedAnswer('sync-result', done.out)).toMatchObject({
    kind: 'revert',
    revert: { run: wrong, by: 'lin', reason: '誤送檔案', conflicts: [] },
    changes: { assignments: { added: 0, changed: 2, ended: 0 } },
  });
  const twice = await undo('lin', wrong, '2024-10-02T11:00:00+08:00');
  expect([twice.status, twice.err]).toEqual([1, expect.stringContaining('已由第')]);
  const much = await undo('lin', first, '2024-10-02T12:00:00+08:00');
  expect(much.status).toBe(2);
  expect(JSON.parse(much.out)).toMatchObject({ status: 'held' });
  expect((await run('audit', 'verify')).status).toBe(0);

  const folderOf = path.join(own.folder, 'held');
  const asked = ['explain', 'person', '1', '--export', folderOf];
  expect(await run(...asked)).toMatchObject({ status: 64, err: expect.stringContaining('--as') });
  const given = await as('lin', ...asked, '--reason', '當事人申請');
  expect(given.status).toBe(0);
  const files = (await readdir(folderOf)).sort();
  expect(files).toEqual(['person-1.json', 'person-1.txt']);
  for (const file of files) expect((await stat(path.join(folderOf, file))).mode & 0o777).toBe(0o600);
  publishedAnswer('person-export', await readFile(path.join(folderOf, 'person-1.json'), 'utf8'));
  const school = await run('explain', 'institution', '064601', '--json');
  expect(publishedAnswer('explanation-of-thing', school.out)).toMatchObject({ kind: 'institution', withdrawn: false });
});
