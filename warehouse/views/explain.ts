/** Where each value of a person came from. Identifiers never leave the vault here: a kind and a mark of the pseudonym tell two apart. */
import type { Database, Transaction } from '../connect.ts';
import { learnedIn, SPELLS_EVER, spellPersonAt } from '../joined-people.ts';

/** Versions known just before the moment asked about, a binding `:asOf` (ISO, or `infinity`: now). */
const KNOWN = 'v.recorded_from < CAST(:asOf AS timestamptz) AND v.recorded_to >= CAST(:asOf AS timestamptz)';

/** Versions true on the day asked about, `:on`; where none is asked about, those without an end. */
const STANDING = `CASE WHEN CAST(:on AS date) IS NULL THEN v.valid_to = 'infinity' ELSE v.valid_from <= CAST(:on AS date) AND v.valid_to > CAST(:on AS date) END`;

/** What is asked of: as recorded before a moment (ISO, or `infinity`), and true on a day (null: as it stands, with what came and will come). */
export interface AsOf {
  asOf: string;
  on: string | null;
}

/** Columns of `LineageRow`, of a version `v` and its raw object `o`. */
export const LINEAGE = `v.valid_from, v.valid_to, v.recorded_from, v.registered_at, v.source, v.rule, v.reason, v.run_id, o.name AS object, o.removed_at AS object_removed_at, v.row_no AS row,
  (SELECT n.clock FROM ops.run n WHERE n.id = v.run_id) AS run_clock,
  (SELECT jsonb_build_object('number', g.id, 'by', g.decided_by, 'reason', g.reason, 'decidedAt', g.decided_at) FROM review.judgement g WHERE g.id = v.judgement_id) AS judgement`;

export interface LineageRow {
  valid_from: string;
  valid_to: string;
  recorded_from: string;
  registered_at: string;
  source: string;
  rule: string;
  reason: string;
  run_id: number;
  object: string | null;
  object_removed_at: string | null;
  row: number;
  /** Moment that the run spoke for: what was set by hand then, it took in. */
  run_clock: string;
  judgement: { number: number; by: string; reason: string; decidedAt: string } | null;
}

export interface PersonVersionRow extends LineageRow {
  /** Not replaced before the moment asked about. */
  stands: boolean;
  name: string;
  sex: string | null;
  birth_date: string | null;
  email: string | null;
  phone: string | null;
  certificate_no: string | null;
}

/** Every version recorded before the moment, oldest first: what was replaced shows what changed and when. */
export async function personVersions(db: Database, personId: number, { asOf, on }: AsOf): Promise<PersonVersionRow[]> {
  const { rows } = await db.raw(
    `SELECT v.name, v.sex, v.birth_date, v.email, v.phone, v.certificate_no, v.recorded_to >= CAST(:asOf AS timestamptz) AS stands, ${LINEAGE}
     FROM warehouse.person_version v LEFT JOIN landing.object o ON o.id = v.object_id
     WHERE v.person_id = :id AND v.recorded_from < CAST(:asOf AS timestamptz) AND ${STANDING} ORDER BY v.recorded_from`,
    { id: personId, asOf, on },
  );
  return rows;
}

export interface SpellRow extends LineageRow {
  assignment_id: number;
  spell: number;
  institution_key: string;
  title: string | null;
  subjects: string[];
  is_primary: boolean;
  on_leave: boolean;
  end_reason: string | null;
}

/** The spells as known before the moment; a spell whose title changed has a row for each stretch of time. */
export async function personSpells(db: Database, personId: number, { asOf, on }: AsOf): Promise<SpellRow[]> {
  const whose = spellPersonAt('a', 'CAST(:asOf AS timestamptz)', '>=');
  const { rows } = await db.raw(
    `SELECT a.id AS assignment_id, a.spell, i.source || ':' || i.source_key AS institution_key, v.title, v.subjects, v.is_primary, v.on_leave,
            v.end_reason, ${LINEAGE}
     FROM warehouse.assignment a JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${KNOWN}
       AND (CAST(:on AS date) IS NULL OR (v.valid_from <= CAST(:on AS date) AND v.valid_to > CAST(:on AS date)))
     JOIN warehouse.institution i ON i.id = a.institution_id
     LEFT JOIN landing.object o ON o.id = v.object_id
     ${whose.join}
     WHERE a.id IN (${SPELLS_EVER}) AND ${whose.person} = :id ORDER BY v.valid_from, a.id, v.valid_to`,
    { asOf, on, id: personId },
  );
  return rows;
}

export interface ClaimRow {
  source: string;
  object: string | null;
  row: number;
  registered_at: string;
  institution_key: string | null;
  primary: boolean;
  serving: boolean;
  school: boolean;
  name: string;
  sex: string | null;
  birth_date: string | null;
  email: string | null;
  phone: string | null;
  certificate_no: string | null;
}

/** What every record of a person says now, and what its word is weighed by, in key order. */
export async function personClaims(db: Database, personId: number): Promise<ClaimRow[]> {
  const { rows } = await db.raw(
    `SELECT r.source, o.name AS object, r.row_no AS row, r.registered_at, i.source || ':' || i.source_key AS institution_key, coalesce(s.is_primary, false) AS primary,
            r.end_on IS NULL AND s.assignment_id IS NOT NULL AS serving, p.path = 'school' AS school, r.name, r.sex, r.birth_date, r.email, r.phone, r.certificate_no
     FROM (SELECT DISTINCT ON (source, source_key) * FROM warehouse.assignment WHERE person_id = ? ORDER BY source, source_key, spell DESC) AS a
     JOIN landing.staff_record r ON r.source = a.source AND r.key = a.source_key
     JOIN warehouse.institution i ON i.id = a.institution_id
     LEFT JOIN warehouse.institution_version p ON p.institution_id = i.id AND p.recorded_to = 'infinity' AND p.valid_to = 'infinity'
     LEFT JOIN warehouse.assignment_version s ON s.assignment_id = a.id AND s.recorded_to = 'infinity' AND s.valid_to = 'infinity'
     LEFT JOIN landing.object o ON o.id = r.object_id
     ORDER BY r.source COLLATE "C", r.key COLLATE "C"`,
    [personId],
  );
  return rows;
}

export interface IdentifierRow {
  kind: string;
  strong: boolean;
  mark: string;
  run_id: number;
}

/** Identifiers that stand for a person, as kind and a short mark of the pseudonym. */
export async function personIdentifiers(db: Database, personId: number, asOf: string): Promise<IdentifierRow[]> {
  const { rows } = await db.raw(
    `SELECT i.kind, i.strong, left(encode(p.hmac, 'hex'), 6) AS mark, ${learnedIn('p')} AS run_id
     FROM (SELECT hmac, person_id, run_id, NULL::bigint AS until_run_id FROM warehouse.person_identifier
           UNION ALL SELECT hmac, person_id, run_id, until_run_id FROM warehouse.past_identifier) AS p
     JOIN landing.identifier i ON i.hmac = p.hmac JOIN ops.run r ON r.id = p.run_id LEFT JOIN ops.run u ON u.id = p.until_run_id
     WHERE p.person_id = :id AND r.recorded_at < CAST(:asOf AS timestamptz) AND (u.id IS NULL OR u.recorded_at >= CAST(:asOf AS timestamptz))
     ORDER BY run_id, mark`,
    { id: personId, asOf },
  );
  return rows;
}

export async function personExists(db: Database | Transaction, personId: number): Promise<boolean> {
  const { rows } = await db.raw('SELECT EXISTS (SELECT 1 FROM warehouse.person WHERE id = ?) AS found', [personId]);
  return rows[0].found;
}

/** Moment of the newest run that was applied; null before the first. What was set by hand since comes in with the next one. */
export async function lastAppliedClock(db: Database): Promise<string | null> {
  const { rows } = await db.raw('SELECT clock FROM ops.run WHERE recorded_at IS NOT NULL ORDER BY id DESC LIMIT 1');
  return rows[0]?.clock ?? null;
}

/** Whether a version of the person was known before the moment: none is where what had brought them was undone. */
export async function personStands(db: Database, personId: number, asOf: string): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT EXISTS (SELECT 1 FROM warehouse.person_version v WHERE v.person_id = :id AND ${KNOWN}) AS found`,
    { id: personId, asOf },
  );
  return rows[0].found;
}
