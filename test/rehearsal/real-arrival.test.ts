/** Without a simulation a file's arrival is when it came to be on this machine: the clock of its sender decides nothing. */
import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CAMPAIGN } from '../pipelines/snapshot/world.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';
import { until } from '../support/until.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱';
const WANG = (title: string): string => `064601,A123456789,王小明,男,70/05/06,${title}`;
const LONG_AGO = '2014-08-01T10:00:00+08:00';
const FAR_AHEAD = '2999-08-01T10:00:00+08:00';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation(1, { config: { simulation: false }, roster: { stableSeconds: 0 } });
});
afterAll(() => small.close());

const now = (): string => new Date().toISOString();
const changed = async (name: string): Promise<number> => (await lstat(small.inbox(name))).ctimeMs;
async function night(): Promise<string[]> {
  // A file that came in this very millisecond is of the next one.
  const began = Date.now();
  await until('the clock went on', () => Date.now() > began + 1);
  const results = await small.runs(now());
  return results.flatMap(({ kind, sources }) => sources.map((s) => `${kind} ${s.source} ${s.status} ${s.accepted}`));
}
async function title(): Promise<string> {
  const { rows } = await small.db.raw(
    `SELECT v.title FROM warehouse.assignment_version v WHERE v.recorded_to = 'infinity' AND v.valid_to = 'infinity'`,
  );
  return rows.map((r: { title: string }) => r.title).join();
}

it('a file dated in the future is taken, and so is a newer one whose time a transfer tool kept', async () => {
  await small.send('064601-a.csv', FAR_AHEAD, [HEAD, WANG('教師')]);
  expect((await night()).filter((line) => line.includes('roster'))).toEqual(['manual roster fresh 1']);
  expect(await title()).toBe('教師');
  await small.send('064601-b.csv', LONG_AGO, [HEAD, WANG('組長')]);
  expect((await night()).filter((line) => line.includes('roster'))).toEqual(['manual roster fresh 1']);
  expect(await title()).toBe('組長');
});

it('R24: what was put there after the cut-off is not of the closing run, whatever its own time says', async () => {
  await small.send('064601-c.csv', FAR_AHEAD, [HEAD, WANG('導師')]);
  const cutOff = new Date(Math.ceil(await changed('064601-c.csv')) + 1);
  await until('a file comes after the cut-off', async () => {
    await small.send('064601-d.csv', LONG_AGO, [HEAD, WANG('主任')]);
    return (await changed('064601-d.csv')) >= cutOff.getTime();
  });
  small.installation.campaigns = [{ ...CAMPAIGN, cutOff: cutOff.toISOString() }];
  await small.configure(small.installation.config.sources);
  expect((await night()).filter((line) => line.includes('roster'))).toEqual([
    'closing roster fresh 1',
    'manual roster fresh 1',
  ]);
  const { rows } = await small.db.raw(
    `SELECT r.kind, o.name FROM landing.object o JOIN ops.run r ON r.id = o.run_id WHERE o.source = 'roster/064601' ORDER BY o.id`,
  );
  expect(rows.slice(2)).toEqual([
    { kind: 'closing', name: '064601-c.csv' },
    { kind: 'manual', name: '064601-d.csv' },
  ]);
  expect([existsSync(small.inbox('064601-c.csv')), existsSync(small.inbox('064601-d.csv'))]).toEqual([false, false]);
});
