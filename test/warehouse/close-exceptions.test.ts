/** What a quiet night pays for exceptions that are open: each record once, however many of them there are. */
import { beforeAll, expect, it } from 'vitest';
import { CLOSE_GONE, settleExceptions } from '../../warehouse/exceptions.ts';
import { ownDatabase } from '../support/own-database.ts';
import { planReads } from '../support/plan-reads.ts';

const OPEN = 3000;
const AT = '2024-08-02T02:00:00+08:00';
/** Every second one waits, so it is looked at and found again each night. */
const WAITS = 'n % 2 = 0';
const CODE = `CASE WHEN ${WAITS} THEN 'account-lead-requested' ELSE 'account-state-refused' END`;
const SUBJECT = `'accounts 064601:a' || n`;
const own = ownDatabase();

/** The statistics are those of the night before, which had none open: a plan made for few must not be a plan that collapses. */
const exceptions = (columns: string, values: string, count: number): string => `
  INSERT INTO review.exception (code, fingerprint, institution_key, subject, person_ref, opened_run_id, opened_at, ${columns})
    SELECT ${CODE}, sha256(convert_to(concat_ws('|', ${CODE}, 'schools:064601:國小', ${SUBJECT}), 'UTF8')), 'schools:064601:國小', ${SUBJECT}, 'account', 1, '${AT}', ${values}
    FROM generate_series(1, ${count}) AS n`;

beforeAll(async () => {
  await own.db.raw(`
    INSERT INTO ops.run (kind, clock, simulated, status, recorded_at)
      SELECT 'manual', CAST('${AT}' AS timestamptz) + n * interval '1 day', true, 'complete', CASE WHEN n = 0 THEN now() END FROM generate_series(0, 1) AS n;
    INSERT INTO landing.account_record (source, key, institution_code, account_name, account_kind, state, hash, registered_at, registered_by, object_id, row_no, run_id)
      SELECT 'accounts', '064601:a' || n, '064601', 'a' || n, '研習承辦人', '申請中', '', '${AT}', 'source', 1, n, 1 FROM generate_series(1, ${OPEN}) AS n;
    ALTER TABLE review.exception SET (autovacuum_enabled = off);
    ${exceptions('closed_run_id, closed_at', `1, '${AT}'`, 5 * OPEN)};
    ANALYZE;
    ${exceptions('closed_run_id, closed_at', 'NULL, NULL', OPEN)};
    INSERT INTO ops.finding (run_id, code, institution_key, subject, person_ref, params)
      SELECT 2, ${CODE}, 'schools:064601:國小', ${SUBJECT}, 'account', '{}' FROM generate_series(1, ${OPEN}) AS n WHERE ${WAITS};`);
});

it('of exceptions that hang on accounts, a quiet night reads the open ones and the records a fixed number of times, not once for each', async () => {
  await own.db.transaction(async (trx) => {
    expect(await settleExceptions(trx, 2, AT)).toEqual({ opened: 0, closed: 0, open: OPEN });
    const reads = await planReads(trx, CLOSE_GONE, { run: 2, at: AT, last: 1 });
    for (const [step, rows] of reads) expect(rows, step).toBeLessThanOrEqual(10 * OPEN);
    expect(reads.get('account_record')).toBeGreaterThan(0);
  });
});

it('those whose accounts were looked at again are closed, and no others', async () => {
  await own.db.transaction(async (trx) => {
    await trx.raw(`UPDATE landing.account_record SET run_id = 2 WHERE row_no <= 6`);
    expect(await settleExceptions(trx, 2, AT)).toEqual({ opened: 0, closed: 3, open: OPEN - 3 });
  });
});
