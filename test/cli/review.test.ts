/** `mingce review` as people type it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nationalId } from '../../bench/roster-file.ts';
import { type CliInstallation, openCliInstallation } from '../support/cli-installation.ts';
import { publishedAnswer } from '../support/published-schema.ts';

let cli: CliInstallation;

beforeAll(async () => {
  cli = await openCliInstallation();
  const head = '學校代碼,身分證字號,姓名,出生日期,職稱,異動別,異動日期';
  for (const school of ['064601', '064602'])
    await cli.send(`${school}.csv`, '2024-08-01T10:00:00+08:00', [
      head,
      `${school},${nationalId(0)},王小一,70/05/06,教師,新進,113/08/01`,
    ]);
  expect((await cli.run(null, 'sync', '--clock', '2024-08-02T02:00:00+08:00')).status).toBe(0);
});
afterAll(() => cli.close());

const why = ['--reason', '已電話向兩校確認'];

it('a matter is listed, shown, decided and taken back', async () => {
  const { waiting } = publishedAnswer('review-list', (await cli.run(null, 'review', 'list', '--json')).out) as {
    waiting: { id: string }[];
  };
  expect(waiting).toHaveLength(1);
  const { id } = waiting[0]!;
  const shown = await cli.run(null, 'review', 'show', id, '--json');
  expect(publishedAnswer('review-matter', shown.out)).toMatchObject({ id, verdicts: ['keep CODE'] });
  expect((await cli.run(null, 'review', 'show', id)).out).toContain(`mingce review decide ${id} keep CODE`);

  const decided = await cli.run('lin', 'review', 'decide', id, 'keep', '064602', ...why);
  expect([decided.status, decided.out]).toEqual([0, expect.stringContaining('第 1 號裁定')]);
  const night = await cli.run(null, 'sync', '--clock', '2024-08-03T02:00:00+08:00', '--json');
  expect(publishedAnswer('sync-result', night.out)).toMatchObject({ changes: { assignments: { changed: 2 } } });
  expect((await cli.run(null, 'review', 'list')).out).toMatch(/沒有待裁定事項[\s\S]*服務單位 064602/);

  const undone = await cli.run('lin', 'review', 'undo', '1', ...why);
  expect([undone.status, undone.out]).toEqual([0, expect.stringContaining('已撤銷')]);
  expect((await cli.run(null, 'review', 'list', '--all')).out).toContain('已撤銷');
});

it('wrong usage says what was expected', async () => {
  for (const [args, says] of [
    [['decide', 'E1', 'maybe', ...why], 'same, different, keep'],
    [['decide', 'E999', 'different', ...why], 'mingce review list'],
    [['undo', 'x', ...why], 'the number of a judgement'],
    [['undo', '7', ...why], '沒有第 7 號裁定'],
  ] as const) {
    const ended = await cli.run('lin', 'review', ...args);
    expect([ended.status, ended.err]).toEqual([64, expect.stringContaining(says)]);
  }
});
