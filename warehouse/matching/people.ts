/**
 * Who a staff record is about. A strong identifier joins (plain and hashed sources alike, through its pseudonym); a record seen before keeps
 * its person, so that a corrected identifier becomes a second identifier and never a second person; whoever else carries that identifier in the same run is
 * that person too. Two whom somebody decided to be one are one. Weak identifiers join nothing, nor do those of a word that is set aside.
 */
import type { Transaction } from '../connect.ts';
import { createJoinedPeople } from '../joined-people.ts';
import { knownAsAnother, underJudgement } from '../judgements.ts';
import { underManualValue } from '../manual-values.ts';
import { isSetAside, LATELY_REVERTED } from '../reverts/reverted-words.ts';
import { waitingRecords } from './waiting.ts';

/** SQL: whose a spell or an identifier is, had nobody been joined. */
const home = (of: string): string => `coalesce(${of}.home_id, ${of}.person_id)`;
/** SQL: whose it is, of its row `j` of `joined_person`. */
const whoIs = (of: string, j: string): string => `coalesce(${j}.survivor_id, ${home(of)})`;

/** Fills `ops.run_match` with every record whose person is touched by what changed since `lastApplied`, waits, or has a value set by hand or a judgement. @returns how many records */
export async function matchPeople(trx: Transaction, runId: number, lastApplied: number): Promise<number> {
  await trx.raw('DELETE FROM ops.run_match WHERE run_id = ?', [runId]);
  // What was landed is looked for by its run: blocks that the index does not sum up yet would all be read, by every run until then.
  await trx.raw("SELECT brin_summarize_new_values('landing.staff_record_run')");
  await createJoinedPeople(trx, runId);
  await trx.raw('DROP TABLE IF EXISTS touched');
  await trx.raw(
    `CREATE TEMP TABLE touched ON COMMIT DROP AS
     WITH dirty AS MATERIALIZED (
       SELECT source, key, id_hmac, id_strong FROM landing.staff_record WHERE run_id > :last
       UNION SELECT source, key, id_hmac, id_strong FROM landing.staff_record JOIN (${waitingRecords('staff')} UNION ${underManualValue('person')} UNION ${underJudgement} UNION ${LATELY_REVERTED}) AS w USING (source, key)),
     person AS (
       SELECT pi.person_id FROM dirty d JOIN warehouse.person_identifier pi ON pi.hmac = d.id_hmac WHERE d.id_strong
       UNION SELECT a.person_id FROM dirty d JOIN warehouse.assignment a ON a.source = d.source AND a.source_key = d.key)
     SELECT source, key FROM dirty
     UNION SELECT r.source, r.key FROM dirty d JOIN landing.staff_record r ON r.id_hmac = d.id_hmac AND r.id_strong WHERE d.id_strong
     UNION SELECT a.source, a.source_key FROM person p JOIN warehouse.assignment a ON a.person_id = p.person_id`,
    { run: runId, last: lastApplied },
  );
  await trx.raw('ANALYZE touched');
  // Where an identifier is new to the ledger, a record that is known already says whose it is: the oldest person where several do, as the ledger will.
  await trx.raw('DROP TABLE IF EXISTS identified');
  await trx.raw(
    `CREATE TEMP TABLE identified ON COMMIT DROP AS
     SELECT r.id_hmac AS hmac, coalesce(min(${whoIs('pi', 'jp')}), min(${whoIs('a', 'ja')})) AS person_id
     FROM touched t JOIN landing.staff_record r ON r.source = t.source AND r.key = t.key
     LEFT JOIN warehouse.person_identifier pi ON pi.hmac = r.id_hmac
     LEFT JOIN joined_person jp ON jp.person_id = ${home('pi')}
     LEFT JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key AND a.spell = 1
     LEFT JOIN joined_person ja ON ja.person_id = ${home('a')}
     WHERE r.id_hmac IS NOT NULL AND r.id_strong AND NOT ${isSetAside('staff', 'r')} GROUP BY r.id_hmac`,
  );
  await trx.raw('ANALYZE identified');
  await trx.raw(
    `INSERT INTO ops.run_match (run_id, source, key, person_ref, person_id)
     SELECT ?, r.source, r.key,
            CASE WHEN known.id IS NOT NULL THEN 'p' || known.id
                 WHEN r.id_hmac IS NOT NULL AND r.id_strong THEN 'h' || encode(r.id_hmac, 'hex')
                 ELSE 'k' || encode(sha256(convert_to(r.source || '|' || r.key, 'UTF8')), 'hex') END,
            known.id
     FROM touched t JOIN landing.staff_record r ON r.source = t.source AND r.key = t.key
     LEFT JOIN identified i ON i.hmac = r.id_hmac AND r.id_strong
     LEFT JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key AND a.spell = 1
     LEFT JOIN joined_person j ON j.person_id = ${home('a')}
     CROSS JOIN LATERAL (SELECT coalesce(${whoIs('a', 'j')}, i.person_id) AS id) AS known
     ORDER BY r.key, r.source`,
    [runId],
  );
  await trx.raw(
    `INSERT INTO ops.finding (run_id, code, institution_key, subject, person_ref)
     SELECT :run, 'person-identifier-conflict', NULL, r.source || ' ' || r.key, m.person_ref
     FROM ops.run_match m JOIN landing.staff_record r ON r.source = m.source AND r.key = m.key
     JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key AND a.spell = 1
     JOIN identified i ON i.hmac = r.id_hmac AND r.id_strong AND i.person_id <> m.person_id
     WHERE m.run_id = :run AND NOT ${knownAsAnother('r', ':run')} AND NOT ${isSetAside('staff', 'r')}`,
    { run: runId },
  );
  await trx.raw('ANALYZE ops.run_match');
  const { rows } = await trx.raw('SELECT count(*) AS n FROM ops.run_match WHERE run_id = ?', [runId]);
  return rows[0].n;
}
