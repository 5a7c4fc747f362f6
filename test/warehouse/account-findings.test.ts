/** What the findings of accounts cost a quiet night: the history of accounts is gone through a fixed number of times, whatever is told. */
import { beforeAll, expect, it } from 'vitest';
import { ACCOUNT_FINDINGS } from '../../warehouse/account-findings.ts';
import { ACCOUNT_TABLES, prepareAccountFindings } from '../../warehouse/account-standing.ts';
import { ownDatabase } from '../support/own-database.ts';
import { planReads } from '../support/plan-reads.ts';

const SCHOOLS = 100;
const ACCOUNTS = 2000;
/** Of each account, one a sign-in. */
const VERSIONS = 20;
const ASKED = { run: 1, idleDays: 365, everySchool: true, kinds: '[{"section":"國小","kind":"研習承辦人"}]' };
const own = ownDatabase();

/** No account is in order: every fifth is applied for, all others have another holder since their first day, and no school has a 總負責人. */
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
      SELECT a.id, CASE WHEN a.id % 5 = 0 THEN '總負責人' ELSE '報表查詢' END, CASE WHEN n > 0 THEN sha256(convert_to(a.id || ' ' || (n > 1), 'UTF8')) END, '甲' || (n > 1),
             CASE WHEN a.id % 5 = 0 THEN '申請中' ELSE '啟用' END, '2023-07-01', DATE '2024-07-01' + n, CASE WHEN n = ${VERSIONS - 1} THEN 'infinity' ELSE DATE '2024-07-02' + n END,
             timestamptz '2024-07-01' + n * interval '1 day', '2024-07-01', a.source, a.source_key, 1, 1, 1, 'R16', '帳號異動'
      FROM warehouse.account a, generate_series(0, ${VERSIONS - 1}) AS n;`);
});

it('the standing versions and the findings go through the history three times in all, and no step goes through more than twice as much', async () => {
  await own.db.transaction(async (trx) => {
    await prepareAccountFindings(trx, ASKED);
    const found = new Map<string, number>();
    let history = 0;
    for (const [name, sql] of [...ACCOUNT_TABLES, ...ACCOUNT_FINDINGS]) {
      const reads = await planReads(trx, sql, ASKED);
      history += reads.get('account_version') ?? 0;
      for (const [step, rows] of reads) expect(rows, `${name}: ${step}`).toBeLessThanOrEqual(2 * ACCOUNTS * VERSIONS);
      found.set(name, Number((await trx.raw(`SELECT count(*) AS n FROM (${sql}) AS f`, ASKED)).rows[0].n));
    }
    expect(history).toBeLessThanOrEqual(3 * ACCOUNTS * VERSIONS);
    expect(found.get('no-account-lead')).toBe(SCHOOLS);
    expect(found.get('account-lead-applied')).toBe(ACCOUNTS / 5);
    expect(found.get('account-handed-over')).toBe(ACCOUNTS);
    expect(found.get('account-holder-untold')).toBe(ACCOUNTS);
  });
});
