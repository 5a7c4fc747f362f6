/**
 * Rows of a snapshot. Who is in is settled once, set-based, in two temporary tables (the scope's institutions, one row per person: `snapshot-teachers.ts`); checks run on
 * these, and the rows stream from them in an order made of business columns, so that no surrogate id shows in the bytes.
 */
import { LEAD_KIND } from '../../schemas/records.ts';
import type { Transaction } from '../connect.ts';
import { identifiersAt, spellPersonAt } from '../joined-people.ts';
import { inBlocks } from '../plans.ts';
import { askDigest } from './snapshot-digests.ts';
import type { SnapshotInstitution } from './snapshot-institutions.ts';
import { type SnapshotMoments, visible } from './snapshot-visible.ts';

/** Whose a spell was known to be then. */
const WHOSE = spellPersonAt('a', ':through');
const IDENTIFIERS = identifiersAt((run) => `${run} IN (SELECT id FROM ops.run WHERE recorded_at <= :through)`);

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

/** Some of `snapshot_teacher`, column by column: lists are read with less work than rows of their own. All are as long as `people`. */
export interface TeacherBlock {
  /** Our numbers. */
  people: number[];
  /** Places of the institutions in the scope. */
  places: number[];
  names: string[];
  titles: (string | null)[];
  title_codes: (number | null)[];
  subjects: string[][];
  /** With what `digestsOf` is asked, a line each. */
  asked: string;
}

/**
 * `snapshot_teacher` in its order: by institution and name.
 * @throws where the blocks come otherwise: nothing in SQL promises that they do not
 */
export async function* teacherBlocks(trx: Transaction): AsyncGenerator<TeacherBlock> {
  const several: number[] = await trx('snapshot_several').pluck('person_id');
  const list = (value: string): string => `json_agg(${value} ORDER BY t.nth)`;
  const blocks = inBlocks<TeacherBlock & { before: number; people: number[] | null }>(
    trx,
    'snapshot_teacher_rows',
    `SELECT g.before, block.*
     FROM (SELECT max(nth) AS last FROM snapshot_teacher) AS s
     CROSS JOIN LATERAL generate_series(0, s.last, ${ROWS_AT_ONCE}) AS g (before)
     CROSS JOIN LATERAL (
       SELECT ${list('t.person_id')} AS people, ${list('t.place')} AS places, ${list('t.name')} AS names, ${list('t.title')} AS titles,
              ${list('t.title_code')} AS title_codes, ${list('t.subjects')} AS subjects,
              string_agg(coalesce(CASE WHEN t.person_id = ANY(CAST(:several AS bigint[])) THEN (SELECT i.asked FROM snapshot_several i WHERE i.person_id = t.person_id)
                                       ELSE ${askDigest('t.hmac', 't.kind', 't.sealed')} END, '') || E'\\n', '' ORDER BY t.nth) AS asked
       FROM snapshot_teacher t WHERE t.nth > g.before AND t.nth <= g.before + ${ROWS_AT_ONCE}) AS block`,
    { several },
    1,
  );
  let next = 0;
  for await (const rows of blocks)
    for (const { before, people, ...block } of rows) {
      if (before !== next)
        throw new Error(
          `the teachers of a snapshot came out of order: those after ${before} where those after ${next} come`,
        );
      next += ROWS_AT_ONCE;
      if (people) yield { people, ...block };
    }
}

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
