/** A held plan as people meet it on the command line: exit status 2, `holds`, the two who may and may not decide, the run that carries it out. */
import { expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { ownCommands } from '../support/own-commands.ts';
import { publishedAnswer } from '../support/published-schema.ts';

const HEAD = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
const rows = (n: number) =>
  Array.from({ length: n }, (_, i) => `064601,${nationalId(i)},王小${'一二三四五六七八九十'[i]},70/05/06,教師,,`);

const own = ownCommands('{ type: roster-files, name: roster, inbox: INBOX, handedInBy: [chen] }');
const { run, as } = own;
const send = (arrived: string, lines: readonly string[]): Promise<void> =>
  own.send('064601.csv', arrived, [HEAD, ...lines]);

it('is held, shown, refused to the one who handed it in, and carried out for another', async () => {
  await send('2024-10-01T10:00:00+08:00', rows(10));
  expect((await run('sync', '--clock', '2024-10-02T02:00:00+08:00')).status).toBe(0);
  expect(await run('holds')).toMatchObject({ status: 0, out: '沒有暫停的異動。\nNothing is held.\n' });

  await send('2024-10-02T10:00:00+08:00', rows(5));
  const night = await run('sync', '--clock', '2024-10-03T02:00:00+08:00');
  expect(night.status).toBe(2);
  expect(night.out).toContain('暫停待核定 1 件');
  const listed = await run('holds', '--json');
  const { holds } = publishedAnswer('hold-list', listed.out) as { holds: { planHash: string; missing: number }[] };
  expect(holds).toMatchObject([{ state: 'open', missing: 5 }]);
  const { planHash } = holds[0]!;
  const shown = await run('holds', planHash);
  expect(shown.out).toMatch(/在職 10 人中有 5 人將離開或未列於名冊，超過 20%/);
  expect(shown.out).toMatch(/未列：.*王小十/);
  expect((await run('report')).out).toContain('【暫停待核定 Held】');

  own.knows('root', await run('users', 'add', 'root', '--role', 'ops'));
  const credentials = new Map<string, string>();
  for (const name of ['lin', 'chen'])
    credentials.set(name, own.knows(name, await as('root', 'users', 'add', name, '--role', 'bureau')));
  const reason = ['--reason', '已電話向學校確認'];
  const uploader = await as('chen', 'approve', planHash, ...reason);
  expect([uploader.status, uploader.err]).toEqual([1, expect.stringContaining('須由另一人核定')]);
  const ops = await as('root', 'approve', planHash, ...reason);
  expect([ops.status, ops.err]).toEqual([1, expect.stringContaining('bureau')]);
  const wrong = await own.with(credentials.get('chen')!, 'approve', planHash, ...reason, '--as', 'lin');
  expect(wrong.status).toBe(1);

  const approved = await as('lin', 'approve', planHash, ...reason, '--clock', '2024-10-03T09:00:00+08:00', '--json');
  expect(approved.status).toBe(0);
  expect(publishedAnswer('sync-result', approved.out)).toMatchObject({
    kind: 'decision',
    status: 'complete',
    held: [],
  });
  const again = await as('lin', 'approve', planHash, ...reason, '--clock', '2024-10-03T10:00:00+08:00');
  expect(again.status).toBe(0);
  const late = await as('lin', 'discard', planHash, ...reason);
  expect([late.status, late.err]).toEqual([1, expect.stringContaining('已由 lin 核定')]);
  expect((await run('audit', 'verify')).status).toBe(0);
});

it('a wrong hash is wrong usage, an unknown one and one that moved are refused with what to do', async () => {
  const reason = ['--reason', '確認', '--as', 'lin'];
  expect(await run('approve', 'abc', ...reason)).toMatchObject({
    status: 64,
    err: expect.stringContaining('expected sha256: and 64 hex digits'),
  });
  const unknown = await run('holds', `sha256:${'0'.repeat(64)}`);
  expect([unknown.status, unknown.err]).toEqual([1, expect.stringContaining('mingce holds')]);

  await send(
    '2024-10-04T10:00:00+08:00',
    rows(10).map((line) => line.replace('教師', '組長')),
  );
  await run('sync', '--clock', '2024-10-05T02:00:00+08:00');
  const { holds } = JSON.parse((await run('holds', '--json')).out);
  await send(
    '2024-10-05T10:00:00+08:00',
    rows(10).map((line) => line.replace('教師', '導師')),
  );
  await run('sync', '--clock', '2024-10-06T02:00:00+08:00');
  const moved = await as('lin', 'discard', holds[0].planHash, '--reason', '再確認');
  expect([moved.status, moved.err]).toEqual([1, expect.stringContaining('已非目前的內容')]);
  const now = JSON.parse((await run('holds', '--json')).out).holds[0].planHash;
  const discarded = await as('lin', 'discard', now, '--reason', '再確認');
  expect(discarded).toMatchObject({ status: 0, out: expect.stringContaining('已退回，不寫入') });
  expect((await run('sync', '--clock', '2024-10-07T02:00:00+08:00')).status).toBe(0);
});

it('an approval whose inputs a dry run moved is refused with the difference, before and after the plan that came instead is applied', async () => {
  const titles = (title: string) => rows(10).map((line) => line.replace('教師', title));
  const only = async (): Promise<string> => JSON.parse((await run('holds', '--json')).out).holds[0].planHash;
  await send('2024-10-08T10:00:00+08:00', titles('組長'));
  await run('sync', '--clock', '2024-10-09T02:00:00+08:00');
  const first = await only();
  await send('2024-10-09T10:00:00+08:00', titles('主任'));
  await run('sync', '--dry-run', '--clock', '2024-10-09T11:00:00+08:00');
  const reason = ['--reason', '確認'];
  const unused = await as('lin', 'approve', first, ...reason, '--clock', '2024-10-09T12:00:00+08:00');
  const next = await only();
  expect(next).not.toBe(first);
  expect([unused.status, unused.err]).toEqual([1, expect.stringContaining(`改為 ${next}（多 10 筆、少 10 筆）`)]);
  expect((await as('lin', 'approve', next, ...reason, '--clock', '2024-10-09T13:00:00+08:00')).status).toBe(0);
  const late = await as('lin', 'approve', first, ...reason);
  expect([late.status, late.err]).toEqual([1, expect.stringMatching(new RegExp(`改為 ${next}.*該份已核定`))]);
});
