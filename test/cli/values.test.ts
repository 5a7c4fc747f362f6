/** `mingce values` as people type it: what is answered, what is refused, and that a value stands in no log, error or audit row. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { type CliInstallation, openCliInstallation } from '../support/cli-installation.ts';
import { publishedAnswer } from '../support/published-schema.ts';
import type { Ended } from '../support/run-mingce.ts';
import { withClient } from '../support/test-server.ts';

let cli: CliInstallation;
const run = (as: 'root' | 'lin' | null, ...args: string[]): Promise<Ended> => cli.run(as, ...args);

beforeAll(async () => {
  cli = await openCliInstallation();
  const lines = ['學校代碼,身分證字號,姓名,出生日期,職稱', `064601,${nationalId(0)},王小一,70/05/06,教師`];
  await cli.send('064601.csv', '2024-10-01T10:00:00+08:00', lines);
  expect((await run(null, 'sync', '--clock', '2024-10-02T02:00:00+08:00')).status).toBe(0);
});
afterAll(() => cli.close());

it('a value is set, listed, taken in by the next run, and ended', async () => {
  expect((await run(null, 'values', 'list')).out).toContain('Nothing is set by hand.');
  const reason = ['--reason', '依戶籍謄本更正'];
  const set = await run('lin', 'values', 'set', 'person', '1', '姓名', '王曉一', ...reason, '--until', '2024-12-31');
  expect([set.status, set.err]).toEqual([0, '']);
  expect(set.out).toContain('已指定（第 1 號）：姓名，至 2024-12-31');

  const listed = await run(null, 'values', 'list', '--json');
  expect(publishedAnswer('manual-value-list', listed.out)).toMatchObject({
    values: [{ number: 1, id: '1', name: '王小一', value: '王曉一', by: 'lin', setAt: '2024-10-02T02:00:00+08:00' }],
  });
  const night = await run(null, 'sync', '--clock', '2024-10-03T02:00:00+08:00', '--json');
  expect(publishedAnswer('sync-result', night.out)).toMatchObject({ changes: { persons: { changed: 1 } } });
  expect((await run(null, 'report')).out).toContain('人工指定');
  const explained = await run(null, 'explain', 'person', '1', '--json');
  expect(publishedAnswer('explanation', explained.out)).toMatchObject({ name: '王曉一' });

  const ended = await run('lin', 'values', 'expire', '1', '--reason', '學校已更正');
  expect([ended.status, ended.out]).toEqual([0, expect.stringContaining('已結束第 1 號')]);
  const all = await run(null, 'values', 'list', '--all');
  expect(all.out).toMatch(/已結束/);
  await run(null, 'sync', '--clock', '2024-10-04T02:00:00+08:00');
  expect(publishedAnswer('explanation', (await run(null, 'explain', 'person', '1', '--json')).out)).toMatchObject({
    name: '王小一',
  });
});

it('wrong usage is 64 and says what was expected; who may not is refused with 1', async () => {
  const why = ['--reason', '更正'];
  for (const [args, says] of [
    [['person', '1', 'unit', 'x', ...why], 'R11'],
    [['person', 'A123456789', 'name', 'x', ...why], '沒有這位人員'],
    [['teacher', '1', 'name', 'x', ...why], 'person, institution, account'],
    [['person', '1', 'name', '王○○', ...why], '這個值不能採用'],
    [['person', '1', 'name', '王一', ...why, '--until', '31/12'], 'expected a day'],
    [['person', '1', 'name', '王一', '--reason', ' '], '--reason'],
  ] as const) {
    const ended = await run('lin', 'values', 'set', ...args);
    expect([ended.status, ended.err]).toEqual([64, expect.stringContaining(says)]);
  }
  expect((await run('root', 'values', 'set', 'person', '1', 'name', '王一', ...why)).status).toBe(1);
  expect((await run('lin', 'values', 'expire', '9', ...why)).status).toBe(64);
});

it('a value is in no log, no error and no audit row', async () => {
  await run('lin', 'values', 'set', 'person', '1', 'email', 'secret@example', '--reason', '更正');
  await run('lin', 'values', 'set', 'person', '1', 'email', 'secret@example.org', '--reason', '更正');
  await run(null, 'sync', '--clock', '2024-10-05T02:00:00+08:00');
  const audit = await withClient(cli.url, (client) => client.query('SELECT * FROM ops.audit'));
  expect(JSON.stringify(audit.rows)).toContain('value-set');
  expect(`${cli.told()}${JSON.stringify(audit.rows)}`).not.toMatch(/secret|王曉/);
  expect((await run(null, 'audit', 'verify')).status).toBe(0);
});

it('an identifier that is typed where none belongs is repeated by no error (I8), and a reason is one line of plain text', async () => {
  const id = nationalId(7);
  const why = ['--reason', '更正'];
  for (const args of [
    ['values', 'set', 'person', '1', id, '王', ...why],
    ['values', 'set', id, '1', 'name', '王', ...why],
    ['values', 'set', 'person', '1', 'name', '王', ...why, '--until', id],
    ['values', 'expire', id, ...why],
    ['review', 'decide', id, 'different', ...why],
    ['explain', 'institution', id],
    ['values', 'list', `--${id}`],
  ]) {
    const answer = await run('lin', ...args);
    expect([answer.status === 0, answer.err.includes(id), answer.err.includes('*********')]).toEqual([
      false,
      false,
      true,
    ]);
  }
  for (const reason of ['一\u001b[31m', '一\n二', '一\u202e二']) {
    const refused = await run('lin', 'values', 'set', 'person', '1', 'name', '王', '--reason', reason);
    expect([refused.status, refused.err]).toEqual([64, expect.stringContaining('one line of plain text')]);
  }
});
