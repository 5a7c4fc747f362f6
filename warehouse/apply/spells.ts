/**
 * The bitemporal write of spells of service. A change of a spell comes as its whole line of stretches, as it is to be known from now on; what
 * already stands so is left alone, the rest is closed and written anew, in one step for all spells. So the stretches of a spell that are known at one recorded
 * moment never overlap and leave no gap, also where one of them is still to come.
 */
import type { Transaction } from '../connect.ts';
import { REVERTED } from '../reverts/reverted.ts';

/** What tells one stretch from another besides its days. */
const VALUES = ['title', 'title_code', 'subjects', 'is_primary', 'on_leave', 'end_reason', 'began'] as const;
const of = (alias: string): string => VALUES.map((name) => `${alias}.${name}`).join(', ');
const alike = (a: string, b: string): string => `(${of(a)}) IS NOT DISTINCT FROM (${of(b)})`;

/** Where a stretch came from: `registered_at` aside, what continues keeps it. */
const LINEAGE = [
  'source',
  'source_key',
  'object_id',
  'row_no',
  'run_id',
  'rule',
  'reason',
  'manual_value',
  'judgement_id',
] as const;

/** Adds of a single stretch are written with all other entities' (`versions.ts`). */
export async function writeStretches(trx: Transaction, runId: number, recordedAt: string): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS told_stretch, replaced_stretch');
  await trx.raw(
    `CREATE TEMP TABLE told_stretch ON COMMIT DROP AS
     SELECT c.seq, c.entity_id AS assignment_id, c.registered_at, (s->>'from')::date AS valid_from, (s->>'to')::date AS valid_to,
            s->>'title' AS title, (s->>'titleCode')::smallint AS title_code, ARRAY(SELECT jsonb_array_elements_text(s->'subjects')) AS subjects,
            (s->>'isPrimary')::boolean AS is_primary, (s->>'onLeave')::boolean AS on_leave, s->>'endReason' AS end_reason, (s->>'began')::date AS began
     FROM ops.plan_change c CROSS JOIN LATERAL jsonb_array_elements(c.after->'stretches') AS s
     WHERE c.run_id = ? AND c.entity = 'assignment' AND c.reason <> '${REVERTED}'`,
    [runId],
  );
  await trx.raw('ANALYZE told_stretch');
  // A stretch that was registered after this change is written anew with it: a cut-off between the two must find a whole line (R24).
  await trx.raw(
    `CREATE TEMP TABLE replaced_stretch ON COMMIT DROP AS
     SELECT v.* FROM warehouse.assignment_version v
     WHERE v.recorded_to = 'infinity' AND v.assignment_id IN (SELECT assignment_id FROM told_stretch)
       AND NOT EXISTS (SELECT 1 FROM told_stretch t WHERE t.assignment_id = v.assignment_id AND t.valid_from = v.valid_from AND t.valid_to = v.valid_to
                         AND ${alike('t', 'v')} AND v.registered_at <= t.registered_at)`,
  );
  await trx.raw('ANALYZE replaced_stretch');
  await trx.raw(
    `UPDATE warehouse.assignment_version v SET recorded_to = ?::timestamptz FROM replaced_stretch r
     WHERE v.assignment_id = r.assignment_id AND v.recorded_to = 'infinity' AND v.valid_from = r.valid_from`,
    [recordedAt],
  );
  const lineage = LINEAGE.map((name) => `CASE WHEN r.assignment_id IS NULL THEN c.${name} ELSE r.${name} END`).join(
    ', ',
  );
  await trx.raw(
    `INSERT INTO warehouse.assignment_version (assignment_id, valid_from, valid_to, recorded_from, ${VALUES.join(', ')}, taken_by, registered_at, ${LINEAGE.join(', ')})
     SELECT t.assignment_id, t.valid_from, t.valid_to, ?::timestamptz, ${of('t')}, CASE WHEN t.end_reason IS NOT NULL THEN c.after->>'takenBy' END, c.registered_at, ${lineage}
     FROM told_stretch t JOIN ops.plan_change c ON c.run_id = ? AND c.seq = t.seq
     LEFT JOIN replaced_stretch r ON r.assignment_id = t.assignment_id AND r.valid_from = t.valid_from AND t.end_reason IS NULL AND ${alike('r', 't')}
     WHERE NOT EXISTS (SELECT 1 FROM warehouse.assignment_version v
                       WHERE v.assignment_id = t.assignment_id AND v.recorded_to = 'infinity' AND v.valid_from = t.valid_from)`,
    [recordedAt, runId],
  );
}
