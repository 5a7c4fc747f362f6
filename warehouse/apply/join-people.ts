/** People whom the plan joins or parts: their spells and identifiers go to whom they belong now, and what was known before is kept. */
import { JOINED } from '../../schemas/plan.ts';
import type { Transaction } from '../connect.ts';
import { createJoinedPeople } from '../joined-people.ts';
import { UNDECIDED } from './set-aside.ts';

/** Spells of records that match gave to another person than they have; not of whom something is held or undecided. */
const MOVED = `
  CREATE TEMP TABLE moved_spell ON COMMIT DROP AS
  SELECT a.id, a.person_id AS was, coalesce(a.home_id, a.person_id) AS home, m.person_id AS now
  FROM ops.run_match m JOIN warehouse.assignment a ON a.source = m.source AND a.source_key = m.key
  WHERE m.run_id = :run AND a.person_id <> m.person_id
    AND NOT EXISTS (SELECT 1 FROM ops.finding f WHERE f.run_id = m.run_id AND f.code IN (${UNDECIDED}) AND f.person_ref = m.person_ref)
    AND NOT EXISTS (SELECT 1 FROM ops.held_change h WHERE h.run_id = m.run_id AND h.person_ref = m.person_ref)`;

const SPELLS = `
  WITH past AS (
    INSERT INTO warehouse.past_assignment (assignment_id, person_id, recorded_to) SELECT id, was, CAST(:at AS timestamptz) FROM moved_spell)
  UPDATE warehouse.assignment a SET person_id = m.now, home_id = nullif(m.home, m.now) FROM moved_spell m WHERE a.id = m.id`;

/** Those of the people whose spells moved, to whom they are by now. */
const IDENTIFIERS = `
  WITH moving AS MATERIALIZED (
    SELECT p.hmac, p.person_id, p.run_id, o.home, coalesce(j.survivor_id, o.home) AS now
    FROM (SELECT DISTINCT home FROM moved_spell) AS o
    JOIN warehouse.person_identifier p ON p.home_id = o.home OR (p.home_id IS NULL AND p.person_id = o.home)
    LEFT JOIN joined_person j ON j.person_id = o.home
    WHERE p.person_id <> coalesce(j.survivor_id, o.home)),
  past AS (
    INSERT INTO warehouse.past_identifier (hmac, person_id, run_id, until_run_id) SELECT hmac, person_id, run_id, CAST(:run AS bigint) FROM moving)
  UPDATE warehouse.person_identifier p SET person_id = m.now, home_id = nullif(m.home, m.now), run_id = :run FROM moving m WHERE p.hmac = m.hmac`;

/** Nothing is known of somebody who is another one from now on. */
const CLOSED = `
  UPDATE warehouse.person_version v SET recorded_to = CAST(:at AS timestamptz) FROM ops.plan_change c
  WHERE c.run_id = :run AND c.entity = 'person' AND c.action = 'end' AND c.reason = '${JOINED}' AND v.person_id = c.entity_id AND v.recorded_to = 'infinity'`;

/** Before anything of the plan is written. */
export async function joinPeople(trx: Transaction, runId: number, recordedAt: string): Promise<void> {
  const { rows } = await trx.raw(`SELECT EXISTS (SELECT 1 FROM review.judgement WHERE kind = 'person') AS any`);
  if (!rows[0].any) return;
  await createJoinedPeople(trx, runId);
  await trx.raw('DROP TABLE IF EXISTS moved_spell');
  await trx.raw(MOVED, { run: runId });
  await trx.raw(SPELLS, { at: recordedAt });
  await trx.raw(IDENTIFIERS, { run: runId });
  await trx.raw(CLOSED, { run: runId, at: recordedAt });
}
