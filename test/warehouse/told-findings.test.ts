/** What a quiet night pays for matters that a school must hear of: what is open, and not what the city ever knew. */
import { beforeAll, expect, it } from 'vitest';
import { TOLD_FINDINGS } from '../../warehouse/told-findings.ts';
import { ownDatabase } from '../support/own-database.ts';
import { planReads } from '../support/plan-reads.ts';

const PEOPLE = 20_000;
const OPEN = 50;
const AT = '2024-08-02T02:00:00+08:00';
const own = ownDatabase();

/** Each was closed for another unit's registration, and of the first few the school was not heard since; the statistics are those of a night that had none open. */
beforeAll(async () => {
  await own.db.raw(`
    INSERT INTO ops.run (kind, clock, simulated, status, recorded_at) VALUES ('manual', '${AT}', true, 'complete', now());
    INSERT INTO warehouse.institution (source, source_key) VALUES ('schools', '064601:國小');
    INSERT INTO warehouse.person (id) SELECT n FROM generate_series(1, ${PEOPLE}) AS n;
    INSERT INTO landing.staff_record (source, key, institution_code, id_strong, name, name_key, subjects, is_primary, on_leave, hash, registered_at, registered_by, object_id, row_no, run_id)
      SELECT 'roster', '064601:' || n, '064601', true, 'x', 'x', '{}', true, false, '', '${AT}', 'source', 1, n, 1 FROM generate_series(1, ${PEOPLE}) AS n;
    INSERT INTO warehouse.assignment (id, source, source_key, spell, person_id, institution_id)
      SELECT n, 'roster', '064601:' || n, 1, n, (SELECT id FROM warehouse.institution) FROM generate_series(1, ${PEOPLE}) AS n;
    INSERT INTO warehouse.assignment_version (assignment_id, subjects, is_primary, on_leave, end_reason, taken_by, valid_from, valid_to, recorded_from, recorded_to, registered_at, source, source_key, object_id, row_no, run_id, rule, reason)
      SELECT n, '{}', true, false, '轉校', 'roster 064602:' || n, '2020-08-01', '2024-08-01', '${AT}', 'infinity', '${AT}', 'roster', '064601:' || n, 1, n, 1, 'R08', '轉校' FROM generate_series(1, ${PEOPLE}) AS n;
    ANALYZE;
    INSERT INTO review.exception (code, fingerprint, institution_key, subject, person_ref, opened_run_id, opened_at, params)
      SELECT code, sha256(convert_to(code || n, 'UTF8')), 'schools:064601:國小', 'roster 064601:' || n, 'p' || n, 1, '${AT}', '{"until": "2024-08-01"}'
      FROM generate_series(1, ${OPEN}) AS n CROSS JOIN unnest(ARRAY[${TOLD_FINDINGS.map(([code]) => `'${code}'`).join(', ')}]) AS code;`);
});

it.each(TOLD_FINDINGS)('%s reads what is open, by its key, however many people there are', async (code, sql) => {
  const reads = await planReads(own.db, sql, {});
  expect(reads.get('staff_record')).toBe(OPEN);
  for (const [step, rows] of reads) expect(rows, step).toBeLessThanOrEqual(10 * OPEN);
  const { rows } = await own.db.raw(sql);
  expect(rows).toHaveLength(code === 'registered-elsewhere' ? OPEN : 0);
});
