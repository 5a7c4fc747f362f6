/**
 * Two people of the roster who may be one: of one name and birth date, and at least one of them without an identifier that would tell (none was handed in, or its
 * checksum fails). Nothing is joined for that: the bureau is asked, once for the pair, and not again where it decided that they are two.
 */
import type { Transaction } from '../connect.ts';
import { judgementsInForce } from '../judgements.ts';

const stands = (v: string): string => `${v}.recorded_to = 'infinity' AND ${v}.valid_to = 'infinity'`;

/** People whom no identifier tells. They are few where sources are good, and found through an index of just such records. */
const UNIDENTIFIED = `
  CREATE TEMP TABLE unidentified ON COMMIT DROP AS
  SELECT DISTINCT v.person_id, v.birth_date, v.name_key
  FROM landing.staff_record r
  JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
  JOIN warehouse.person_version v ON v.person_id = a.person_id AND ${stands('v')} AND v.birth_date IS NOT NULL
  WHERE (r.id_hmac IS NULL OR NOT r.id_strong) AND NOT EXISTS (SELECT 1 FROM warehouse.person_identifier p WHERE p.person_id = v.person_id)`;

/** Asked at the first record of the one with the higher number. To be called when the plan is applied. */
export async function findPossibleDoubles(trx: Transaction, runId: number): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS unidentified');
  await trx.raw(UNIDENTIFIED);
  await trx.raw('ANALYZE unidentified');
  await trx.raw(
    `INSERT INTO ops.finding (run_id, code, institution_key, subject, person_ref, params)
     SELECT :run, 'person-possibly-double', i.source || ':' || i.source_key, s.source || ' ' || s.source_key, 'p' || d.other, jsonb_build_object('person', d.other, 'other', d.one)
     FROM (SELECT DISTINCT least(u.person_id, w.person_id) AS one, greatest(u.person_id, w.person_id) AS other
           FROM unidentified u JOIN warehouse.person_version w
             ON w.birth_date = u.birth_date AND w.name_key = u.name_key AND w.person_id <> u.person_id AND ${stands('w')}) AS d
     JOIN LATERAL (SELECT a.source, a.source_key, a.institution_id FROM warehouse.assignment a WHERE a.person_id = d.other ORDER BY a.id LIMIT 1) AS s ON true
     JOIN warehouse.institution i ON i.id = s.institution_id
     WHERE NOT EXISTS (SELECT 1 FROM (${judgementsInForce(':run')}) AS g
                       WHERE g.kind = 'person' AND g.verdict = 'different' AND g.person_id = d.one AND g.other_id = d.other)`,
    { run: runId },
  );
}
