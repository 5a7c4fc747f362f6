/** What people decided, insert-only, and read by every run as it stood at the run's moment: a re-run of any night reproduces what was decided by then. */
import type { AbsenceJudgement, UnitJudgement } from '../schemas/plan.ts';
import type { Database, Transaction } from './connect.ts';

/** SQL: judgements with the moment from which each counts no more. */
const JUDGED = `SELECT g.*, e.how, e.ended_by, e.reason AS ended_why, e.ended_at FROM review.judgement g LEFT JOIN review.judgement_end e ON e.judgement_id = g.id`;
const clockOf = (run: string): string => `(SELECT clock FROM ops.run WHERE id = ${run})`;

/** SQL: those in force at the moment of a run. @param run SQL of its number */
export const judgementsInForce = (run: string): string =>
  `SELECT g.* FROM (${JUDGED}) AS g WHERE g.decided_at <= ${clockOf(run)} AND coalesce(g.ended_at, 'infinity') > ${clockOf(run)}`;

/** SQL: condition on a judgement `g` that stands at the moment of run `:run`, or did until run `:last`. */
const LIVE = `g.decided_at <= ${clockOf(':run')} AND coalesce(g.ended_at, 'infinity') >= coalesce(${clockOf(':last')}, '-infinity')`;

/** SQL: (source, key) of the records of people about whom something is decided, or was until run `:last`. Binds `:run` and `:last`. */
export const underJudgement = `
  SELECT a.source, a.source_key AS key FROM (${JUDGED}) AS g JOIN warehouse.assignment a ON a.person_id IN (g.person_id, g.other_id) OR a.home_id IN (g.person_id, g.other_id)
  WHERE ${LIVE}
  UNION
  SELECT g.source, g.key FROM (${JUDGED}) AS g WHERE g.kind IN ('unit', 'identity', 'absence') AND ${LIVE}`;

/**
 * SQL: who the person of a judgement `g` of a record is by now. It is the record's: a judgement made while two were one follows the record to its person, should they
 * part. Joins the record's first spell as `a` and a row of `joined_person` as `j`.
 */
const OF_RECORD = `LEFT JOIN warehouse.assignment a ON a.source = g.source AND a.source_key = g.key AND a.spell = 1
  LEFT JOIN joined_person j ON j.person_id = coalesce(a.home_id, a.person_id, g.person_id)`;
const NOW_PERSON = 'coalesce(j.survivor_id, a.home_id, a.person_id, g.person_id)';

/** Whose unit was decided, by person, as it stands at the moment of a run. Needs `joined_person`. */
export async function unitJudgements(trx: Transaction, runId: number): Promise<Map<number, UnitJudgement>> {
  const { rows } = await trx.raw(
    `SELECT DISTINCT ON (${NOW_PERSON}) ${NOW_PERSON} AS "personId", g.id, k.source || ':' || k.source_key AS keep, g.about, g.decided_at AS "decidedAt",
            ARRAY(SELECT p.source || ':' || p.source_key FROM warehouse.institution p WHERE p.id = ANY (g.parties) AND p.id <> g.institution_id) AS others
     FROM (${judgementsInForce(':run')}) AS g JOIN warehouse.institution k ON k.id = g.institution_id
     ${OF_RECORD}
     WHERE g.kind = 'unit' ORDER BY ${NOW_PERSON}, g.id DESC`,
    { run: runId },
  );
  return new Map((rows as (UnitJudgement & { personId: number })[]).map(({ personId, ...rest }) => [personId, rest]));
}

/** Who has left though no source says so, by person, as it stands at the moment of a run. Needs `joined_person`. */
export async function absenceJudgements(trx: Transaction, runId: number): Promise<Map<number, AbsenceJudgement[]>> {
  const { rows } = await trx.raw(
    `SELECT ${NOW_PERSON} AS "personId", g.id, g.source, g.key, g.about AS on, g.end_reason AS reason, g.decided_at AS "decidedAt"
     FROM (${judgementsInForce(':run')}) AS g ${OF_RECORD} WHERE g.kind = 'absence' ORDER BY 1, g.id`,
    { run: runId },
  );
  return Map.groupBy(rows as (AbsenceJudgement & { personId: number })[], ({ personId }) => personId);
}

/** The crosswalk as people decided it, before any match of names: joins what they joined, parts what they took back. */
export async function replayCrosswalk(trx: Transaction, runId: number): Promise<void> {
  await trx.raw(
    `DELETE FROM warehouse.institution_code c WHERE c.judgement_id IS NOT NULL
       AND c.judgement_id NOT IN (SELECT id FROM (${judgementsInForce(':run')}) AS g)`,
    { run: runId },
  );
  await trx.raw(
    `INSERT INTO warehouse.institution_code (system, code, section, institution_id, judgement_id)
     SELECT DISTINCT ON (l.code, l.section) 'moe-kindergarten', l.code, l.section, g.institution_id, g.id
     FROM (${judgementsInForce(':run')}) AS g JOIN landing.institution_record l ON l.source = g.source AND l.key = g.key
     WHERE g.kind = 'institution' AND g.verdict = 'same' ORDER BY l.code, l.section, g.id DESC
     ON CONFLICT (system, code, section) DO UPDATE SET institution_id = excluded.institution_id, judgement_id = excluded.judgement_id
     WHERE warehouse.institution_code.judgement_id IS DISTINCT FROM excluded.judgement_id`,
    { run: runId },
  );
}

/** SQL: whether somebody decided that a listed institution `l` is none that is known here. @param run SQL of the run's number */
export const knownAsNone = (l: string, run: string): string =>
  `EXISTS (SELECT 1 FROM (${judgementsInForce(run)}) AS g WHERE g.kind = 'institution' AND g.verdict = 'different' AND g.source = ${l}.source AND g.key = ${l}.key)`;

/** SQL: whether somebody decided that the identifier of a staff record `r` is not its person's. @param run SQL of the run's number */
export const knownAsAnother = (r: string, run: string): string =>
  `EXISTS (SELECT 1 FROM (${judgementsInForce(run)}) AS g WHERE g.kind = 'identity' AND g.source = ${r}.source AND g.key = ${r}.key AND g.hmac = ${r}.id_hmac)`;

export interface NewJudgement {
  kind: 'institution' | 'unit' | 'identity' | 'absence' | 'person';
  source: string;
  key: string;
  personId: number | null;
  /** Of two people, the one with the higher number. */
  otherId: number | null;
  verdict: 'same' | 'different' | 'keep' | 'ended';
  institutionId: number | null;
  parties: number[] | null;
  /** Day of the claims that are decided about, or from which somebody is out. */
  about: string | null;
  hmac: Buffer | null;
  /** Of an absence: 離職, 轉校 or 退休. */
  endReason: string | null;
  reason: string;
  by: string;
  /** ISO moment. */
  at: string;
}

/** Holds off whoever would decide at the same time. First in the transaction. */
export const lockJudgements = (trx: Transaction): Promise<unknown> =>
  trx.raw('LOCK TABLE review.judgement IN SHARE ROW EXCLUSIVE MODE');

/** Those that stand about one matter: of one listed institution, of one record, or of whose unit a person is. */
async function standingAbout(trx: Transaction, judgement: NewJudgement): Promise<number[]> {
  const { rows } = await trx.raw(
    `SELECT g.id FROM (${JUDGED}) AS g WHERE g.kind = :kind AND g.how IS NULL
       AND CASE WHEN :kind = 'unit' THEN g.person_id = CAST(:person AS bigint) ELSE g.source = :source AND g.key = :key END`,
    { kind: judgement.kind, person: judgement.personId, source: judgement.source, key: judgement.key } as never,
  );
  return (rows as { id: number }[]).map(({ id }) => id);
}

/** Records a judgement; those about the same matter are superseded. @returns its number */
export async function addJudgement(trx: Transaction, judgement: NewJudgement): Promise<number> {
  const { by, at, reason } = judgement;
  for (const id of await standingAbout(trx, judgement))
    await endJudgement(trx, { id, how: 'superseded', by, reason, at });
  const [row] = await trx('review.judgement')
    .insert({
      kind: judgement.kind,
      source: judgement.source,
      key: judgement.key,
      person_id: judgement.personId,
      other_id: judgement.otherId,
      verdict: judgement.verdict,
      institution_id: judgement.institutionId,
      parties: judgement.parties,
      about: judgement.about,
      hmac: judgement.hmac,
      end_reason: judgement.endReason,
      reason,
      decided_by: by,
      decided_at: at,
    })
    .returning('id');
  return row.id;
}

/** SQL: pairs of people, by judgements that stand. @param verdict what was decided of them */
const standingPairs = (verdict: 'same' | 'different'): string =>
  `SELECT g.id, g.person_id, g.other_id FROM (${JUDGED}) AS g WHERE g.kind = 'person' AND g.verdict = '${verdict}' AND g.how IS NULL`;

const REACHED = `WITH RECURSIVE pair (one, other) AS (
       SELECT person_id, other_id FROM (${standingPairs('same')}) AS s UNION SELECT other_id, person_id FROM (${standingPairs('same')}) AS s),
     reached (one, other) AS (SELECT one, other FROM pair UNION SELECT r.one, p.other FROM reached r JOIN pair p ON p.one = r.other)`;

/** Who somebody is by the judgements that stand, carried out or not: the same where nobody joined them to another. */
export async function decidedPerson(trx: Transaction, personId: number): Promise<number> {
  const { rows } = await trx.raw(`${REACHED} SELECT min(other) AS id FROM reached WHERE one = ?`, [personId]);
  return Math.min(personId, rows[0].id ?? personId);
}

/** A judgement by which two people are different whom others, that stand too, make one; null where they agree. */
export async function contradictedPair(trx: Transaction): Promise<number | null> {
  const { rows } = await trx.raw(
    `${REACHED}
     SELECT d.id FROM (${standingPairs('different')}) AS d JOIN reached r ON r.one = d.person_id AND r.other = d.other_id ORDER BY d.id LIMIT 1`,
  );
  return rows[0]?.id ?? null;
}

export const endJudgement = (
  trx: Transaction,
  end: { id: number; how: 'undone' | 'superseded'; by: string; reason: string; at: string },
): Promise<unknown> =>
  trx('review.judgement_end').insert({
    judgement_id: end.id,
    how: end.how,
    ended_by: end.by,
    reason: end.reason,
    ended_at: end.at,
  });

export interface JudgementRow {
  id: number;
  kind: NewJudgement['kind'];
  verdict: NewJudgement['verdict'];
  source: string;
  key: string;
  about: string | null;
  end_reason: string | null;
  person_id: number | null;
  /** Of a judgement of two people, the other one. */
  other_id: number | null;
  /** Name of the person, or of the listed institution. */
  name: string | null;
  /** Key of the institution that was chosen. */
  institution_key: string | null;
  reason: string;
  decided_by: string;
  decided_at: string;
  how: 'undone' | 'superseded' | null;
  ended_by: string | null;
  ended_why: string | null;
  ended_at: string | null;
}

/** Every judgement there ever was, the newest first. */
export async function listJudgements(db: Database | Transaction, id: number | null = null): Promise<JudgementRow[]> {
  const { rows } = await db.raw(
    `SELECT g.id, g.kind, g.verdict, g.source, g.key, g.about, g.end_reason, g.person_id, g.other_id, coalesce(p.name, l.name) AS name, i.source || ':' || i.source_key AS institution_key, g.reason,
            g.decided_by, g.decided_at, g.how, g.ended_by, g.ended_why, g.ended_at
     FROM (${JUDGED}) AS g LEFT JOIN warehouse.institution i ON i.id = g.institution_id
     LEFT JOIN landing.institution_record l ON g.kind = 'institution' AND l.source = g.source AND l.key = g.key
     LEFT JOIN LATERAL (SELECT name FROM warehouse.person_version v WHERE v.person_id = g.person_id
                        ORDER BY v.recorded_to DESC, v.valid_to DESC LIMIT 1) AS p ON true
     WHERE ?::bigint IS NULL OR g.id = ?::bigint ORDER BY g.id DESC`,
    [id, id] as never,
  );
  return rows;
}
