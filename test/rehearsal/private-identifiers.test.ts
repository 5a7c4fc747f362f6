/** I8 through PostgreSQL: accounts named by the holder's identifier, and identifiers in columns that are not for them. Nothing stored in the clear may hold one. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSmallInstallation, type SmallInstallation } from '../support/small-installation.ts';

/** Named by identifiers: of the holder, of somebody else, of a foreigner without any identifier in the row, twice alike when masked. */
const IDS = ['A123456789', 'B123456780', 'AA00000009', 'A800000014', 'A223456789', 'F229999993'];
const HEAD = '學校代碼,帳號,帳號類別,身分證字號,姓名,狀態';
const ROWS = [
  '064601,A123456789,總負責人,A123456789,王小明,啟用',
  '064601,a223456789,研習承辦人,B123456780,李大華,啟用',
  '064601,AA00000009,研習承辦人,,阮氏香,啟用',
  '064601,ａ８００００００１４,研習承辦人,,范文雄,申請中',
  '064601,F22999-9993,研習承辦人,,林淑芬,啟用',
  '064601,064601A09,研習承辦人,B123456780,李大華,啟用',
];
const BROKEN = '064601,A123456789,總負責人,A123456789,王小明,不明';

let small: SmallInstallation;
beforeAll(async () => {
  small = await openSmallInstallation();
});
afterAll(() => small.close());

/** Every row of every table, as text; sealed and random bytes are hexadecimal in it. */
async function everything(): Promise<string> {
  const { db } = small;
  const tables = await db.raw(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
  );
  let text = small.log.text();
  for (const { name } of tables.rows) {
    const { rows } = await db.raw(`SELECT t::text AS row FROM ${name} t`);
    text += rows.map((r: { row: string }) => r.row).join('\n');
  }
  return text.normalize('NFKC').toUpperCase();
}

/** An identifier, its hyphened form and its enumerable digest. */
const traces = (id: string): string[] =>
  [id, `${id.slice(0, 6)}-${id.slice(6)}`, createHash('sha256').update(id).digest('hex')].map((t) => t.toUpperCase());

const accounts = async (): Promise<string[]> =>
  (
    await small.db.raw(
      `SELECT a.account_name || ' ' || coalesce(v.holder_name, '-') || ' ' || v.state AS line
       FROM warehouse.account a JOIN warehouse.account_version v ON v.account_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
       ORDER BY v.holder_name, a.account_name`,
    )
  ).rows.map((r: { line: string }) => r.line);

it('stores such accounts masked, apart from each other, and warns the school', async () => {
  await small.send('064601-業務帳號.csv', '2024-07-29T10:00:00+08:00', [HEAD, ...ROWS], 'accounts');
  await small.night('2024-07-30T02:00:00+08:00');
  expect((await accounts()).sort()).toEqual(
    [
      'A****89 王小明 啟用',
      'a****89 李大華 啟用',
      'A****09 阮氏香 啟用',
      'a****14 范文雄 申請中',
      'F****93 林淑芬 啟用',
      '064601A09 李大華 啟用',
    ].sort(),
  );
  const { rows } = await small.db.raw(
    `SELECT source, rows FROM landing.warning WHERE code = 'account-name-is-identifier'`,
  );
  expect(rows).toEqual([{ source: 'accounts/064601', rows: 5 }]);
});

it('knows each again: a change changes it, the same list changes nothing, a broken row keeps it', async () => {
  const later = ROWS.map((row) => row.replace('申請中', '啟用'));
  await small.send('064601-a.csv', '2024-07-30T10:00:00+08:00', [HEAD, ...later], 'accounts');
  const changed = await small.night('2024-07-31T02:00:00+08:00');
  expect(changed.changes.accounts).toEqual({ added: 0, changed: 1, ended: 0 });
  await small.send(
    '064601-b.csv',
    '2024-07-31T10:00:00+08:00',
    [HEAD, BROKEN, ...later.slice(1).reverse()],
    'accounts',
  );
  const again = await small.night('2024-08-01T02:00:00+08:00');
  expect(again.changes.accounts).toEqual({ added: 0, changed: 0, ended: 0 });
  const { rows } = await small.db.raw(
    `SELECT (SELECT count(*)::int FROM landing.account_record) AS records,
            (SELECT count(*)::int FROM landing.account_record WHERE missing_since IS NOT NULL) AS missing,
            (SELECT count(*)::int FROM landing.quarantine) AS quarantined`,
  );
  expect(rows).toEqual([{ records: 6, missing: 0, quarantined: 1 }]);
});

it('holds no identifier and no digest of one in any column, the quarantine and the log included', async () => {
  const text = await everything();
  expect(text).toContain('A****89');
  for (const trace of IDS.flatMap(traces)) expect(text.includes(trace), trace).toBe(false);
});

it('keeps an identifier out of every other column, of titles, file names and what is quarantined', async () => {
  const head = '學校代碼,身分證字號,姓名,職稱,任教科目,電子郵件,教師證字號,製表人 A123456789';
  await small.send('064602-A123456789王小明.csv', '2024-08-01T10:00:00+08:00', [
    head,
    '064602,C123456785,李四,A123456789,英語,,,',
    '064602,D123456780,李五,教師(A123456789),A123456789,A123456789@tc.edu.tw,A123456789,',
    '064602,E123456781,王A123456789,教師,英語,,,',
  ]);
  const night = await small.night('2024-08-02T02:00:00+08:00');
  const roster = night.sources.flatMap((s) => s.parts ?? []).find((p) => p.source === 'roster/064602');
  expect(roster).toMatchObject({ read: 3, accepted: 2, quarantined: 1 });
  const text = await everything();
  expect(text).toContain('李五');
  for (const trace of traces('A123456789')) expect(text).not.toContain(trace);
});
