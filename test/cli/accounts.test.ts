/** The request list for 本市教師研習中心 as people meet it on the command line, in every form, and what it did as the bureau records it (R18). */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { read } from '@e965/xlsx';
import { expect, it } from 'vitest';
import { ownCommands } from '../support/own-commands.ts';
import { publishedAnswer } from '../support/published-schema.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const lead = (state: string) => `064601,=tc01,總負責人,A123456789,王小明,${state}`;

const own = ownCommands('{ type: account-files, name: accounts, inbox: INBOX }');
const { run, as } = own;
const send = (arrived: string, state: string): Promise<void> => own.send('064601.csv', arrived, [HEAD, lead(state)]);

it('lists what is asked, also as a file that only its owner reads', async () => {
  await send('2024-10-01T10:00:00+08:00', '啟用');
  expect((await run('sync', '--clock', '2024-10-02T02:00:00+08:00')).status).toBe(0);
  expect((await run('accounts', 'requests')).out).toContain('Nothing is asked of 本市教師研習中心.');
  await send('2024-10-02T10:00:00+08:00', '刪除');
  expect((await run('sync', '--clock', '2024-10-03T02:00:00+08:00')).status).toBe(0);

  expect((await run('accounts', 'requests')).out).toMatch(/刪除 {2}064601 國小 市立豐原.*=tc01 {2}王小明/);
  const json = await run('accounts', 'requests', '--format', 'json');
  const { requests } = publishedAnswer('account-requests', json.out) as { requests: { number: number }[] };
  expect(requests).toMatchObject([
    { asked: '刪除', account: '=tc01', holder: '王小明', blocked: null, institution: { code: '064601' } },
  ]);
  expect(json.out).not.toContain('A123456789');
  const file = path.join(own.folder, 'requests.ods');
  expect((await run('accounts', 'requests', '--format', 'ods', '-o', file)).status).toBe(0);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(read(await readFile(file)).SheetNames).toEqual(['總負責人帳號申請清單']);
  expect(await run('accounts', 'requests', '--format', 'xlsx')).toMatchObject({
    status: 64,
    err: expect.stringContaining('--output FILE'),
  });
});

it('takes the word of the bureau alone, for what is asked, and asks no more after the next run', async () => {
  const { requests } = JSON.parse((await run('accounts', 'requests', '--format', 'json')).out);
  own.knows('root', await run('users', 'add', 'root', '--role', 'ops'));
  own.knows('lin', await as('root', 'users', 'add', 'lin', '--role', 'bureau'));
  const number = String(requests[0].number);
  const { digest } = requests[0];
  const reason = ['--reason', '研習中心 113-10-03 來文'];
  expect((await as('root', 'accounts', 'done', number, '刪除', digest, ...reason)).status).toBe(1);
  const other = await as('lin', 'accounts', 'done', number, '開通', digest, ...reason);
  expect([other.status, other.err]).toEqual([1, expect.stringContaining('「刪除」，不是「開通」')]);
  const stale = await as('lin', 'accounts', 'done', number, '刪除', '00000000', ...reason);
  expect([stale.status, stale.err]).toEqual([1, expect.stringContaining('核對碼 00000000')]);
  expect((await as('lin', 'accounts', 'done', number, '刪除', '李大華', ...reason)).status).toBe(64);
  const done = await as('lin', 'accounts', 'done', number, '刪除', digest, ...reason, '--json');
  expect(publishedAnswer('account-done', done.out)).toMatchObject({ already: false, request: { asked: '刪除' } });
  expect((await as('lin', 'accounts', 'done', number, '刪除', digest, ...reason)).out).toContain('先前已登記');
  const night = await run('sync', '--clock', '2024-10-04T02:00:00+08:00', '--json');
  expect(JSON.parse(night.out).changes.accounts).toEqual({ added: 0, changed: 0, ended: 1 });
  expect((await run('accounts', 'requests')).out).not.toContain('=tc01');
  expect((await run('audit', 'verify')).status).toBe(0);
});
