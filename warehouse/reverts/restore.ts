/**
 * Writes what undoes a run: of each entity in the plan, the versions that the run wrote are closed and copies of those that it closed are written, with the source
 * and the moment of registration that they had. A cut-off (R24) that knows of it sees them as if the run had never been; one that does not sees what was.
 */
import { VERSIONED, type VersionedEntity } from '../apply/versions.ts';
import type { Transaction } from '../connect.ts';
import { movedIn } from '../joined-people.ts';
import { REVERTED } from './reverted.ts';
import { undoesAnything } from './undoes-anything.ts';

const CHANGES = (entity: VersionedEntity['entity']): string => `
  SELECT c.entity_id, t.recorded_at AS at, c.action FROM ops.plan_change c JOIN ops.run t ON t.id = (c.after->>'reverts')::bigint
  WHERE c.run_id = :run AND c.entity = '${entity}' AND c.reason = '${REVERTED}'`;

/** People of whom something is undone in this run, with the undone run. */
const PEOPLE = `
  SELECT DISTINCT ltrim(c.person_ref, 'p')::bigint AS person_id, t.id AS target, t.recorded_at AS at
  FROM ops.plan_change c JOIN ops.run t ON t.id = (c.after->>'reverts')::bigint
  WHERE c.run_id = :run AND c.reason = '${REVERTED}' AND c.person_ref IS NOT NULL`;

/**
 * Identifiers follow: what the undone run learned of somebody who was known before is theirs no more, and what it took is theirs again. Whom it had brought keeps
 * theirs, so that the same person comes back, not another, should a source tell of them anew.
 */
async function restoreIdentifiers(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `WITH undone AS MATERIALIZED (${PEOPLE}),
     gone AS (
       DELETE FROM warehouse.person_identifier p USING undone u
       WHERE p.person_id = u.person_id AND p.run_id = u.target AND NOT ${movedIn('p')}
         AND EXISTS (SELECT 1 FROM warehouse.person_version v WHERE v.person_id = u.person_id AND v.recorded_from < u.at AND v.recorded_to >= u.at)
       RETURNING p.hmac, p.person_id, p.run_id)
     INSERT INTO warehouse.past_identifier (hmac, person_id, run_id, until_run_id) SELECT hmac, person_id, run_id, CAST(:run AS bigint) FROM gone`,
    { run: runId },
  );
  await trx.raw(
    `INSERT INTO warehouse.person_identifier (hmac, person_id, run_id)
     SELECT p.hmac, p.person_id, CAST(:run AS bigint) FROM (${PEOPLE}) AS u JOIN warehouse.past_identifier p ON p.person_id = u.person_id AND p.until_run_id = u.target
     ON CONFLICT (hmac) DO NOTHING`,
    { run: runId },
  );
}

/** To be called before the run's holds are settled. */
export async function restoreVersions(trx: Transaction, runId: number, recordedAt: string): Promise<void> {
  if (!(await undoesAnything(trx, runId))) return;
  const bindings = { run: runId, now: recordedAt };
  await restoreIdentifiers(trx, runId);
  for (const { entity, columns } of VERSIONED) {
    const table = `warehouse.${entity}_version`;
    const names = columns.map(([name]) => name).join(', ');
    const kept = `valid_from, valid_to, ${names}, registered_at, source, source_key, object_id, row_no, rule, manual_value, judgement_id`;
    await trx.raw(
      `UPDATE ${table} v SET recorded_to = CAST(:now AS timestamptz) FROM (${CHANGES(entity)}) AS c
       WHERE v.${entity}_id = c.entity_id AND v.recorded_from = c.at AND v.recorded_to = 'infinity'`,
      bindings,
    );
    await trx.raw(
      `INSERT INTO ${table} (${entity}_id, recorded_from, run_id, reason, ${kept})
       SELECT c.entity_id, CAST(:now AS timestamptz), CAST(:run AS bigint), '${REVERTED}', ${kept
         .split(', ')
         .map((name) => `v.${name}`)
         .join(', ')}
       FROM (${CHANGES(entity)}) AS c JOIN ${table} v ON v.${entity}_id = c.entity_id AND v.recorded_to = c.at`,
      bindings,
    );
    await trx.raw(
      `INSERT INTO warehouse.withdrawal (entity, entity_id, recorded_at, run_id)
       SELECT '${entity}', c.entity_id, CAST(:now AS timestamptz), CAST(:run AS bigint) FROM (${CHANGES(entity)}) AS c WHERE c.action = 'end'`,
      bindings,
    );
  }
}
