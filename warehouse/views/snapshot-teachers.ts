/**
 * Who is in the teachers' own plan (R28), and what must hold of them. All of a million people are looked at, so the two statements that do so can be shared by the server among
 * its processes: they read no temporary table (the scope goes along as lists), ask nothing row by row, and leave those of whom there is no name yet or more than one row to others.
 */
import type { Transaction } from '../connect.ts';
import { identifiersAt, learnedIn, spellPersonAt } from '../joined-people.ts';
import { ASK_BETWEEN, askDigest } from './snapshot-digests.ts';
import { type SnapshotMoments, visibleVersions } from './snapshot-visible.ts';

/** Who counts as a teacher: by 職別 in schools, by title in kindergartens. */
export interface TeacherRule {
  titleCodes: readonly number[];
  kindergartenTitles: readonly string[];
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

const KNOWN_THEN = identifiersAt((run) => `${run} IN (SELECT id FROM ops.run WHERE recorded_at <= :through)`);
/** What was learnt after the run is not looked at, what was undone after it is. */
const KNOWN_BY_RUN = identifiersAt((run) => `${run} <= CAST(:run AS bigint)`);

const IS_TEACHER = `v.is_primary AND CASE s.path WHEN 'school' THEN v.title_code = ANY(:titleCodes) ELSE v.title = ANY(:kindergartenTitles) END`;

/** In bytes, of which the first tell most people apart. */
const ORDER = `ORDER BY substr(int4send(place), 2) || convert_to(name, 'UTF8'), person_id`;

/** What the statements are made of, and their bindings. */
interface Asked {
  bindings: SnapshotMoments & TeacherRule & { ids: number[]; places: number[]; paths: string[]; run: number };
  /** SQL: whose a post is. */
  person: string;
  /** SQL: visible posts `v` of `a` in the scope `s`. */
  posts: string;
}

/** Needs `snapshot_scope`. */
async function askedOf(trx: Transaction, moments: SnapshotMoments, rule: TeacherRule, run: number): Promise<Asked> {
  const scope: { id: number; place: number; path: string }[] = await trx('snapshot_scope').select(
    'id',
    'place',
    'path',
  );
  const moved = await trx.raw(
    'SELECT EXISTS (SELECT FROM warehouse.past_assignment WHERE recorded_to > :through) AS any',
    {
      ...moments,
    },
  );
  // Mostly nobody was joined or parted since: then what is known of the column tells the server how many rows will come.
  const { join, person } = moved.rows[0].any ? spellPersonAt('a', ':through') : { join: '', person: 'a.person_id' };
  const columns = 'v.assignment_id, v.title, v.title_code, v.subjects, v.is_primary, v.valid_from, v.registered_at';
  return {
    bindings: {
      ...moments,
      ...rule,
      ids: scope.map(({ id }) => id),
      places: scope.map(({ place }) => place),
      paths: scope.map(({ path }) => path),
      run,
    },
    person,
    posts: `
      FROM (${visibleVersions('assignment', columns)}) AS v
      JOIN warehouse.assignment a ON a.id = v.assignment_id
      JOIN unnest(CAST(:ids AS bigint[]), CAST(:places AS integer[]), CAST(:paths AS text[])) AS s (id, place, path) ON s.id = a.institution_id
      ${join}`,
  };
}

/** Makes `snapshot_teacher` with a row for each post and identifier of a person. */
async function choosePosts(trx: Transaction, { bindings, person, posts }: Asked): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS snapshot_teacher');
  await trx.raw(
    `CREATE TEMP TABLE snapshot_teacher ON COMMIT DROP AS
     SELECT row_number() OVER (${ORDER}) AS nth, chosen.*
     FROM (SELECT ${person} AS person_id, s.id AS institution_id, s.place, a.id AS assignment_id, v.valid_from, v.registered_at, v.title, v.title_code, v.subjects, p.name,
                  i.kind, i.hmac, i.sealed
           ${posts}
           LEFT JOIN (${visibleVersions('person', 'v.person_id, v.name')}) AS p ON p.person_id = ${person}
           LEFT JOIN (SELECT p.person_id, i.kind, i.hmac, i.sealed FROM (${KNOWN_BY_RUN}) AS p JOIN landing.identifier i ON i.hmac = p.hmac) AS i ON i.person_id = ${person}
           WHERE ${IS_TEACHER}) AS chosen`,
    bindings as never,
  );
}

/** Makes `snapshot_teacher` anew where somebody's name was not true yet on the day: it is the first that was known, and they stand elsewhere by it. */
async function nameOthers(trx: Transaction, { through }: SnapshotMoments): Promise<void> {
  await trx.raw('ALTER TABLE snapshot_teacher RENAME TO snapshot_unnamed');
  await trx.raw(
    `CREATE TEMP TABLE snapshot_teacher ON COMMIT DROP AS
     SELECT row_number() OVER (${ORDER}) AS nth, named.*
     FROM (SELECT t.person_id, t.institution_id, t.place, t.assignment_id, t.valid_from, t.registered_at, t.title, t.title_code, t.subjects,
                  coalesce(t.name, (SELECT f.name FROM warehouse.person_version f WHERE f.person_id = t.person_id AND f.recorded_from <= :through
                                    ORDER BY f.recorded_from, f.valid_from LIMIT 1)) AS name, t.kind, t.hmac, t.sealed
           FROM snapshot_unnamed t) AS named`,
    { through },
  );
  await trx.raw('DROP TABLE snapshot_unnamed');
}

/**
 * Of people with several rows one stays. Two open primary units of one person are a conflict that waits for a person's decision: the newest spell stands, the
 * school's before the kindergarten's (R03).
 */
const settlePosts = (trx: Transaction, several: readonly number[]): Promise<unknown> =>
  trx.raw(
    `DELETE FROM snapshot_teacher WHERE nth IN (
       SELECT nth FROM (
         SELECT t.nth, row_number() OVER (PARTITION BY t.person_id
                  ORDER BY t.valid_from DESC, t.registered_at DESC, s.path DESC, s.place, a.source COLLATE "C", a.source_key COLLATE "C", a.spell DESC, t.nth) AS rank
         FROM snapshot_teacher t JOIN snapshot_scope s ON s.id = t.institution_id JOIN warehouse.assignment a ON a.id = t.assignment_id
         WHERE t.person_id = ANY(CAST(:several AS bigint[]))) AS ranked
       WHERE rank > 1)`,
    { several } as never,
  );

/**
 * Makes `snapshot_several`: of these people the identifier that was learnt last (a corrected number, a new resident number), or those, where one run taught
 * several. Of all others it stands in `snapshot_teacher`.
 */
async function gatherIdentifiers(trx: Transaction, run: number, several: readonly number[]): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS snapshot_several');
  await trx.raw(
    `CREATE TEMP TABLE snapshot_several ON COMMIT DROP AS
     SELECT several.person_id, string_agg(compared.asked, '${ASK_BETWEEN}') AS asked
     FROM unnest(CAST(:several AS bigint[])) AS several (person_id)
     LEFT JOIN (SELECT dated.*, max(learned) OVER (PARTITION BY person_id) AS newest
                FROM (SELECT p.person_id, ${askDigest('i.hmac', 'i.kind', 'i.sealed')} AS asked, ${learnedIn('p')} AS learned
                      FROM (${KNOWN_BY_RUN}) AS p JOIN landing.identifier i ON i.hmac = p.hmac
                      WHERE p.person_id = ANY(CAST(:several AS bigint[]))) AS dated) AS compared
       ON compared.person_id = several.person_id AND compared.learned = compared.newest
     GROUP BY several.person_id`,
    { run, several } as never,
  );
  await trx.raw('CREATE UNIQUE INDEX ON snapshot_several (person_id); ANALYZE snapshot_several');
}

interface Made {
  rows: number;
  persons: number;
  nameless: number;
  outsideScope: number;
  several: number[] | null;
}

async function countMade(trx: Transaction): Promise<Made> {
  const { rows } = await trx.raw(
    `SELECT CAST(coalesce(sum(n), 0) AS bigint) AS rows, count(*) AS persons, CAST(coalesce(sum(nameless), 0) AS bigint) AS nameless,
            CAST(coalesce(sum(outside), 0) AS bigint) AS "outsideScope", array_agg(person_id) FILTER (WHERE n > 1) AS several
     FROM (SELECT t.person_id, count(*) AS n, count(*) FILTER (WHERE t.name IS NULL) AS nameless, count(*) FILTER (WHERE s.id IS NULL) AS outside
           FROM snapshot_teacher t LEFT JOIN snapshot_scope s ON s.id = t.institution_id GROUP BY t.person_id) AS people`,
  );
  return rows[0];
}

/** Who has one post that counts, and who has several. */
async function recount(
  trx: Transaction,
  { bindings, person, posts }: Asked,
  several: readonly number[],
): Promise<Pick<TeacherFacts, 'recount' | 'unknownTitles'>> {
  const one = await trx.raw(
    `SELECT count(*) FILTER (WHERE ${IS_TEACHER} AND ${person} <> ALL(CAST(:several AS bigint[]))) AS recount,
            count(*) FILTER (WHERE v.is_primary AND s.path = 'school' AND v.title_code IS NULL) AS "unknownTitles"
     ${posts}`,
    { ...bindings, several } as never,
  );
  if (several.length === 0) return one.rows[0];
  const more = await trx.raw(
    `SELECT count(DISTINCT ${person}) AS people ${posts} WHERE ${IS_TEACHER} AND ${person} = ANY(CAST(:several AS bigint[]))`,
    { ...bindings, several } as never,
  );
  return { ...one.rows[0], recount: one.rows[0].recount + more.rows[0].people };
}

/**
 * Makes `snapshot_teacher`: one row per person, at the primary unit; kindergarten teachers too (R29); in the order of institution and name, those alike in these in no
 * particular one. Needs `snapshot_scope`.
 * @param runId identifiers that were learnt later are not looked at
 * @returns what the checks compare
 */
export async function createTeachers(
  trx: Transaction,
  moments: SnapshotMoments,
  rule: TeacherRule,
  runId: number,
): Promise<TeacherFacts> {
  const asked = await askedOf(trx, moments, rule, runId);
  await choosePosts(trx, asked);
  const chosen = await countMade(trx);
  const several = chosen.several ?? [];
  if (chosen.nameless > 0) await nameOthers(trx, moments);
  if (several.length > 0) await settlePosts(trx, several);
  await gatherIdentifiers(trx, runId, several);
  // They are read in portions of this order.
  await trx.raw('CREATE UNIQUE INDEX ON snapshot_teacher (nth)');
  const { several: _, ...made } = chosen.nameless > 0 || several.length > 0 ? await countMade(trx) : chosen;
  // The current ones are unique by the table's key: only what stood for somebody else before can clash.
  const shared = await trx.raw(
    `SELECT count(*) AS "sharedIdentifiers" FROM (SELECT DISTINCT hmac FROM warehouse.past_identifier) AS b
     WHERE (SELECT count(DISTINCT p.person_id) FROM (${KNOWN_THEN}) AS p WHERE p.hmac = b.hmac) > 1`,
    moments as never,
  );
  return { ...made, ...(await recount(trx, asked, several)), ...shared.rows[0] };
}

/** Of some people the institution that `snapshot_teacher` has them at, by person. */
export async function teacherPlaces(trx: Transaction, people: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await trx.raw(
    'SELECT person_id, institution_id FROM snapshot_teacher WHERE person_id = ANY (CAST(? AS bigint[]))',
    [[...people]],
  );
  return new Map(rows.map((r: { person_id: number; institution_id: number }) => [r.person_id, r.institution_id]));
}

/** Teachers per institution id, of `snapshot_teacher`. */
export async function teachersByInstitution(trx: Transaction): Promise<Map<number, number>> {
  const { rows } = await trx.raw('SELECT institution_id, count(*) AS n FROM snapshot_teacher GROUP BY institution_id');
  return new Map(rows.map((r: { institution_id: number; n: number }) => [r.institution_id, r.n]));
}
