/**
 * A plan that contradicts itself about one person must not stop the city: what would be written for one record is laid beside what stands, and where two
 * spells would hold on one day, or a line is no line, all changes of that person are taken out of the plan, on both sides of a transfer, and told.
 * They are tried again every night while that is open (`matching/waiting.ts`). `refuse-overlaps.ts` guards what nobody foresaw.
 */
import type { Transaction } from '../connect.ts';
import { versionsClash } from './refuse-overlaps.ts';

/** Code of the finding: whoever has it has no change in the plan of that run. */
export const SET_ASIDE = 'changes-set-aside';
/** Codes of people of whom nothing could be decided: what else is open of them stays open. SQL list. */
export const UNDECIDED = `'${SET_ASIDE}', 'record-changed-institution'`;

/** Only records of which something stands already, or changes: a first load has none. */
const RECORD = `
  SELECT DISTINCT c.source, c.source_key, c.person_ref FROM ops.plan_change c
  WHERE c.run_id = :run AND c.entity = 'assignment'
    AND (c.action <> 'add' OR EXISTS (SELECT 1 FROM warehouse.assignment a WHERE a.source = c.source AND a.source_key = c.source_key))`;

const TOLD = `
  SELECT r.person_ref, c.source, c.source_key, c.seq, coalesce(c.entity_id, -c.seq) AS spell_id, s.nth,
         coalesce((s.stretch->>'from')::date, c.effective) AS valid_from,
         coalesce((s.stretch->>'to')::date, (c.after->>'validTo')::date, 'infinity') AS valid_to, s.stretch->>'endReason' AS end_reason
  FROM record r JOIN ops.plan_change c ON c.run_id = :run AND c.entity = 'assignment' AND c.source = r.source AND c.source_key = r.source_key
  LEFT JOIN LATERAL jsonb_array_elements(c.after->'stretches') WITH ORDINALITY AS s (stretch, nth) ON true`;

const STANDS = `
  SELECT r.person_ref, a.source, a.source_key, NULL::bigint AS seq, a.id AS spell_id, 0 AS nth, v.valid_from, v.valid_to, v.end_reason
  FROM record r JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.source_key
  JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity'
  WHERE a.id NOT IN (SELECT entity_id FROM ops.plan_change WHERE run_id = :run AND entity = 'assignment' AND entity_id IS NOT NULL)`;

const CONTRADICTED = `
  WITH record AS MATERIALIZED (${RECORD}),
  told AS MATERIALIZED (${TOLD}),
  line AS MATERIALIZED (SELECT * FROM told UNION ALL ${STANDS})
  SELECT person_ref FROM told WHERE valid_from > valid_to OR (valid_from = valid_to AND end_reason IS NULL)
  UNION
  SELECT a.person_ref FROM line a JOIN line b ON b.source = a.source AND b.source_key = a.source_key
    AND (b.spell_id, b.valid_from, b.nth) > (a.spell_id, a.valid_from, a.nth)
    AND greatest(a.valid_from, b.valid_from) < least(a.valid_to, b.valid_to)
  UNION
  SELECT c.person_ref FROM ops.plan_change c
  JOIN warehouse.assignment a ON a.source = c.source AND a.source_key = c.source_key AND a.spell = (c.after->>'spell')::integer AND a.id <> c.entity_id
  WHERE c.run_id = :run AND c.entity = 'assignment' AND c.action = 'add'
  UNION
  SELECT c.person_ref FROM ops.plan_change c
  WHERE c.run_id = :run AND c.entity = 'person' AND c.entity_id IN (SELECT entity_id FROM (${versionsClash('person')}) AS v)`;

/** What an account's change stands on contradicts itself already: it hangs on no person of ours. */
const ACCOUNTS = `
  SELECT c.seq FROM ops.plan_change c
  WHERE c.run_id = :run AND c.entity = 'account' AND c.entity_id IN (SELECT entity_id FROM (${versionsClash('account')}) AS v)`;

/**
 * What else was found of people was found of a plan that is not carried out; what their records are about still stands.
 * @param people SQL that selects their `person_ref`
 */
export const forgetFindings = (trx: Transaction, runId: number, people: string): Promise<unknown> =>
  trx.raw(
    `DELETE FROM ops.finding WHERE run_id = :run AND person_ref IN (${people}) AND code NOT IN ('person-identifier-conflict', 'institution-unknown')`,
    { run: runId },
  );

/** @returns how many changes were taken out of the plan of the run */
export async function setContradictionsAside(trx: Transaction, runId: number): Promise<number> {
  const bindings = { run: runId };
  await trx.raw('DROP TABLE IF EXISTS set_aside');
  await trx.raw(
    `CREATE TEMP TABLE set_aside ON COMMIT DROP AS
     SELECT c.* FROM ops.plan_change c WHERE c.run_id = :run AND (c.person_ref IN (${CONTRADICTED}) OR c.seq IN (${ACCOUNTS}))`,
    bindings,
  );
  const { rowCount } = await trx.raw(
    'DELETE FROM ops.plan_change c USING set_aside s WHERE c.run_id = s.run_id AND c.seq = s.seq',
  );
  if ((rowCount ?? 0) === 0) return 0;
  await forgetFindings(trx, runId, 'SELECT person_ref FROM set_aside');
  await trx.raw(
    `INSERT INTO ops.finding (run_id, code, institution_key, subject, person_ref, params)
     SELECT DISTINCT ON (s.institution_key, s.source, s.source_key) :run, '${SET_ASIDE}', s.institution_key, s.source || ' ' || s.source_key,
            coalesce(s.person_ref, 'account'), jsonb_build_object('object', coalesce(o.name, '—'), 'row', s.row_no)
     FROM set_aside s LEFT JOIN landing.object o ON o.id = s.object_id
     ORDER BY s.institution_key, s.source, s.source_key, s.seq`,
    bindings,
  );
  return rowCount as number;
}
