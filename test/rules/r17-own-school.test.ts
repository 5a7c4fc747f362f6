/** R17: a 總負責人 manages the accounts of its own school only: what a school says of another one's is refused, and that one's stand. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStory, type Story } from './story.ts';

const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const OWN = '064601,tc064601,總負責人,A123456789,王小明,啟用';
const OTHER = (state: string) => `064602,tc064602,研習承辦人,B123456780,李大華,${state}`;

let story: Story;
beforeAll(async () => {
  story = await openStory();
  await story.small.send('064601-a.csv', '2024-07-30T10:00:00+08:00', [HEAD, OWN], 'accounts');
  await story.small.send('064602-a.csv', '2024-07-30T10:00:00+08:00', [HEAD, OTHER('啟用')], 'accounts');
  await story.night('2024-07-31');
});
afterAll(() => story.close());

async function accounts(): Promise<string[]> {
  const { rows } = await story.small.db.raw(
    `SELECT i.source_key || ' ' || a.account_name || ' ' || v.state AS line FROM warehouse.account a
     JOIN warehouse.institution i ON i.id = a.institution_id
     JOIN warehouse.account_version v ON v.account_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity' ORDER BY 1`,
  );
  return rows.map((r: { line: string }) => r.line);
}

it('R17: on 08-01 the one school’s file deletes the other’s account: refused, and the account stands', async () => {
  await story.small.send('064601-b.csv', '2024-08-01T10:00:00+08:00', [HEAD, OWN, OTHER('刪除')], 'accounts');
  const night = await story.night('2024-08-02');
  expect(night.sources.find(({ source }) => source === 'accounts')).toMatchObject({ unchanged: 1, quarantined: 1 });
  const { rows } = await story.small.db.raw(
    'SELECT source, issues FROM landing.quarantine WHERE resolved_run_id IS NULL',
  );
  expect(rows.map((r: { source: string; issues: { code: string }[] }) => [r.source, r.issues[0]?.code])).toEqual([
    ['accounts/064601', 'row-of-another-school'],
  ]);
  expect(await accounts()).toEqual(['064601:國小 tc064601 啟用', '064602:國小 tc064602 啟用']);
});

it('R17: on 08-02 the other school says the same of its own account: done', async () => {
  await story.small.send('064602-b.csv', '2024-08-02T10:00:00+08:00', [HEAD, OTHER('刪除')], 'accounts');
  const night = await story.night('2024-08-03');
  expect(night.changes.accounts).toEqual({ added: 0, changed: 0, ended: 1 });
  expect(await accounts()).toEqual(['064601:國小 tc064601 啟用']);
});
