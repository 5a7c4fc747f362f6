/**
 * Words that an undone run had taken over: what a record says is set aside until it says something else, or the next night would take it over again. As SQL
 * that other statements join, and the books of it, kept when a plan is applied.
 */
import type { Transaction } from '../connect.ts';
import { RECORD_TABLES } from '../landing/record-tables.ts';
import { REVERTED } from './reverted.ts';
import { undoesAnything } from './undoes-anything.ts';

export type WordKind = 'institution' | 'staff' | 'account';
const KINDS: readonly WordKind[] = ['institution', 'staff', 'account'];
const PICTURE = (kind: WordKind): string => RECORD_TABLES[kind].picture;

/** Whether the word of a record of the picture is set aside. @param r alias with `source`, `key` and `hash` */
export const isSetAside = (kind: WordKind, r: string): string =>
  `EXISTS (SELECT 1 FROM landing.reverted_word w WHERE w.kind = '${kind}' AND w.lifted_run_id IS NULL
     AND w.source = ${r}.source AND w.key = ${r}.key AND w.hash = ${r}.hash)`;

/** Selects (source, key) of the staff records whose words the last applied run set aside or let in again: what is open about their people is judged anew. */
export const LATELY_REVERTED = `
  SELECT w.source, w.key FROM landing.reverted_word w WHERE w.kind = 'staff' AND (w.run_id = :last OR w.lifted_run_id = :last)`;

/** Columns of which a record says something where it has a value: what a list has no column for is nothing else. Of its key nothing is said. */
const SAYS_THE_SAME = RECORD_TABLES.staff.content
  .filter(([name]) => !['key', 'institution_section', 'id_strong', 'name'].includes(name))
  .map(([name, type]) => {
    const untold = type.startsWith('text[]') ? `s.${name} = '{}'` : `s.${name} IS NULL`;
    return `(${untold} OR s.${name} IS NOT DISTINCT FROM r.${name}${name === 'id_hmac' ? ' OR r.id_hmac IS NULL' : ''})`;
  })
  .join(' AND ');

/** Where only the keys of records change, as with another system of the school, they say nothing else: what was undone stays so. Needs `found_alias`, its keys followed. */
export async function keepWordsUnderNewKeys(trx: Transaction): Promise<void> {
  const { stage, picture } = RECORD_TABLES.staff;
  await trx.raw(
    `UPDATE landing.reverted_word w SET hash = s.hash FROM found_alias a
     JOIN ${stage} s ON s.source = a.source AND s.key = a.record_key JOIN ${picture} r ON r.source = a.source AND r.key = a.record_key
     WHERE w.kind = 'staff' AND w.lifted_run_id IS NULL AND w.source = a.source AND w.key = a.record_key AND w.hash = r.hash AND ${SAYS_THE_SAME}`,
  );
}

/** A record that says something else by now is heard again, also where it comes back to what was set aside. */
async function liftMoved(trx: Transaction, runId: number): Promise<void> {
  for (const kind of KINDS) {
    await trx.raw(
      `UPDATE landing.reverted_word w SET lifted_run_id = :run FROM ${PICTURE(kind)} r
       WHERE w.kind = '${kind}' AND w.lifted_run_id IS NULL AND r.source = w.source AND r.key = w.key AND r.hash <> w.hash`,
      { run: runId },
    );
  }
}

/** Changes that this run undoes, each with the record whose word they were and whether they had undone something themselves. */
const UNDONE = `
  SELECT DISTINCT CASE c.entity WHEN 'institution' THEN 'institution' WHEN 'account' THEN 'account' ELSE 'staff' END AS kind, c.source, c.source_key AS key,
         (c.after->>'reverts')::bigint AS target,
         EXISTS (SELECT 1 FROM ops.plan_change t WHERE t.run_id = (c.after->>'reverts')::bigint AND t.entity = c.entity AND t.entity_id = c.entity_id
                   AND t.reason = '${REVERTED}') AS undid
  FROM ops.plan_change c WHERE c.run_id = :run AND c.reason = '${REVERTED}'
  UNION
  SELECT 'staff', r.source, r.key, i.run_id, false
  FROM warehouse.past_identifier i JOIN landing.staff_record r ON r.id_hmac = i.hmac AND r.id_strong WHERE i.until_run_id = :run`;

const words = (kind: WordKind, which: string): string => `
  INSERT INTO landing.reverted_word (kind, source, key, hash, run_id)
  SELECT DISTINCT u.kind, u.source, u.key, r.hash, CAST(:run AS bigint)
  FROM (${UNDONE}) AS u JOIN ${PICTURE(kind)} r ON r.source = u.source AND r.key = u.key
  WHERE u.kind = '${kind}' AND ${which}
  ON CONFLICT (kind, source, key) WHERE lifted_run_id IS NULL DO UPDATE SET hash = excluded.hash, run_id = excluded.run_id`;

/**
 * To be called when the versions are written, before the run's holds are settled. What a run undid is set aside; where the undone run had itself undone something, its words are let in again, and those
 * that it had let in are set aside once more.
 */
export async function settleRevertedWords(trx: Transaction, runId: number): Promise<void> {
  const bindings = { run: runId };
  await liftMoved(trx, runId);
  if (!(await undoesAnything(trx, runId))) return;
  await trx.raw(
    `UPDATE landing.reverted_word w SET lifted_run_id = :run FROM (${UNDONE}) AS u
     WHERE u.undid AND w.lifted_run_id IS NULL AND w.run_id = u.target AND w.kind = u.kind AND w.source = u.source AND w.key = u.key`,
    bindings,
  );
  for (const kind of KINDS) {
    await trx.raw(words(kind, 'NOT u.undid'), bindings);
    await trx.raw(
      words(
        kind,
        `u.undid AND EXISTS (SELECT 1 FROM landing.reverted_word l
           WHERE l.kind = u.kind AND l.source = u.source AND l.key = u.key AND l.lifted_run_id = u.target AND l.run_id <> :run)`,
      ),
      bindings,
    );
  }
}
