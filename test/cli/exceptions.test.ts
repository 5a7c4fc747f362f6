/** `mingce exceptions` as people type it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliInstallation, openCliInstallation } from '../support/cli-installation.ts';
import { publishedAnswer } from '../support/published-schema.ts';

let cli: CliInstallation;

beforeAll(async () => {
  cli = await openCliInstallation();
  const lines = ['學校代碼,身分證字號,姓名,出生日期,職稱', '064601,,王小一,70/05/06,教師'];
  await cli.send('064601.csv', '2024-10-01T10:00:00+08:00', lines);
  expect((await cli.run(null, 'sync', '--clock', '2024-10-02T02:00:00+08:00')).status).toBe(0);
});
afterAll(() => cli.close());

interface Listed {
  exceptions: { number: number; suppressed: object | null }[];
}
const listed = async (...args: string[]): Promise<Listed['exceptions']> => {
  const { status, out } = await cli.run(null, 'exceptions', 'list', '--json', ...args);
  expect(status).toBe(0);
  return (publishedAnswer('exception-list', out) as Listed).exceptions;
};

it('a matter is listed, put aside and brought back', async () => {
  const [line] = await listed('--code', 'weak-identity', '--institution', '064601');
  expect(line).toMatchObject({ who: 'school', severity: 'low', suppressed: null });
  const number = String(line!.number);
  expect((await cli.run(null, 'exceptions', 'list')).out).toContain('【學校（園）】');

  const why = ['--reason', '居留證辦理中', '--until', '2024-12-31'];
  const aside = await cli.run('lin', 'exceptions', 'suppress', number, ...why);
  expect([aside.status, aside.out]).toEqual([0, expect.stringContaining('暫不處理，至 2024-12-31')]);
  expect((await listed('--code', 'weak-identity'))[0]?.suppressed).toMatchObject({ by: 'lin', until: '2024-12-31' });
  await cli.run(null, 'sync', '--clock', '2024-10-03T02:00:00+08:00');
  const report = publishedAnswer('run-report', (await cli.run(null, 'report', '--format', 'json')).out);
  expect(report).toMatchObject({ suppressed: [{ number: line!.number }] });

  const back = await cli.run('root', 'exceptions', 'unsuppress', number);
  expect([back.status, back.out]).toEqual([0, expect.stringContaining('恢復為待處理事項')]);
  expect((await listed('--code', 'weak-identity'))[0]?.suppressed).toBeNull();
});

it('wrong usage says what was expected', async () => {
  const why = ['--reason', '已知'];
  for (const [args, says] of [
    [['suppress', 'x', ...why, '--until', '2024-12-31'], 'mingce exceptions list'],
    [['suppress', '1', ...why, '--until', 'tomorrow'], 'expected a day'],
    [['suppress', '999', ...why, '--until', '2024-12-31'], '沒有第 999 號'],
    [['suppress', '1', ...why, '--until', '2024-01-01'], '早於今天'],
    [['unsuppress', '1'], '並未暫不處理'],
  ] as const) {
    const ended = await cli.run('lin', 'exceptions', ...args);
    expect([ended.status, ended.err]).toEqual([64, expect.stringContaining(says)]);
  }
  const kind = await cli.run(null, 'exceptions', 'list', '--code', 'nothing-such');
  expect([kind.status, kind.err]).toEqual([64, expect.stringContaining('missing-from-roster')]);
});
