/**
 * Rows of a snapshot. Who is in is settled once, set-based, in two temporary tables (the scope's institutions, one row per person); checks run on
 * these, and the rows stream from them in an order made of business columns, so that no surrogate id shows in the bytes.
 */
import { LEAD_KIND } from '../../schemas/records.ts';
import type { Transaction } from '../connect.ts';
import { identifiersAt, learnedIn, spellPersonAt } from '../joined-people.ts';
import { inBlocks } from '../plans.ts';
import { askDigest } from './snapshot-digests.ts';
import type { SnapshotInstitution } from './snapshot-institutions.ts';
import { type SnapshotMoments, visible } from './snapshot-visible.ts';

/** Who counts as a teacher: by 職別 in schools, by title in kindergartens. */
export interface TeacherRule {
  titleCodes: readonly number[];
  kindergartenTitles: readonly string[];
}

/** Whose a spell was known to be then. */
const WHOSE = spellPersonAt('a', ':through');
const IDENTIFIERS = identifiersAt((run) => `${run} IN (SELECT id FROM ops.run WHERE recorded_at <= :through)`);

const IS_TEACHER = `v.is_primary AND CASE s.path WHEN 'school' THEN v.title_code = ANY(:titleCodes) ELSE v.title = ANY(:kindergartenTitles) END`;

const ROWS_AT_ONCE = 750;

/** Sorts and joins of a million people stay in the server's memory, or nearly; and a cursor that is read to its end is planned for that. */
const WORK_MEM = '64MB';

/** Makes `snapshot_scope`: the institutions of the plan, each with its place in their order. */
export async function createScope(trx: Transaction, institutions: readonly SnapshotInstitution[]): Promise<void> {
  await trx.raw(
    `SET LOCAL work_mem = '${WORK_MEM}'; SET LOCAL cursor_tuple_fraction = 1; DROP TABLE IF EXISTS snapshot_scope`,
  );
  await trx.raw(
    `CREATE TEMP TABLE snapshot_scope ON COMMIT DROP AS
     SELECT * FROM jsonb_to_recordset(CAST(? AS jsonb))
       AS s (id bigint, place integer, path text, code text, section text, moe_code text, name text, ownership text, district text)`,
    [JSON.stringify(institutions.map((institution, place) => ({ ...institution, place })))],
  );
  await trx.raw('CREATE UNIQUE INDEX ON snapshot_scope (id); ANALYZE snapshot_scope');
}

/**
 * Makes `snapshot_teacher`, for the teachers' own plan (R28): one row per person, at the primary unit; kindergarten teachers too (R29). Two open primary
 * units of one person are a conflict that waits for a person's decision: the newest spell stands, the school's before the kindergarten's (R03).
 */
export async function createTeachers(trx: Transaction, moments: SnapshotMoments, rule: TeacherRule): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS snapshot_teacher');
  await trx.raw(
    `CREATE TEMP TABLE snapshot_teacher ON COMMIT DROP AS
     WITH chosen AS (
       SELECT DISTINCT ON (${WHOSE.person}) ${WHOSE.person} AS person_id, s.id AS institution_id, s.place, v.title, v.title_code, v.subjects
       FROM warehouse.assignment_version v
       JOIN warehouse.assignment a ON a.id = v.assignment_id
       JOIN snapshot_scope s ON s.id = a.institution_id
       ${WHOSE.join}
       WHERE ${IS_TEACHER} AND ${visible('v', 'assignment')}
       ORDER BY ${WHOSE.person}, v.valid_from DESC, v.registered_at DESC, s.path DESC, s.place,
                a.source COLLATE "C", a.source_key COLLATE "C", a.spell DESC)
     SELECT t.*, coalesce(p.name, (
              SELECT f.name FROM warehouse.person_version f WHERE f.person_id = t.person_id AND f.recorded_from <= :through
              ORDER BY f.recorded_from, f.valid_from LIMIT 1)) AS name
     FROM chosen t LEFT JOIN warehouse.person_version p ON p.person_id = t.person_id AND ${visible('p', 'person')}`,
    { ...moments, ...rule } as never,
  );
  await trx.raw('ANALYZE snapshot_teacher');
}

export interface TeacherFacts {
  rows: number;
  persons: number;
  nameless: number;
  outsideScope: number;
  /** Counted another way, straight from the warehouse. */
  recount: number;
  /** Identifiers that stand for two people at once. */
  sharedIdentifiers: number;
  /** Staff of schools in scope whose title has no 職別: not counted as teachers. */
  unknownTitles: number;
}

/** What the checks compare. */
export async function teacherFacts(
  trx: Transaction,
  moments: SnapshotMoments,
  rule: TeacherRule,
): Promise<TeacherFacts> {
  const made = await trx.raw(
    `SELECT count(*) AS rows, count(DISTINCT t.person_id) AS persons, count(*) FILTER (WHERE t.name IS NULL) AS nameless,
            count(*) FILTER (WHERE s.id IS NULL) AS "outsideScope"
     FROM snapshot_teacher t LEFT JOIN snapshot_scope s ON s.id = t.institution_id`,
  );
  const recount = await trx.raw(
    `SELECT count(DISTINCT ${WHOSE.person}) FILTER (WHERE ${IS_TEACHER}) AS recount,
            count(*) FILTER (WHERE v.is_primary AND s.path = 'school' AND v.title_code IS NULL) AS "unknownTitles"
     FROM snapshot_scope s JOIN warehouse.assignment a ON a.institution_id = s.id
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${visible('v', 'assignment')}
     ${WHOSE.join}`,
    { ...moments, ...rule } as never,
  );
  // The current ones are unique by the table's key: only what stood for somebody else before can clash.
  const shared = await trx.raw(
    `SELECT count(*) AS "sharedIdentifiers" FROM (SELECT DISTINCT hmac FROM warehouse.past_identifier) AS b
     WHERE (SELECT count(DISTINCT p.person_id) FROM (${IDENTIFIERS}) AS p WHERE p.hmac = b.hmac) > 1`,
    moments as never,
  );
  return { ...made.rows[0], ...recount.rows[0], ...shared.rows[0] };
}

/** Teachers per institution id, of `snapshot_teacher`. */
export async function teachersByInstitution(trx: Transaction): Promise<Map<number, number>> {
  const { rows } = await trx.raw('SELECT institution_id, count(*) AS n FROM snapshot_teacher GROUP BY institution_id');
  return new Map(rows.map((r: { institution_id: number; n: number }) => [r.institution_id, r.n]));
}

/** Of some people the institution that `snapshot_teacher` has them at, by person. */
export async function teacherPlaces(trx: Transaction, people: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await trx.raw(
    'SELECT person_id, institution_id FROM snapshot_teacher WHERE person_id = ANY (CAST(? AS bigint[]))',
    [[...people]],
  );
  return new Map(rows.map((r: { person_id: number; institution_id: number }) => [r.person_id, r.institution_id]));
}

export interface TeacherRow {
  person_id: number;
  /** Place of the institution in the scope. */
  place: number;
  name: string;
  title: string | null;
  title_code: number | null;
  subjects: string[];
}
/** With one identifier of the person, as `digestsOf` is asked for it, and the run that learned it; nulls where there is none. Lists as JSON: most are alike. */
export type IdentifiedRow = Omit<TeacherRow, 'subjects'> & {
  subjects: string;
  asked: string | null;
  learned: number | null;
};

/**
 * `snapshot_teacher` ordered by institution and name, those alike in these in no particular order: of somebody with several identifiers as many rows, one
 * behind the other. What was learnt after `runId` is not looked at, what was undone after it is.
 */
export const teacherRows = (trx: Transaction, runId: number): AsyncGenerator<IdentifiedRow[]> =>
  inBlocks<IdentifiedRow>(
    trx,
    'snapshot_teacher_rows',
    // What is sorted is narrow, and in bytes, of which the first tell most people apart; it is written out behind.
    `SELECT person_id, place, name, title, title_code, to_json(subjects)::text AS subjects, ${askDigest('hmac', 'kind', 'sealed')} AS asked, learned
     FROM (
       SELECT t.*, i.kind, i.hmac, i.sealed, CASE WHEN p.hmac IS NOT NULL THEN ${learnedIn('p')} END AS learned
       FROM snapshot_teacher t
       LEFT JOIN (${identifiersAt((run) => `${run} <= :run`)}) AS p ON p.person_id = t.person_id
       LEFT JOIN landing.identifier i ON i.hmac = p.hmac
       ORDER BY substr(int4send(t.place), 2) || convert_to(t.name, 'UTF8'), t.person_id) AS ordered`,
    { run: runId },
    ROWS_AT_ONCE,
  );
export interface SchoolRow {
  /** Our number of the institution: kept beside the files, and in none of them. */
  entity: number;
  code: string;
  section: string;
  moe_code: string | null;
  name: string;
  ownership: string;
  district: string | null;
  teachers: number;
  accounts: string[];
  holders: string[];
}

/**
 * The holder of the account `v` of `a` served at the school and does no more: the account is kept until 本市教師研習中心 acts (R18), and nobody fills in a plan with it. Who was
 * never on the roster is not judged (I12).
 */
const HOLDER_LEFT = `EXISTS (
  SELECT 1 FROM holder_identifier i
  JOIN holder_spell g ON g.person_id = i.person_id
  JOIN warehouse.institution_code there ON there.institution_id = g.institution_id AND there.system = 'school'
  JOIN warehouse.institution_code here ON here.code = there.code AND here.system = 'school' AND here.institution_id = a.institution_id
  JOIN warehouse.assignment_version w ON w.assignment_id = g.id AND w.recorded_from <= :through AND w.registered_at < :cutOff
    AND w.valid_from <= :day AND w.valid_from < w.valid_to
  WHERE i.hmac = v.id_hmac
  HAVING NOT bool_or(${visible('w', 'assignment')}))`;

/** Institutions of the scope with the active 總負責人 (R16) who fill in the school plan (R25), ordered by code and section. */
export const schoolRows = (trx: Transaction, moments: SnapshotMoments): AsyncGenerator<SchoolRow[]> =>
  inBlocks<SchoolRow>(
    trx,
    'snapshot_school_rows',
    `WITH holder_identifier AS MATERIALIZED (
       SELECT i.hmac, i.person_id FROM (${IDENTIFIERS}) AS i
       WHERE i.hmac IN (SELECT v.id_hmac FROM warehouse.account_version v WHERE v.account_kind = '${LEAD_KIND}')),
     holder_spell AS MATERIALIZED (
       SELECT a.id, a.institution_id, ${WHOSE.person} AS person_id FROM warehouse.assignment a ${WHOSE.join}
       WHERE ${WHOSE.person} IN (SELECT person_id FROM holder_identifier))
     SELECT s.id AS entity, s.code, s.section, s.moe_code, s.name, s.ownership, s.district, coalesce(t.teachers, 0) AS teachers,
            coalesce(l.accounts, '{}') AS accounts, coalesce(l.holders, '{}') AS holders
     FROM snapshot_scope s
     LEFT JOIN (SELECT institution_id, count(*) AS teachers FROM snapshot_teacher GROUP BY institution_id) AS t ON t.institution_id = s.id
     LEFT JOIN (
       SELECT institution_id, array_agg(account_name ORDER BY account_name COLLATE "C", holder COLLATE "C") AS accounts,
              array_agg(holder ORDER BY account_name COLLATE "C", holder COLLATE "C") AS holders
       FROM (
         SELECT a.institution_id, a.account_name, coalesce(v.holder_name, (
                  SELECT min(p.name COLLATE "C") FROM holder_identifier i JOIN warehouse.person_version p ON p.person_id = i.person_id
                  WHERE i.hmac = v.id_hmac AND ${visible('p', 'person')}), '') AS holder
         FROM warehouse.account a JOIN snapshot_scope s ON s.id = a.institution_id
         JOIN warehouse.account_version v ON v.account_id = a.id AND ${visible('v', 'account')}
         WHERE v.account_kind = '${LEAD_KIND}' AND v.state = '啟用' AND NOT ${HOLDER_LEFT}) AS lead
       GROUP BY institution_id) AS l ON l.institution_id = s.id
     ORDER BY s.code COLLATE "C", s.section COLLATE "C"`,
    { ...moments },
  );
