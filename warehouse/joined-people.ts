/**
 * Two people who are one, as a person of the bureau decided. The lower number stays and the others lead to it for ever; what was theirs keeps a note of whose it
 * was (`home_id`), so that a decision that is taken back parts them again. Whose a spell was known to be at an earlier moment stands in `past_assignment`, as
 * identifiers have `past_identifier`: what was read as of then reads the same (I3).
 */
import type { Database, Transaction } from './connect.ts';
import { judgementsInForce } from './judgements.ts';

/**
 * Makes `joined_person`: at the moment of a run, each person who is another one, that one, and the newest decision that says so of them. Empty where nobody is.
 */
export async function createJoinedPeople(trx: Transaction, runId: number): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS joined_person');
  await trx.raw(
    `CREATE TEMP TABLE joined_person ON COMMIT DROP AS
     WITH RECURSIVE told AS MATERIALIZED (SELECT * FROM (${judgementsInForce(':run')}) AS g WHERE g.kind = 'person' AND g.verdict = 'same'),
     pair (one, other) AS (SELECT person_id, other_id FROM told UNION SELECT other_id, person_id FROM told),
     reached (one, other) AS (SELECT one, other FROM pair UNION SELECT r.one, p.other FROM reached r JOIN pair p ON p.one = r.other)
     SELECT one AS person_id, min(other) AS survivor_id, j.id AS judgement_id, j.decided_at
     FROM reached CROSS JOIN LATERAL (SELECT id, decided_at FROM told t WHERE one IN (t.person_id, t.other_id) ORDER BY id DESC LIMIT 1) AS j
     GROUP BY one, j.id, j.decided_at HAVING min(other) < one`,
    { run: runId },
  );
  await trx.raw('ANALYZE joined_person');
}

/**
 * SQL: whose a spell `a` was known to be at a moment. Joins `past` and gives the person.
 * @param moment SQL
 * @param until `>=` asks of just before the moment
 */
export const spellPersonAt = (
  a: string,
  moment: string,
  until: '>' | '>=' = '>',
): { join: string; person: string } => ({
  join: `LEFT JOIN (SELECT DISTINCT ON (assignment_id) assignment_id, person_id FROM warehouse.past_assignment WHERE recorded_to ${until} ${moment}
                    ORDER BY assignment_id, recorded_to) AS past ON past.assignment_id = ${a}.id`,
  person: `coalesce(past.person_id, ${a}.person_id)`,
});

/** SQL: (hmac, person_id, run_id): whom an identifier stood for by the runs that had been applied. @param applied condition on a run's number */
export const identifiersAt = (applied: (run: string) => string): string => `
  SELECT hmac, person_id, run_id FROM warehouse.person_identifier WHERE ${applied('run_id')}
  UNION ALL SELECT hmac, person_id, run_id FROM warehouse.past_identifier WHERE ${applied('run_id')} AND NOT ${applied('until_run_id')}`;

/** SQL: whether an identifier `p` came to whom it stands for by a joining or parting in the run that it names, and was learned before. */
export const movedIn = (p: string): string =>
  `EXISTS (SELECT 1 FROM warehouse.past_identifier b WHERE b.hmac = ${p}.hmac AND b.until_run_id = ${p}.run_id)`;

/** SQL: the run that learned an identifier `p`, whoever it has stood for since. */
export const learnedIn = (p: string): string => `
  CASE WHEN ${movedIn(p)} THEN (
    WITH RECURSIVE back (run_id) AS (
      SELECT ${p}.run_id UNION SELECT b.run_id FROM back JOIN warehouse.past_identifier b ON b.hmac = ${p}.hmac AND b.until_run_id = back.run_id)
    SELECT min(run_id) FROM back) ELSE ${p}.run_id END`;

/** SQL: spells that are or were known to be those of person `:id`. */
export const SPELLS_EVER = `SELECT id FROM warehouse.assignment WHERE person_id = :id UNION SELECT assignment_id FROM warehouse.past_assignment WHERE person_id = :id`;

/** SQL: all numbers that a person `:id` has had. */
export const NUMBERS_OF_PERSON = `SELECT CAST(:id AS bigint) UNION SELECT a.home_id FROM warehouse.assignment a WHERE a.person_id = :id AND a.home_id IS NOT NULL`;

/** The one who somebody is, as recorded before a moment; the same where nobody joined them to another. @param asOf ISO, or `infinity`: by now */
export async function standingPerson(db: Database | Transaction, personId: number, asOf = 'infinity'): Promise<number> {
  const { join, person } = spellPersonAt('a', 'CAST(:asOf AS timestamptz)', '>=');
  const { rows } = await db.raw(
    `SELECT ${person} AS id FROM warehouse.assignment a ${join} WHERE a.home_id = :id OR (a.home_id IS NULL AND a.person_id = :id) LIMIT 1`,
    { id: personId, asOf },
  );
  return rows[0]?.id ?? personId;
}

/** Numbers of people who are this one too, as recorded before a moment. */
export async function otherNumbers(db: Database | Transaction, personId: number, asOf: string): Promise<number[]> {
  const { join, person } = spellPersonAt('a', 'CAST(:asOf AS timestamptz)', '>=');
  const { rows } = await db.raw(
    `SELECT DISTINCT coalesce(a.home_id, a.person_id) AS id FROM warehouse.assignment a ${join}
     WHERE a.id IN (${SPELLS_EVER}) AND ${person} = :id AND coalesce(a.home_id, a.person_id) <> :id ORDER BY 1`,
    { id: personId, asOf },
  );
  return rows.map(({ id }: { id: number }) => id);
}
