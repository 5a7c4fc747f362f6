/** What the plan adds comes into being, and the ledger of who an identifier stands for. */
import type { Transaction } from '../connect.ts';
import { REVERTED } from '../reverts/reverted.ts';
import { isSetAside } from '../reverts/reverted-words.ts';
import { UNDECIDED } from './set-aside.ts';

/**
 * Opens the recorded moment of this apply: after the last one, whatever the clock says. Serialises applies. The clock is asked when the lock is had: while it is
 * waited for, somebody may read as of a moment that has passed, and what was answered of it must stand.
 * @param clock ISO
 */
export async function openRecordedMoment(trx: Transaction, clock: () => string): Promise<string> {
  await trx.raw('SELECT at FROM ops.recorded_clock FOR UPDATE');
  const { rows } = await trx.raw(
    `UPDATE ops.recorded_clock SET at = greatest(at + interval '1 microsecond', ?::timestamptz) RETURNING at`,
    [clock()],
  );
  return rows[0].at;
}

/** What a source tells of for the first time, or again after it was undone. */
const ADDED = `action = 'add' AND reason <> '${REVERTED}'`;

/** Institutions and their codes come first (R14): everything else stands on them. */
export async function addInstitutions(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `INSERT INTO warehouse.institution (source, source_key)
     SELECT source, source_key FROM ops.plan_change WHERE run_id = ? AND entity = 'institution' AND ${ADDED} ORDER BY seq
     ON CONFLICT (source, source_key) DO NOTHING`,
    [runId],
  );
  await trx.raw(
    `UPDATE ops.plan_change c SET entity_id = i.id FROM warehouse.institution i
     WHERE c.run_id = ? AND c.entity = 'institution' AND ${ADDED} AND c.entity_id IS NULL AND i.source = c.source AND i.source_key = c.source_key`,
    [runId],
  );
  await trx.raw(
    `INSERT INTO warehouse.institution_code (system, code, section, institution_id)
     SELECT after->>'system', after->>'code', after->>'section', entity_id FROM ops.plan_change
     WHERE run_id = ? AND entity = 'institution' AND ${ADDED}
     ON CONFLICT (system, code, section) DO NOTHING`,
    [runId],
  );
}

/** An institution keeps its id when another source has the word on it from now on. Before anything names it by its key. */
export async function adoptInstitutions(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `UPDATE warehouse.institution i SET source = c.source, source_key = c.source_key FROM ops.plan_change c
     WHERE c.run_id = ? AND c.entity = 'institution' AND c.action = 'change' AND c.reason <> '${REVERTED}' AND c.entity_id = i.id
       AND (i.source, i.source_key) IS DISTINCT FROM (c.source, c.source_key)`,
    [runId],
  );
}

/** Those whom the plan adds, by the id that it gave them; whom an identifier tells is referred to by its pseudonym (`matching/people.ts`). Somebody known by another name before (`p` and the id) is there already. */
const NEW_PERSON = `SELECT person_ref, entity_id AS id FROM ops.plan_change
     WHERE run_id = :run AND entity = 'person' AND action = 'add' AND left(person_ref, 1) <> 'p'`;

/** People and their spells come in with the ids that the plan gave them; identifiers point at people from then on. */
export async function addPeople(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(`INSERT INTO warehouse.person (id) SELECT id FROM (${NEW_PERSON}) AS n ORDER BY id`, { run: runId });
  await trx.raw(
    `INSERT INTO warehouse.person_identifier (hmac, person_id, run_id)
     SELECT decode(substr(n.person_ref, 2), 'hex'), n.id, :run FROM (${NEW_PERSON}) AS n WHERE left(n.person_ref, 1) = 'h' ORDER BY n.id`,
    { run: runId },
  );
  await trx.raw(
    `INSERT INTO warehouse.person_identifier (hmac, person_id, run_id)
     SELECT DISTINCT ON (r.id_hmac) r.id_hmac, m.person_id, :run
     FROM ops.run_match m JOIN landing.staff_record r ON r.source = m.source AND r.key = m.key
     WHERE m.run_id = :run AND m.person_id IS NOT NULL AND r.id_hmac IS NOT NULL AND r.id_strong AND NOT ${isSetAside('staff', 'r')}
       AND NOT EXISTS (SELECT 1 FROM ops.finding f WHERE f.run_id = m.run_id AND f.code IN (${UNDECIDED}) AND f.person_ref = m.person_ref)
       AND NOT EXISTS (SELECT 1 FROM ops.held_change h WHERE h.run_id = m.run_id AND h.person_ref = m.person_ref)
       AND NOT EXISTS (SELECT 1 FROM ops.held_record h WHERE h.run_id = m.run_id AND h.what = 'identifier' AND h.source = m.source AND h.key = m.key)
     ORDER BY r.id_hmac, m.person_id
     ON CONFLICT (hmac) DO NOTHING`,
    { run: runId },
  );
}

export async function addAssignments(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `INSERT INTO warehouse.assignment (id, source, source_key, spell, person_id, institution_id)
     SELECT c.entity_id, c.source, c.source_key, (c.after->>'spell')::integer, c.person_id, i.id
     FROM ops.plan_change c JOIN warehouse.institution i ON i.source = split_part(c.institution_key, ':', 1)
       AND i.source_key = substr(c.institution_key, strpos(c.institution_key, ':') + 1)
     WHERE c.run_id = :run AND c.entity = 'assignment' AND ${ADDED} AND NOT EXISTS (SELECT 1 FROM warehouse.assignment a WHERE a.id = c.entity_id)
     ORDER BY c.seq`,
    { run: runId },
  );
}

export async function addAccounts(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `INSERT INTO warehouse.account (source, source_key, account_name, institution_id)
     SELECT c.source, c.source_key, c.after->>'account_name', i.id FROM ops.plan_change c
     JOIN warehouse.institution i ON i.source = split_part(c.institution_key, ':', 1)
       AND i.source_key = substr(c.institution_key, strpos(c.institution_key, ':') + 1)
     WHERE c.run_id = ? AND c.entity = 'account' AND ${ADDED} ORDER BY c.seq
     ON CONFLICT (source, source_key) DO NOTHING`,
    [runId],
  );
  await trx.raw(
    `UPDATE ops.plan_change c SET entity_id = a.id FROM warehouse.account a
     WHERE c.run_id = ? AND c.entity = 'account' AND ${ADDED} AND a.source = c.source AND a.source_key = c.source_key`,
    [runId],
  );
}
