/** What waits for a person's judgement: listed kindergartens that no exact match joins, and the conflicts that runs found of people. */
import type { Database, Transaction } from '../connect.ts';

type Handle = Database | Transaction;

export interface CandidateRow {
  id: number;
  source: string;
  key: string;
  why: string;
  code: string;
  section: string;
  name: string;
  district: string | null;
  address: string | null;
  /** Keys of institutions that it may be. */
  candidates: string[];
}

export async function institutionMatters(db: Handle, id: number | null = null): Promise<CandidateRow[]> {
  const { rows } = await db.raw(
    `SELECT c.id, c.source, c.key, c.why, l.code, l.section, l.name, l.district, l.address,
            ARRAY(SELECT i.source || ':' || i.source_key FROM warehouse.institution i WHERE i.id = ANY (c.candidates) ORDER BY i.id) AS candidates
     FROM review.institution_candidate c JOIN landing.institution_record l ON l.source = c.source AND l.key = c.key
     WHERE ?::bigint IS NULL OR c.id = ?::bigint ORDER BY c.id`,
    [id, id] as never,
  );
  return rows;
}

/** Codes of exceptions that a judgement can settle. */
export const JUDGED_CODES = ['two-registrations', 'person-identifier-conflict', 'person-possibly-double'] as const;

export interface PersonMatterRow {
  id: number;
  code: (typeof JUDGED_CODES)[number];
  person_id: number;
  name: string;
  source: string;
  key: string;
  institution_id: number | null;
  institution_key: string | null;
  title: string | null;
  /** Day of the claim, or null. */
  about: string | null;
  registered_at: string;
  hmac: Buffer | null;
  /** The other person: whose the identifier is so far, or who may be the same. */
  owner_id: number | null;
  owner_name: string | null;
  /** The numbers of both before they were joined to others: what is decided is of these. */
  home_id: number;
  owner_home_id: number | null;
  opened_at: string;
}

/** Open conflicts, one row for each record that is asked about, by person. */
export async function personMatters(db: Handle): Promise<PersonMatterRow[]> {
  const { rows } = await db.raw(
    `SELECT e.id, e.code, a.person_id, r.name, r.source, r.key, a.institution_id, i.source || ':' || i.source_key AS institution_key, r.title,
            (e.params->>'on')::date AS about, r.registered_at, r.id_hmac AS hmac, o.id AS owner_id, n.name AS owner_name, coalesce(a.home_id, a.person_id) AS home_id, o.home AS owner_home_id, e.opened_at
     FROM review.exception e
     JOIN landing.staff_record r ON r.source = split_part(e.subject, ' ', 1) AND r.key = substr(e.subject, strpos(e.subject, ' ') + 1)
     JOIN LATERAL (SELECT * FROM warehouse.assignment a WHERE a.source = r.source AND a.source_key = r.key ORDER BY a.spell DESC LIMIT 1) AS a ON true
     LEFT JOIN warehouse.institution i ON i.id = a.institution_id
     LEFT JOIN LATERAL (
       SELECT p.person_id AS id, coalesce(p.home_id, p.person_id) AS home FROM warehouse.person_identifier p WHERE e.code = 'person-identifier-conflict' AND p.hmac = r.id_hmac
       UNION ALL SELECT (e.params->>'other')::bigint, (e.params->>'other')::bigint WHERE e.code = 'person-possibly-double') AS o ON true
     LEFT JOIN LATERAL (SELECT name FROM warehouse.person_version v WHERE v.person_id = o.id AND v.recorded_to = 'infinity'
                        ORDER BY v.valid_to DESC LIMIT 1) AS n ON true
     WHERE e.closed_at IS NULL AND e.code = ANY (?::text[]) ORDER BY e.code DESC, a.person_id, e.id`,
    [[...JUDGED_CODES]],
  );
  return rows;
}

export interface AbsenceRow {
  /** Of the spell. */
  id: number;
  person_id: number;
  name: string;
  source: string;
  key: string;
  institution_key: string;
  title: string | null;
  /** Day of the night since which no complete list has the person. */
  since: string;
  nights: number;
  registered_at: string;
}

const HELD = `EXISTS (SELECT 1 FROM review.hold h JOIN ops.held_record m ON m.run_id = h.last_run_id AND m.hold_key = h.hold_key
  WHERE h.closed_at IS NULL AND m.what = 'missing' AND m.source = r.source AND m.key = r.key)`;

/** Who serves, and has been missing from the complete lists of their source for so many nights in a row. */
export async function absenceMatters(db: Handle, nights: number): Promise<AbsenceRow[]> {
  const { rows } = await db.raw(
    `SELECT a.id, a.person_id, r.name, r.source, r.key, i.source || ':' || i.source_key AS institution_key, v.title, r.registered_at, n.nights,
            (SELECT (f.clock AT TIME ZONE 'Asia/Taipei')::date FROM ops.run f WHERE f.id = r.missing_since) AS since
     FROM landing.staff_record r
     JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     JOIN warehouse.institution i ON i.id = a.institution_id
     CROSS JOIN LATERAL (SELECT count(DISTINCT (n.clock AT TIME ZONE 'Asia/Taipei')::date) AS nights FROM ops.run n
                         WHERE n.id >= r.missing_since AND n.recorded_at IS NOT NULL AND n.kind IN ('nightly', 'manual')) AS n
     WHERE r.missing_since IS NOT NULL AND r.end_on IS NULL AND n.nights >= ? AND NOT ${HELD} ORDER BY a.id`,
    [nights],
  );
  return rows;
}

/** Code of the ministry's list that an institution is joined to; null where it is none's. */
export async function listedCodeOf(db: Handle, institutionId: number): Promise<string | null> {
  const { rows } = await db.raw(
    `SELECT code FROM warehouse.institution_code WHERE system = 'moe-kindergarten' AND institution_id = ? LIMIT 1`,
    [institutionId],
  );
  return rows[0]?.code ?? null;
}
