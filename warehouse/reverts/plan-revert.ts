/**
 * The changes that undo a run, put into the plan of another: per person, institution and account all that the run did to them, or nothing. What a later run (or
 * this one) changed of somebody is a conflict, listed, and nothing of them is undone; so is what follows a person's decision that is in force. What stands held is proposed again like any held change. What is
 * proposed here is only what people decide on; `restore.ts` writes the versions that stood before.
 */
import { JOINED, PARTED } from '../../schemas/plan.ts';
import type { Transaction } from '../connect.ts';
import { movedIn } from '../joined-people.ts';
import { judgementsInForce } from '../judgements.ts';
import { MANUAL_IN_FORCE } from '../manual-values.ts';
import { REVERTED } from './reverted.ts';
import { heldUndoing, undoesAnything } from './undoes-anything.ts';
import { hasFields, LINE, NOTHING, STANDS, STOOD, valuesOf } from './versions-as-plan.ts';

export type RevertedEntity = 'institution' | 'person' | 'assignment' | 'account';
const VERSIONS: readonly RevertedEntity[] = ['institution', 'person', 'assignment', 'account'];

/** A change of a spell is about its person. */
const UNIT = `CASE c.entity WHEN 'assignment' THEN 'person' ELSE c.entity END`;
const UNIT_ID = `CASE c.entity WHEN 'assignment' THEN (SELECT a.person_id FROM warehouse.assignment a WHERE a.id = c.entity_id) ELSE c.entity_id END`;

/** That two people are one is a judgement: it is taken back by itself (`mingce review undo`). */
const UNDOABLE = `c.reason NOT IN ('${JOINED}', '${PARTED}')`;

/** All that the run did, where it is asked to be undone; else what stands held of other requests. */
const UNITS = `
  CREATE TEMP TABLE revert_unit ON COMMIT DROP AS
  SELECT DISTINCT u.target, t.recorded_at AS at, u.entity, u.id FROM (
    SELECT r.reverts AS target, ${UNIT} AS entity, ${UNIT_ID} AS id
    FROM ops.run r JOIN ops.plan_change c ON c.run_id = r.reverts AND ${UNDOABLE} WHERE r.id = :run
    UNION ALL
    SELECT r.reverts, 'person', p.person_id FROM ops.run r JOIN warehouse.person_identifier p ON p.run_id = r.reverts AND NOT ${movedIn('p')} WHERE r.id = :run
    UNION ALL
    SELECT r.reverts, 'person', p.person_id FROM ops.run r JOIN warehouse.past_identifier p ON p.until_run_id = r.reverts WHERE r.id = :run
    UNION ALL
    ${heldUndoing(`(c.after->>'reverts')::bigint, ${UNIT}, ${UNIT_ID}`)}) AS u
  JOIN ops.run t ON t.id = u.target WHERE u.id IS NOT NULL`;

/** SQL: fields of a change `c` that people know and that it changed. */
const DIFFERING = (c: string): string => `
  SELECT b.key AS field FROM jsonb_each(${c}.before) AS b JOIN jsonb_each(${c}.after) AS a ON a.key = b.key AND a.value <> b.value WHERE ${hasFields('b.key')}`;

/** Plans that were carried out after the undone run, and this run's own; nothing that this run undoes. */
const LATER = `
  WITH run AS (SELECT DISTINCT u.target, l.id FROM (SELECT DISTINCT target, at FROM revert_unit) AS u JOIN ops.run l ON l.recorded_at > u.at OR l.id = :run),
  change AS (SELECT r.target, c.* FROM run r JOIN ops.plan_change c ON c.run_id = r.id WHERE NOT (c.run_id = :run AND c.reason = '${REVERTED}'))
  SELECT u.entity AS unit, u.id AS unit_id, c.* FROM revert_unit u
  JOIN change c ON c.target = u.target AND c.entity IN ('person', 'assignment') AND c.person_ref = 'p' || u.id WHERE u.entity = 'person'
  UNION ALL
  SELECT u.entity, u.id, c.* FROM revert_unit u
  JOIN change c ON c.target = u.target AND c.entity = u.entity AND c.entity_id = u.id WHERE u.entity <> 'person'`;

const changedLater = (entity: RevertedEntity, unit: string): string => `
  SELECT u.target, u.entity, u.id, v.run_id FROM revert_unit u
  JOIN warehouse.${entity}_version v ON v.${entity}_id ${unit === 'person' && entity === 'assignment' ? 'IN (SELECT a.id FROM warehouse.assignment a WHERE a.person_id = u.id)' : '= u.id'}
  WHERE u.entity = '${unit}' AND (v.recorded_from > u.at OR (v.recorded_to > u.at AND v.recorded_to < 'infinity'))`;

/**
 * What a person decided and did not take back: the run only followed it, and so would the next one. A value by its columns, for a change names one value where several began; a judgement by
 * its number.
 */
const BY_HAND = `
  SELECT u.target, u.entity AS unit, u.id AS unit_id, c.institution_key, m.field, m.id AS manual_value, CAST(NULL AS bigint) AS judgement_id
  FROM revert_unit u
  JOIN ops.plan_change c ON c.run_id = u.target AND u.entity = ${UNIT} AND u.id = ${UNIT_ID} AND c.before IS NOT NULL AND c.reason <> '${REVERTED}'
  JOIN (${MANUAL_IN_FORCE}) AS m ON m.entity = u.entity
   AND (m.entity_id = u.id OR (m.entity = 'person' AND m.entity_id IN (SELECT a.home_id FROM warehouse.assignment a WHERE a.person_id = u.id)))
  LEFT JOIN warehouse.institution i ON i.id = m.institution_id
  WHERE (c.entity = 'assignment') = (m.institution_id IS NOT NULL) AND (m.institution_id IS NULL OR c.institution_key = i.source || ':' || i.source_key)
    AND EXISTS (SELECT 1 FROM jsonb_each(m.columns) AS h WHERE c.after->h.key = h.value AND c.before->h.key IS DISTINCT FROM h.value)
  UNION
  SELECT u.target, u.entity, u.id, c.institution_key, coalesce(f.field, c.reason), NULL, g.id
  FROM revert_unit u
  JOIN ops.plan_change c ON c.run_id = u.target AND u.entity = ${UNIT} AND u.id = ${UNIT_ID} AND c.reason <> '${REVERTED}'
  JOIN (${judgementsInForce(':run')}) AS g ON g.id = c.judgement_id
  LEFT JOIN LATERAL (${DIFFERING('c')}) AS f ON true`;

/** By what the plans say, field by field; by the versions, should a plan say nothing; and what was learned of identifiers. */
const CONFLICTS = `
  INSERT INTO ops.revert_conflict (run_id, reverts, entity, entity_id, institution_key, field, changed_run_id, manual_value, judgement_id)
  WITH later AS MATERIALIZED (${LATER}),
  told AS (
    SELECT l.target, l.unit, l.unit_id, l.institution_key, coalesce(f.field, l.reason) AS field, l.run_id
    FROM later l LEFT JOIN LATERAL (${DIFFERING('l')}) AS f ON true
    UNION
    SELECT u.target, u.entity, u.id, coalesce((SELECT i.source || ':' || i.source_key FROM warehouse.assignment a JOIN warehouse.institution i ON i.id = a.institution_id
                                               WHERE a.person_id = u.id ORDER BY a.id DESC LIMIT 1), ''), 'identifier', p.run_id
    FROM revert_unit u
    JOIN (SELECT person_id, run_id FROM warehouse.person_identifier UNION SELECT person_id, until_run_id FROM warehouse.past_identifier) AS p ON p.person_id = u.id
    JOIN ops.run l ON l.id = p.run_id AND l.recorded_at > u.at WHERE u.entity = 'person'),
  versions AS (
    ${[
      changedLater('institution', 'institution'),
      changedLater('person', 'person'),
      changedLater('assignment', 'person'),
      changedLater('account', 'account'),
    ].join(' UNION ')})
  SELECT DISTINCT CAST(:run AS bigint), target, unit, unit_id, institution_key, field, run_id, CAST(NULL AS bigint), CAST(NULL AS bigint) FROM told
  UNION
  SELECT CAST(:run AS bigint), target, unit, unit_id, institution_key, field, target, min(manual_value), min(judgement_id) FROM (${BY_HAND}) AS decided GROUP BY 2, 3, 4, 5, 6
  UNION
  SELECT DISTINCT CAST(:run AS bigint), v.target, v.entity, v.id, '', 'version', v.run_id, CAST(NULL AS bigint), CAST(NULL AS bigint) FROM versions v
  WHERE NOT EXISTS (SELECT 1 FROM told t WHERE t.target = v.target AND t.unit = v.entity AND t.unit_id = v.id)`;

const NEXT_SEQ = '(SELECT coalesce(max(seq), 0) FROM ops.plan_change WHERE run_id = :run)';
const COLUMNS =
  'run_id, seq, entity, action, institution_key, source, source_key, person_ref, entity_id, reason, rule, effective, registered_at, object_id, row_no, before, after';

/** Each change of the undone run once more, the other way round; what left no trace in the versions is none. */
const turned = (entity: RevertedEntity): string => `
  INSERT INTO ops.plan_change (${COLUMNS})
  SELECT :run, ${NEXT_SEQ} + row_number() OVER (ORDER BY c.run_id, c.seq), c.entity,
         CASE WHEN now.line IS NULL THEN 'add' WHEN before.line IS NULL THEN 'end' ELSE 'change' END,
         c.institution_key, c.source, c.source_key, CASE WHEN u.entity = 'person' THEN 'p' || u.id END, c.entity_id, '${REVERTED}', c.rule, c.effective,
         c.registered_at, c.object_id, c.row_no, now.line,
         coalesce(before.line, ${NOTHING(entity)}) || jsonb_build_object('reverts', u.target)
  FROM revert_unit u
  JOIN ops.plan_change c ON c.run_id = u.target AND ${UNDOABLE} AND c.entity = '${entity}' AND u.entity = ${UNIT} AND u.id = ${UNIT_ID}
  CROSS JOIN LATERAL (SELECT ${LINE(entity)} AS line FROM warehouse.${entity}_version v WHERE v.${entity}_id = c.entity_id AND ${STANDS('v')}) AS now
  CROSS JOIN LATERAL (SELECT ${LINE(entity)} AS line FROM warehouse.${entity}_version v WHERE v.${entity}_id = c.entity_id AND ${STOOD('v', 'u.at')}) AS before
  WHERE NOT EXISTS (SELECT 1 FROM ops.revert_conflict x WHERE x.run_id = :run AND x.reverts = u.target AND x.entity = u.entity AND x.entity_id = u.id)
    AND EXISTS (SELECT 1 FROM warehouse.${entity}_version v WHERE v.${entity}_id = c.entity_id AND (v.recorded_from = u.at OR v.recorded_to = u.at))`;

/** Somebody of whom the run changed nothing but an identifier: told as a change of the person, so that it is seen, counted and held. */
const IDENTIFIERS = `
  INSERT INTO ops.plan_change (${COLUMNS})
  SELECT :run, ${NEXT_SEQ} + row_number() OVER (ORDER BY u.id), 'person', 'change', i.source || ':' || i.source_key, a.source, a.source_key, 'p' || u.id, u.id,
         '${REVERTED}', 'R02', t.clock::date, v.registered_at, v.object_id, v.row_no, to_jsonb(f), to_jsonb(f) || jsonb_build_object('reverts', u.target)
  FROM revert_unit u JOIN ops.run t ON t.id = u.target
  JOIN warehouse.person_version v ON v.person_id = u.id AND ${STANDS('v')} AND v.valid_to = 'infinity'
  CROSS JOIN LATERAL (SELECT ${valuesOf('person', 'v')}) AS f
  JOIN LATERAL (
    SELECT a.source, a.source_key, a.institution_id FROM warehouse.assignment a
    LEFT JOIN landing.staff_record r ON r.source = a.source AND r.key = a.source_key
     AND r.id_hmac IN (SELECT p.hmac FROM warehouse.person_identifier p WHERE p.person_id = u.id AND p.run_id = u.target)
    WHERE a.person_id = u.id ORDER BY r.key IS NULL, a.id LIMIT 1) AS a ON true
  JOIN warehouse.institution i ON i.id = a.institution_id
  WHERE u.entity = 'person' AND EXISTS (SELECT 1 FROM warehouse.person_version w WHERE w.person_id = u.id AND ${STOOD('w', 'u.at')})
    AND (EXISTS (SELECT 1 FROM warehouse.person_identifier p WHERE p.person_id = u.id AND p.run_id = u.target)
      OR EXISTS (SELECT 1 FROM warehouse.past_identifier p WHERE p.person_id = u.id AND p.until_run_id = u.target))
    AND NOT EXISTS (SELECT 1 FROM ops.plan_change c WHERE c.run_id = :run AND c.reason = '${REVERTED}' AND c.person_ref = 'p' || u.id)
    AND NOT EXISTS (SELECT 1 FROM ops.revert_conflict x WHERE x.run_id = :run AND x.reverts = u.target AND x.entity = 'person' AND x.entity_id = u.id)`;

/** To be called when all that the sources ask for is in the plan. @returns how many changes it added */
export async function planReverts(trx: Transaction, runId: number): Promise<number> {
  const bindings = { run: runId };
  await trx('ops.revert_conflict').where({ run_id: runId }).delete();
  if (!(await undoesAnything(trx, runId))) return 0;
  await trx.raw('DROP TABLE IF EXISTS revert_unit');
  await trx.raw(UNITS, bindings);
  await trx.raw('ANALYZE revert_unit');
  await trx.raw(CONFLICTS, bindings);
  let changes = 0;
  for (const sql of [...VERSIONS.map(turned), IDENTIFIERS]) changes += (await trx.raw(sql, bindings)).rowCount ?? 0;
  return changes;
}

/** Of this plan; looked up as a set, for there may be as many as in a first load. */
const takenBack = (entity: 'assignment' | 'account'): string =>
  `SELECT o.entity_id FROM ops.plan_change o WHERE o.run_id = :run AND o.entity = '${entity}' AND o.action = 'end' AND o.reason = '${REVERTED}' AND o.entity_id IS NOT NULL`;

/** Whoever serves at an institution, or holds an account of it, that this run would take back. */
const STILL_THERE = `
  SELECT c.seq, c.entity_id, (c.after->>'reverts')::bigint AS target, c.institution_key, w.run_id
  FROM ops.plan_change c CROSS JOIN LATERAL (SELECT max(run_id) AS run_id FROM (
    SELECT v.run_id FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to
    WHERE a.institution_id = c.entity_id AND a.id NOT IN (${takenBack('assignment')})
    UNION ALL
    SELECT v.run_id FROM warehouse.account a JOIN warehouse.account_version v ON v.account_id = a.id AND v.recorded_to = 'infinity'
    WHERE a.institution_id = c.entity_id AND a.id NOT IN (${takenBack('account')})
    UNION ALL
    SELECT o.run_id FROM ops.plan_change o
    WHERE o.run_id = :run AND o.institution_key = c.institution_key AND o.action = 'add' AND o.reason <> '${REVERTED}') AS there) AS w
  WHERE w.run_id IS NOT NULL AND c.run_id = :run AND c.entity = 'institution' AND c.action = 'end' AND c.reason = '${REVERTED}'`;

/** After what is held was taken out: an institution is not taken back while somebody is there. @returns how many stay */
export async function keepInhabited(trx: Transaction, runId: number): Promise<number> {
  const { rowCount } = await trx.raw(
    `WITH kept AS MATERIALIZED (${STILL_THERE}),
     told AS (
       INSERT INTO ops.revert_conflict (run_id, reverts, entity, entity_id, institution_key, field, changed_run_id)
       SELECT DISTINCT CAST(:run AS bigint), target, 'institution', entity_id, institution_key, 'people', run_id FROM kept)
     DELETE FROM ops.plan_change c USING (SELECT DISTINCT seq FROM kept) AS k WHERE c.run_id = :run AND c.seq = k.seq`,
    { run: runId },
  );
  return rowCount ?? 0;
}
