/** Everything that is held about one person. Values of identifiers are opened: only what goes to that person may be made of it (I8). */
import type { Database, Transaction } from '../connect.ts';
import { learnedIn, NUMBERS_OF_PERSON } from '../joined-people.ts';
import type { Keyring } from '../keyring.ts';

type Handle = Database | Transaction;
type Values = Record<string, unknown>;

export interface OpenedIdentifier {
  kind: string;
  value: string;
  strong: boolean;
  run: number;
  untilRun: number | null;
}

const EVER = `
  SELECT hmac, person_id, run_id, NULL::bigint AS until_run_id FROM warehouse.person_identifier
  UNION ALL SELECT hmac, person_id, run_id, until_run_id FROM warehouse.past_identifier`;

/** What stood for the person only while somebody else was taken for them is that one's, and stays out. */
export async function openIdentifiers(db: Handle, keyring: Keyring, personId: number): Promise<OpenedIdentifier[]> {
  const { rows } = await db.raw(
    `SELECT i.kind, i.strong, i.sealed, encode(i.hmac, 'hex') AS hmac, ${learnedIn('p')} AS run, p.until_run_id AS "untilRun"
     FROM (${EVER}) AS p JOIN landing.identifier i ON i.hmac = p.hmac
     WHERE p.person_id IN (${NUMBERS_OF_PERSON})
       AND NOT EXISTS (SELECT 1 FROM (${EVER}) AS n WHERE n.hmac = p.hmac AND n.run_id = p.until_run_id AND n.person_id NOT IN (${NUMBERS_OF_PERSON}))
     ORDER BY run, hmac`,
    { id: personId },
  );
  return rows.map(({ hmac, sealed, ...rest }: { hmac: string; sealed: Buffer } & Omit<OpenedIdentifier, 'value'>) => ({
    ...rest,
    value: keyring.open(`landing.identifier.sealed:${hmac}`, sealed).toString('utf8'),
  }));
}

const REFS = `SELECT 'p' || n FROM (${NUMBERS_OF_PERSON}) AS t (n)`;
const SPELLS = 'SELECT a.id FROM warehouse.assignment a WHERE a.person_id = :id';
const RECORDS = 'SELECT a.source, a.source_key FROM warehouse.assignment a WHERE a.person_id = :id';
const MINE = 'SELECT hmac FROM warehouse.person_identifier WHERE person_id = :id';
/** SQL: whether a record is by now that of somebody else, who was taken for this person. */
const ANOTHERS = (is: string): string =>
  `EXISTS (SELECT 1 FROM warehouse.assignment s WHERE ${is} AND s.spell = 1 AND s.person_id <> :id)`;
const ACCOUNTS = `SELECT v.account_id FROM warehouse.account_version v WHERE v.id_hmac IN (${MINE})`;

/** Every version, oldest first. Pseudonyms and numbers of our rows are no data about anybody. */
export async function historyOf(
  db: Handle,
  personId: number,
): Promise<{ entity: 'person' | 'assignment' | 'account'; values: Values }[]> {
  const { rows } = await db.raw(
    `SELECT entity, values FROM (
       SELECT 1 AS rank, 'person' AS entity, v.recorded_from, v.valid_from, to_jsonb(v) AS values FROM warehouse.person_version v
       WHERE v.person_id IN (${NUMBERS_OF_PERSON}) AND NOT ${ANOTHERS('s.source = v.source AND s.source_key = v.source_key')}
       UNION ALL
       SELECT 2, 'assignment', v.recorded_from, v.valid_from, to_jsonb(v) || jsonb_build_object('institution', i.source_key, 'spell', a.spell)
       FROM warehouse.assignment_version v JOIN warehouse.assignment a ON a.id = v.assignment_id JOIN warehouse.institution i ON i.id = a.institution_id WHERE a.id IN (${SPELLS})
       UNION ALL
       SELECT 3, 'account', v.recorded_from, v.valid_from, (to_jsonb(v) - 'id_hmac') || jsonb_build_object('account_name', a.account_name, 'institution', i.source_key)
       FROM warehouse.account_version v JOIN warehouse.account a ON a.id = v.account_id JOIN warehouse.institution i ON i.id = a.institution_id WHERE v.id_hmac IN (${MINE})
     ) AS versions ORDER BY rank, recorded_from, valid_from`,
    { id: personId },
  );
  return rows.map(({ entity, values }: { entity: 'person'; values: Values }) => {
    const { source_key: _, name_key: __, ...told } = values;
    return { entity, values: told };
  });
}

export interface HeldRecord {
  kind: 'staff' | 'account' | 'pending' | 'quarantine';
  source: string;
  object: string | null;
  kept: boolean;
  row: number | null;
  values: Values;
}

/** What each source says now. The key of a record may be made of an identifier's pseudonym: it stays inside. */
export async function recordsOf(db: Handle, personId: number): Promise<HeldRecord[]> {
  const { rows } = await db.raw(
    `SELECT t.kind, t.source, o.name AS object, coalesce(o.removed_at IS NULL, false) AS kept, t.row, t.values FROM (
       SELECT 1 AS rank, 'staff' AS kind, r.source, r.object_id, r.row_no AS row, to_jsonb(r) - ARRAY['id_hmac', 'hash', 'key', 'name_key', 'object_id', 'row_no', 'source'] AS values
       FROM landing.staff_record r WHERE (r.source, r.key) IN (${RECORDS})
       UNION ALL
       SELECT 2, 'account', r.source, r.object_id, r.row_no, to_jsonb(r) - ARRAY['id_hmac', 'hash', 'key', 'object_id', 'row_no', 'source']
       FROM landing.account_record r WHERE r.id_hmac IN (${MINE})
       UNION ALL
       SELECT 3, 'pending', p.source, NULL, NULL, to_jsonb(p) - ARRAY['key', 'source'] FROM landing.pending p WHERE p.kind = 'staff' AND (p.source, p.key) IN (${RECORDS})
       UNION ALL
       SELECT 4, 'quarantine', q.source, q.object_id, q.row_no, jsonb_build_object('issues', q.issues, 'severity', q.severity, 'settled', q.resolved_run_id IS NOT NULL)
       FROM landing.quarantine q WHERE q.kind = 'staff' AND (q.source, q.key) IN (${RECORDS})
     ) AS t LEFT JOIN landing.object o ON o.id = t.object_id ORDER BY t.rank, t.source, t.row`,
    { id: personId },
  );
  return rows;
}

export interface HeldException {
  code: string;
  params: Record<string, string | number>;
  opened_at: string;
  closed_at: string | null;
}

export async function exceptionsOf(db: Handle, personId: number): Promise<HeldException[]> {
  const { rows } = await db.raw(
    `SELECT e.code, e.params, e.opened_at, e.closed_at FROM review.exception e
     WHERE (e.person_ref IN (${REFS})
            AND NOT ${ANOTHERS(`s.source = split_part(e.subject, ' ', 1) AND s.source_key = substr(e.subject, strpos(e.subject, ' ') + 1)`)})
        OR e.subject IN (SELECT r.source || ' ' || r.source_key FROM (${RECORDS}) AS r)
        OR e.subject IN (SELECT a.source || ' ' || a.source_key FROM warehouse.account a WHERE a.id IN (${ACCOUNTS})) ORDER BY e.opened_at, e.id`,
    { id: personId },
  );
  return rows;
}

export interface HeldDecision {
  what:
    | 'approve'
    | 'discard'
    | 'revert'
    | 'same-person'
    | 'different-person'
    | 'unit'
    | 'identity'
    | 'absence'
    | 'judgement-ended'
    | 'value-set'
    | 'value-ended';
  /** Of a value set by hand its field, of a judgement that is over what it was. */
  about: string | null;
  by: string;
  at: string;
  reason: string;
}

/** Of two people both are told; what was decided about a record is its person's, as a judgement follows its record. */
const JUDGED = `
  SELECT g.*, CASE WHEN g.kind = 'person' THEN g.verdict || '-person' ELSE g.kind END AS what FROM review.judgement g
  WHERE (g.kind = 'person' AND (g.person_id IN (${NUMBERS_OF_PERSON}) OR g.other_id IN (${NUMBERS_OF_PERSON})))
     OR (g.kind IN ('unit', 'identity', 'absence')
         AND ((g.source, g.key) IN (${RECORDS}) OR (g.person_id IN (${NUMBERS_OF_PERSON}) AND NOT ${ANOTHERS('s.source = g.source AND s.source_key = g.key')})))`;

const SET_BY_HAND = `
  SELECT m.* FROM review.manual_value m
  WHERE (m.entity = 'person' AND m.entity_id IN (${NUMBERS_OF_PERSON})) OR (m.entity = 'account' AND m.entity_id IN (${ACCOUNTS}))`;

/** What people decided that concerned the person, oldest first. */
export async function decisionsOf(db: Handle, personId: number): Promise<HeldDecision[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT d.verdict AS what, NULL AS about, d.decided_by AS by, d.decided_at AS at, d.reason
     FROM review.hold_decision d JOIN review.hold h ON h.id = d.hold_id
     JOIN ops.held_change c ON c.run_id BETWEEN h.opened_run_id AND h.last_run_id AND h.hold_key = ANY(c.held_by) AND c.person_ref IN (${REFS})
     UNION
     SELECT 'revert', NULL, r.asked_by, r.started_at, r.asked_why FROM ops.run r
     WHERE r.kind = 'revert' AND r.asked_by IS NOT NULL AND r.recorded_at IS NOT NULL
       AND (EXISTS (SELECT 1 FROM ops.plan_change c WHERE c.run_id = r.id AND c.person_ref IN (${REFS}))
         OR EXISTS (SELECT 1 FROM ops.revert_conflict x WHERE x.run_id = r.id AND x.entity = 'person' AND x.entity_id IN (${NUMBERS_OF_PERSON})))
     UNION ALL
     SELECT j.what, NULL, j.decided_by, j.decided_at, j.reason FROM (${JUDGED}) AS j
     UNION ALL
     SELECT 'judgement-ended', j.what, e.ended_by, e.ended_at, e.reason FROM (${JUDGED}) AS j JOIN review.judgement_end e ON e.judgement_id = j.id
     UNION ALL
     SELECT 'value-set', m.field, m.set_by, m.set_at, m.reason FROM (${SET_BY_HAND}) AS m
     UNION ALL
     SELECT 'value-ended', m.field, e.ended_by, e.ended_at, e.reason FROM (${SET_BY_HAND}) AS m JOIN review.manual_value_end e ON e.value_id = m.id
     ORDER BY at, what, about`,
    { id: personId },
  );
  return rows;
}

/** Names of the accounts that are, or were, in the person's name. */
export async function accountNamesOf(db: Handle, personId: number): Promise<string[]> {
  const { rows } = await db.raw(
    `SELECT DISTINCT a.account_name AS name FROM warehouse.account a WHERE a.id IN (${ACCOUNTS}) ORDER BY 1`,
    { id: personId },
  );
  return rows.map(({ name }: { name: string }) => name);
}

/** What the audit trail has of a snapshot. */
export async function givenOf(db: Handle, snapshot: string): Promise<{ at: string; actor: string; action: string }[]> {
  const { rows } = await db.raw('SELECT at, actor, action FROM ops.audit WHERE subject = ? ORDER BY id', [
    `snapshot:${snapshot}`,
  ]);
  return rows;
}
