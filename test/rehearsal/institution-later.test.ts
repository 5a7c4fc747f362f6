/** Records whose institution becomes known only later wait, told, and are taken in by the night that knows it, though nothing of them comes again. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { kindergarten, teacher } from '../connectors/support/care-records.ts';
import { type CareData, startCareServer } from '../connectors/support/care-server.ts';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

const HEAD = '學校代碼,身分證字號,姓名,性別,出生日期,職稱';
const ACCOUNTS = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態,啟用日期,最後登入';

async function unknown({ db }: SmallInstallation): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT split_part(subject, ' ', 1) AS source FROM review.exception WHERE closed_at IS NULL AND code = 'institution-unknown' ORDER BY 1`,
  );
  return rows.map((r: { source: string }) => r.source);
}
async function lookedAt({ db }: SmallInstallation): Promise<number> {
  const { rows } = await db.raw(
    'SELECT count(*)::int AS n FROM ops.run_match WHERE run_id = (SELECT max(id) FROM ops.run)',
  );
  return rows[0].n;
}

it('a school that the list names later: its teachers and accounts are taken in, and a quiet night before looks at none of them', async () => {
  const configDir = await mkdtemp(path.join(os.tmpdir(), 'mingce-lists-'));
  await cp('samples/institutions', path.join(configDir, 'institutions'), { recursive: true });
  const list = path.join(configDir, 'institutions/schools.csv');
  const whole = await readFile(list, 'utf8');
  const without = whole.split('\n').filter((line) => !line.startsWith('064601,'));
  await writeFile(list, without.join('\n'));
  const small = await openSmallInstallation(1, { configDir });
  try {
    await small.send('064601-名冊.csv', '2024-09-01T08:00:00+08:00', [
      HEAD,
      '064601,B123456780,王小明,男,70/05/06,教師',
    ]);
    const account = '064601,tc064601,總負責人,B123456780,王小明,啟用,113/01/02,2024-07-01 08:00';
    await small.send('064601-帳號.csv', '2024-09-01T08:00:00+08:00', [ACCOUNTS, account], 'accounts');
    const first = await small.night('2024-09-02T02:00:00+08:00');
    expect([first.changes.assignments.added, first.changes.accounts.added]).toEqual([0, 0]);
    expect(await unknown(small)).toEqual(['accounts/064601', 'roster/064601']);
    const quiet = await small.night('2024-09-03T02:00:00+08:00');
    expect([quiet.exceptions.opened, quiet.exceptions.closed, await lookedAt(small)]).toEqual([0, 0, 0]);
    await writeFile(list, whole);
    const night = await small.night('2024-09-04T02:00:00+08:00');
    expect([night.changes.assignments.added, night.changes.accounts.added]).toEqual([1, 1]);
    expect(await unknown(small)).toEqual([]);
    const again = await small.night('2024-09-05T02:00:00+08:00');
    expect([again.exceptions.opened, again.exceptions.closed, await lookedAt(small)]).toEqual([0, 0, 0]);
  } finally {
    await small.close();
    await rm(configDir, { recursive: true });
  }
});

it('a kindergarten whose own row was quarantined: its staff, good from the first, are taken in once it is mended', async () => {
  const broken = kindergarten('0942800022', { name: ' ' });
  const data: CareData = {
    asOf: '2024-09-01T01:00:00+08:00',
    institutions: [kindergarten('0942800021'), broken],
    staff: [teacher('甲', '0942800021'), teacher('乙', '0942800022')],
  };
  const server = await startCareServer(data);
  const small = await openSmallInstallation(1, { sources: [{ ...server.config, name: 'care' }] });
  try {
    const first = await small.night('2024-09-01T02:00:00+08:00');
    expect(first.sources.find((s) => s.source === 'care')?.quarantined).toBe(1);
    expect([first.changes.assignments.added, await unknown(small)]).toEqual([1, ['care']]);
    data.institutions[1] = kindergarten('0942800022');
    data.asOf = '2024-09-02T01:00:00+08:00';
    const night = await small.night('2024-09-02T02:00:00+08:00');
    expect([night.changes.assignments.added, await unknown(small)]).toEqual([1, []]);
  } finally {
    await small.close();
    await server.close();
  }
});
