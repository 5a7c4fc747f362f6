/** What the findings of accounts cost a quiet night: the history of accounts is gone through a fixed number of times, whatever is told. */
import { beforeAll, expect, it } from 'vitest';
import { ACCOUNT_FINDINGS } from '../../warehouse/account-findings.ts';
import { ACCOUNT_TABLES, prepareAccountFindings } from '../../warehouse/account-standing.ts';
import type { Transaction } from '../../warehouse/connect.ts';
import { ownDatabase } from '../support/own-database.ts';
import { planReads } from '../support/plan-reads.ts';

const SCHOOLS = 100;
const ACCOUNTS = 2000;
/** Of each account, one a sign-in. */
const VERSIONS = 20;
const HISTORY = ACCOUNTS * VERSIONS;
const ASKED = { run: 1, idleDays: 365, everySchool: true, kinds: '[{"section":"國小","kind":"研習承辦人"}]' };
const own = ownDatabase();

/** Every fifth account is applied for, and no school has an enabled 總負責人. */
beforeAll(async () => {
  await own.db.raw(`
    INSERT INTO ops.run (kind, clock, simulated, status, recorded_at) VALUES ('manual', '2024-08-02T02:00:00+08:00', true, 'complete', now());
    INSERT INTO warehouse.institution (source, source_key) SELECT 'schools', n FROM generate_series(1, ${SCHOOLS}) AS n;
    INSERT INTO warehouse.institution_code (institution_id, system, code, section) SELECT id, 'school', source_key, '國小' FROM warehouse.institution;
    INSERT INTO warehouse.institution_version (institution_id, path, section, name, ownership, quasi_public, status, valid_from, recorded_from, registered_at, source, source_key, object_id, row_no, run_id, rule, reason)
      SELECT id, 'school', '國小', '甲', '公立', false, '營業中', '2024-07-01', '2024-07-01', '2024-07-01', source, source_key, 1, 1, 1, 'R14', '新增機構' FROM warehouse.institution;
    ANALYZE;
    INSERT INTO warehouse.account (source, source_key, account_name, institution_id)
      SELECT 'accounts/' || i.source_key, i.source_key || ':a' || n, 'a' || n, i.id FROM warehouse.institution i, generate_series(1, ${ACCOUNTS / SCHOOLS}) AS n;
    INSERT INTO warehouse.account_version (account_id, account_kind, id_hmac, holder_name, state, last_login_at, valid_from, valid_to, recorded_from, registered_at, source, source_key, object_id, row_no, run_id, rule, reason)
      SELECT a.id, CASE WHEN a.id % 5 = 0 THEN '總負責人' ELSE '報表查詢' END, CASE WHEN n > 0 THEN sha256(convert_to(CAST(a.id AS text), 'UTF8')) END, '甲',
             CASE WHEN a.id % 5 = 0 THEN '申請中' ELSE '啟用' END, '2023-07-01', DATE '2024-07-01' + n, CASE WHEN n = ${VERSIONS - 1} THEN 'infinity' ELSE DATE '2024-07-02' + n END,
             timestamptz '2024-07-01' + n * interval '1 day', '2024-07-01', a.source, a.source_key, 1, 1, 1, 'R16', '帳號異動'
      FROM warehouse.account a, generate_series(0, ${VERSIONS - 1}) AS n;`);
});

/** @returns how many versions all the findings went through, and what each found */
async function goneThrough(trx: Transaction): Promise<{ history: number; found: Map<string, number> }> {
  await prepareAccountFindings(trx, ASKED);
  const found = new Map<string, number>();
  let history = 0;
  for (const [name, sql] of [...ACCOUNT_TABLES, ...ACCOUNT_FINDINGS]) {
    const reads = await planReads(trx, sql, ASKED);
    history += reads.get('account_version') ?? 0;
    for (const [step, rows] of reads) expect(rows, `${name}: ${step}`).toBeLessThanOrEqual(4 * HISTORY);
    found.set(name, Number((await trx.raw(`SELECT count(*) AS n FROM (${sql}) AS f`, ASKED)).rows[0].n));
  }
  return { history, found };
}

it('what stands is read once, and all the findings together go through the history twice', async () => {
  await own.db.transaction(async (trx) => {
    const { history, found } = await goneThrough(trx);
    expect(found.get('no-account-lead')).toBe(SCHOOLS);
    expect(found.get('account-lead-applied')).toBe(ACCOUNTS / 5);
    expect(history).toBeLessThanOrEqual(3 * HISTORY);
  });
});

it('where every account is told of, each finding that tells goes through its history once or twice more, and never through that of others', async () => {
  await own.db.transaction(async (trx) => {
    await trx.raw(
      `UPDATE warehouse.account_version SET holder_name = '乙', id_hmac = sha256(convert_to('b' || account_id, 'UTF8')) WHERE valid_from > '2024-07-03'`,
    );
    const { history, found } = await goneThrough(trx);
    expect(found.get('account-handed-over')).toBe(ACCOUNTS);
    expect(found.get('account-holder-untold')).toBe(ACCOUNTS);
    expect(history).toBeLessThanOrEqual(8 * HISTORY);
  });
});
