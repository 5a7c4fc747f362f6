/**
 * What is known at one recorded moment must not contradict itself: of one entity no two versions hold on the same day, and of one record no two
 * spells. Looked at in what a plan touched, before it is committed: a plan that would write such a thing is refused whole (I3). The contradictions that
 * a source can bring about are taken out of the plan before (`set-aside.ts`); this is the last guard.
 */
import { ExpectedError } from '../../schemas/expected-error.ts';
import type { Transaction } from '../connect.ts';
import { VERSIONED } from './versions.ts';

const NAMED_AT_MOST = 5;

export class PlanRefusedError extends ExpectedError {
  override readonly name = 'PlanRefusedError';
}

interface Clash {
  entity: string;
  source: string;
  object: string | null;
  row_no: number;
}

const overlap = (a: string, b: string): string =>
  `${a}.recorded_to = 'infinity' AND ${b}.recorded_to = 'infinity' AND greatest(${a}.valid_from, ${b}.valid_from) < least(${a}.valid_to, ${b}.valid_to)`;

/** Two versions of one entity; only what a plan changed or ended can have got a second one. */
export const versionsClash = (entity: string): string => `
  SELECT '${entity}' AS entity, v.${entity}_id AS entity_id, v.source, v.object_id, v.row_no FROM warehouse.${entity}_version v
  JOIN warehouse.${entity}_version w ON w.${entity}_id = v.${entity}_id AND (w.valid_from, w.recorded_from) > (v.valid_from, v.recorded_from) AND ${overlap('v', 'w')}
  WHERE v.${entity}_id IN (SELECT entity_id FROM ops.plan_change WHERE run_id = :run AND entity = '${entity}' AND action IN ('change', 'end'))`;

const SPELLS_CLASH = `
  SELECT 'assignment' AS entity, b.id AS entity_id, w.source, w.object_id, w.row_no FROM ops.plan_change c
  JOIN warehouse.assignment a ON a.source = c.source AND a.source_key = c.source_key
  JOIN warehouse.assignment b ON b.source = a.source AND b.source_key = a.source_key AND b.spell > a.spell AND b.spell > 1
  JOIN warehouse.assignment_version v ON v.assignment_id = a.id
  JOIN warehouse.assignment_version w ON w.assignment_id = b.id AND ${overlap('v', 'w')}
  WHERE c.run_id = :run AND c.entity = 'assignment'`;

/** @throws PlanRefusedError naming the rows that the contradicting versions came from */
export async function refuseOverlaps(trx: Transaction, runId: number): Promise<void> {
  const clashes = [...VERSIONED.map(({ entity }) => versionsClash(entity)), SPELLS_CLASH].join('\nUNION ALL');
  const { rows } = await trx.raw(
    `SELECT DISTINCT c.entity, c.source, o.name AS object, c.row_no FROM (${clashes}) AS c LEFT JOIN landing.object o ON o.id = c.object_id
     ORDER BY 1, 2, 3, 4 LIMIT ${NAMED_AT_MOST}`,
    { run: runId },
  );
  if (rows.length === 0) return;
  const named = (rows as Clash[]).map((c) => `${c.entity} of ${c.source}, ${c.object ?? 'object'} row ${c.row_no}`);
  throw new PlanRefusedError(
    `the plan of run ${runId} would say two things of one day (${named.join('; ')}): nothing of it was applied; look at these rows, then run again`,
  );
}
