/** People whom the plan joins or parts: their spells and identifiers go to whom they belong now, and what was known before is kept. */
import { JOINED } from '../../schemas/plan.ts';
import type { Transaction } from '../connect.ts';
import { createJoinedPeople, movedIn } from '../joined-people.ts';
import { UNDECIDED } from './set-aside.ts';

/** SQL: whether something is known of a person from this run on. */
const standsNow = (person: string): string =>
  `(EXISTS (SELECT 1 FROM warehouse.person_version v WHERE v.person_id = ${person} AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity')
    OR EXISTS (SELECT 1 FROM ops.plan_change c WHERE c.run_id = :run AND c.entity = 'person' AND c.action = 'add' AND c.entity_id = ${person}))`;

/** SQL: whether the plan says of a person that they are another one, or there is nothing to say of them. */
const ENDED = `(EXISTS (SELECT 1 FROM ops.plan_change c WHERE c.run_id = :run AND c.entity = 'person' AND c.action = 'end' AND c.reason = '${JOINED}' AND c.entity_id = a.person_id)
    OR NOT EXISTS (SELECT 1 FROM joined_person j WHERE j.person_id = a.person_id) OR NOT ${standsNow('a.person_id')})`;

/**
 * Spells of records that match gave to another person than they have; not of whom something is held or undecided, nor what the plan is silent about, as where
 * the institution of every record is unknown: nobody is left without a spell, and no spell without a person.
 */
const MOVED = `
  CREATE TEMP TABLE moved_spell ON COMMIT DROP AS
  SELECT a.id, a.person_id AS was, coalesce(a.home_id, a.person_id) AS home, m.person_id AS now
  FROM ops.run_match m JOIN warehouse.assignment a ON a.source = m.source AND a.source_key = m.key
  WHERE m.run_id = :run AND a.person_id <> m.person_id AND ${standsNow('m.person_id')} AND ${ENDED}
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

/** An identifier that a record brings while its person is joined to another is that person's, should they part. */
const NEW_IDENTIFIERS = `
  UPDATE warehouse.person_identifier p SET home_id = t.home FROM (
    SELECT n.hmac, n.person_id, min(coalesce(f.home_id, f.person_id)) AS home
    FROM warehouse.person_identifier n JOIN landing.staff_record r ON r.id_hmac = n.hmac AND r.id_strong
    JOIN ops.run_match m ON m.run_id = n.run_id AND m.source = r.source AND m.key = r.key
    JOIN warehouse.assignment f ON f.source = r.source AND f.source_key = r.key AND f.spell = 1 AND f.person_id = n.person_id
    WHERE n.run_id = :run AND NOT ${movedIn('n')} GROUP BY 1, 2) AS t
  WHERE p.hmac = t.hmac AND t.home <> t.person_id`;

/** A spell that comes meanwhile is whose the record was, else whom its identifier stood for. */
const NEW_SPELLS = `
  UPDATE warehouse.assignment a SET home_id = t.home FROM (
    SELECT n.id, n.person_id, coalesce(f.home_id, f.person_id, p.home_id, p.person_id) AS home
    FROM ops.plan_change c JOIN warehouse.assignment n ON n.id = c.entity_id
    LEFT JOIN warehouse.assignment f ON f.source = n.source AND f.source_key = n.source_key AND f.spell = 1 AND f.id <> n.id
    LEFT JOIN landing.staff_record r ON r.source = n.source AND r.key = n.source_key AND r.id_strong
    LEFT JOIN warehouse.person_identifier p ON p.hmac = r.id_hmac AND p.person_id = n.person_id
    WHERE c.run_id = :run AND c.entity = 'assignment' AND c.action = 'add'
      AND NOT EXISTS (SELECT 1 FROM warehouse.assignment_version v WHERE v.assignment_id = n.id)) AS t
  WHERE a.id = t.id AND t.home <> t.person_id`;

const anyDecided = async (trx: Transaction): Promise<boolean> =>
  (await trx.raw(`SELECT EXISTS (SELECT 1 FROM review.judgement WHERE kind = 'person') AS any`)).rows[0].any;

/** Before the spells of the plan are added: whose the identifiers are that it brought. */
export async function noteHomesOfIdentifiers(trx: Transaction, runId: number): Promise<void> {
  if (await anyDecided(trx)) await trx.raw(NEW_IDENTIFIERS, { run: runId });
}

/** After the spells of the plan were added, before their versions. */
export async function noteHomesOfSpells(trx: Transaction, runId: number): Promise<void> {
  if (await anyDecided(trx)) await trx.raw(NEW_SPELLS, { run: runId });
}

/** Before anything of the plan is written. */
export async function joinPeople(trx: Transaction, runId: number, recordedAt: string): Promise<void> {
  if (!(await anyDecided(trx))) return;
  await createJoinedPeople(trx, runId);
  await trx.raw('DROP TABLE IF EXISTS moved_spell');
  await trx.raw(MOVED, { run: runId });
  await trx.raw(SPELLS, { at: recordedAt });
  await trx.raw(IDENTIFIERS, { run: runId });
  await trx.raw(CLOSED, { run: runId, at: recordedAt });
}
