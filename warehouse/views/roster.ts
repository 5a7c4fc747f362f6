/**
 * Who serves at an institution, and what it is, as recorded before a moment and true on a day. What was registered later than the moment, or came to be known
 * later, never changes an answer. Found by index: the length of the history does not show.
 */
import type { Database } from '../connect.ts';
import { spellPersonAt } from '../joined-people.ts';

/** Bindings of the views here. @property asOf ISO, or `infinity`: as recorded now. @property on day, `2024-08-01` */
export interface RosterMoments {
  asOf: string;
  on: string;
}

/** SQL: a version `v` that was known just before the moment and is true on the day. */
const thenTrue = (v: string): string =>
  `${v}.recorded_from < CAST(:asOf AS timestamptz) AND ${v}.recorded_to >= CAST(:asOf AS timestamptz) AND ${v}.valid_from <= CAST(:on AS date) AND ${v}.valid_to > CAST(:on AS date)`;

export interface RosterInstitution {
  name: string;
  section: string;
  path: 'school' | 'kindergarten';
  ownership: string;
  legal_class: string | null;
  quasi_public: boolean;
  district: string | null;
  address: string | null;
  phone: string | null;
  principal: string | null;
  status: string;
}

/** @param key `source:source_key` */
export async function institutionThen(
  db: Database,
  key: string,
  moments: RosterMoments,
): Promise<RosterInstitution | null> {
  const { rows } = await db.raw(
    `SELECT v.name, v.section, v.path, v.ownership, v.legal_class, v.quasi_public, v.district, v.address, v.phone, v.principal, v.status
     FROM warehouse.institution i JOIN warehouse.institution_version v ON v.institution_id = i.id AND ${thenTrue('v')}
     WHERE i.source = split_part(:key, ':', 1) AND i.source_key = substr(:key, strpos(:key, ':') + 1)`,
    { key, ...moments },
  );
  return rows[0] ?? null;
}

export interface RosterPerson {
  person: number;
  name: string;
  title: string | null;
  title_code: number | null;
  subjects: string[];
  is_primary: boolean;
  on_leave: boolean;
  /** First day of the spell of service. */
  since: string;
  /** Day from which the spell is no more, where it was told; null while it is open. */
  until: string | null;
  end_reason: string | null;
}

/** Those whose service unit it is first, then those of 兼任, 巡迴, 支援; by 職別 and name. A name that was not true yet on the day is the first that was known. */
export async function peopleThen(db: Database, key: string, moments: RosterMoments): Promise<RosterPerson[]> {
  const whose = spellPersonAt('a', 'CAST(:asOf AS timestamptz)', '>=');
  const { rows } = await db.raw(
    `SELECT ${whose.person} AS person, coalesce(p.name, first.name) AS name, v.title, v.title_code, v.subjects, v.is_primary, v.on_leave, spell.since, spell.until, spell.end_reason
     FROM warehouse.institution i JOIN warehouse.assignment a ON a.institution_id = i.id
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${thenTrue('v')}
     ${whose.join}
     LEFT JOIN LATERAL (SELECT p.name FROM warehouse.person_version p WHERE p.person_id = ${whose.person} AND ${thenTrue('p')}) AS p ON true
     LEFT JOIN LATERAL (
       SELECT f.name FROM warehouse.person_version f WHERE p.name IS NULL AND f.person_id = ${whose.person} AND f.recorded_from < CAST(:asOf AS timestamptz)
       ORDER BY f.recorded_from, f.valid_from LIMIT 1) AS first ON true
     CROSS JOIN LATERAL (
       SELECT min(w.valid_from) AS since, nullif(max(w.valid_to), 'infinity') AS until, (array_agg(w.end_reason ORDER BY w.valid_to DESC))[1] AS end_reason
       FROM warehouse.assignment_version w
       WHERE w.assignment_id = a.id AND w.recorded_from < CAST(:asOf AS timestamptz) AND w.recorded_to >= CAST(:asOf AS timestamptz) AND w.valid_from < w.valid_to) AS spell
     WHERE i.source = split_part(:key, ':', 1) AND i.source_key = substr(:key, strpos(:key, ':') + 1)
     ORDER BY v.is_primary DESC, v.title_code NULLS LAST, coalesce(p.name, first.name) COLLATE "C", v.title COLLATE "C", a.source COLLATE "C", a.source_key COLLATE "C", a.spell`,
    { key, ...moments },
  );
  return rows;
}

export interface RosterAccount {
  account: string;
  kind: string;
  holder: string | null;
  state: string;
  enabled_on: string | null;
}

/** Business accounts; a deleted one is not of the day. */
export async function accountsThen(db: Database, key: string, moments: RosterMoments): Promise<RosterAccount[]> {
  const { rows } = await db.raw(
    `SELECT a.account_name AS account, v.account_kind AS kind, v.holder_name AS holder, v.state, v.enabled_on
     FROM warehouse.institution i JOIN warehouse.account a ON a.institution_id = i.id
     JOIN warehouse.account_version v ON v.account_id = a.id AND ${thenTrue('v')}
     WHERE i.source = split_part(:key, ':', 1) AND i.source_key = substr(:key, strpos(:key, ':') + 1)
     ORDER BY v.account_kind COLLATE "C", a.account_name COLLATE "C", a.source COLLATE "C"`,
    { key, ...moments },
  );
  return rows;
}

export interface InstitutionLine {
  code: string;
  section: string;
  name: string;
  district: string | null;
  ownership: string;
  status: string;
}

/** SQL: codes as they were known just before the moment. */
const CODES_THEN = `(
  SELECT institution_id, system, code FROM warehouse.institution_code WHERE recorded_from < CAST(:asOf AS timestamptz)
  UNION ALL SELECT institution_id, system, code FROM warehouse.past_institution_code
  WHERE recorded_from < CAST(:asOf AS timestamptz) AND recorded_to >= CAST(:asOf AS timestamptz))`;

/** Institutions that were known and in being then, by code. A listed kindergarten has the code of the care system where that was known. */
export async function institutionsThen(db: Database, moments: RosterMoments): Promise<InstitutionLine[]> {
  const { rows } = await db.raw(
    `SELECT coalesce(c.code, v.source_key) AS code, v.section, v.name, v.district, v.ownership, v.status
     FROM warehouse.institution_version v
     LEFT JOIN (SELECT DISTINCT ON (institution_id) institution_id, code FROM ${CODES_THEN} AS known
                ORDER BY institution_id, system = 'moe-kindergarten', code) AS c ON c.institution_id = v.institution_id
     WHERE ${thenTrue('v')} ORDER BY v.path DESC, 1, v.section COLLATE "C"`,
    { ...moments },
  );
  return rows;
}
