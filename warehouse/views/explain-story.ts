/** What happened to a person, an institution or an account, run by run, from the versions that each run wrote. Nothing here names an identifier. */
import { JOINED, PARTED } from '../../schemas/plan.ts';
import type { Database } from '../connect.ts';
import { SPELLS_EVER } from '../joined-people.ts';
import { type AsOf, LINEAGE, type LineageRow } from './explain.ts';

export interface StoryRow {
  run_id: number;
  recorded_at: string;
  entity: 'person' | 'assignment' | 'institution' | 'account';
  /** `withdrawn` where the run took back what another had brought. */
  what: 'said' | 'withdrawn' | 'joined' | 'parted';
  entity_id: number;
  spell: number | null;
  institution_key: string | null;
  reason: string;
  rule: string;
  source: string | null;
  valid_from: string | null;
  valid_to: string | null;
  values: Record<string, unknown> | null;
  asked_by: string | null;
  asked_why: string | null;
}

/** Versions that their own run wrote; what only goes on keeps the run that said it. The newest day of each run speaks for it. */
const said = (entity: 'person' | 'assignment' | 'institution' | 'account', ids: string): string => `
  SELECT DISTINCT ON (v.${entity}_id, v.run_id) v.run_id, v.recorded_from AS recorded_at, '${entity}' AS entity, 'said' AS what, v.${entity}_id AS entity_id, v.reason, v.rule, v.source,
         v.valid_from, v.valid_to, to_jsonb(v) - 'id_hmac' AS values
  FROM warehouse.${entity}_version v JOIN ops.run r ON r.id = v.run_id AND r.recorded_at = v.recorded_from
  WHERE v.${entity}_id IN (${ids}) AND v.recorded_from < CAST(:asOf AS timestamptz)
  ORDER BY v.${entity}_id, v.run_id, v.valid_to DESC, v.valid_from DESC`;

const withdrawn = (entity: string, ids: string): string => `
  SELECT w.run_id, w.recorded_at, w.entity, 'withdrawn' AS what, w.entity_id, '撤銷執行' AS reason, '' AS rule, NULL AS source, NULL::date AS valid_from, NULL::date AS valid_to, NULL::jsonb AS values
  FROM warehouse.withdrawal w WHERE w.entity = '${entity}' AND w.entity_id IN (${ids}) AND w.recorded_at < CAST(:asOf AS timestamptz)`;

const SPELLS = 'SELECT a.id FROM warehouse.assignment a WHERE a.person_id = :id';
const PARTS = {
  person: [
    ['person', 'SELECT CAST(:id AS bigint)'],
    ['assignment', SPELLS],
  ],
  institution: [['institution', 'SELECT CAST(:id AS bigint)']],
  account: [['account', 'SELECT CAST(:id AS bigint)']],
} as const;

/** Whom the person was joined with or parted from, by whose decision. Each by the moments at which spells changed hands. */
const JOINS = `
  SELECT r.id AS run_id, l.at AS recorded_at, 'person' AS entity, CASE WHEN l.next = :id THEN 'joined' ELSE 'parted' END AS what, CAST(:id AS bigint) AS entity_id,
         CASE WHEN l.next = :id THEN '${JOINED}' ELSE '${PARTED}' END AS reason, '' AS rule, NULL AS source, NULL::date AS valid_from, NULL::date AS valid_to,
         jsonb_build_object('person', l.other, 'by', coalesce(g.ended_by, g.decided_by), 'why', coalesce(g.why, g.reason)) AS values
  FROM (SELECT DISTINCT at, next, CASE WHEN next = :id THEN person_id ELSE next END AS other
        FROM (SELECT p.recorded_to AS at, p.person_id, coalesce(lead(p.person_id) OVER (PARTITION BY p.assignment_id ORDER BY p.recorded_to), a.person_id) AS next
              FROM warehouse.past_assignment p JOIN warehouse.assignment a ON a.id = p.assignment_id WHERE a.id IN (${SPELLS_EVER})) AS t
        WHERE :id IN (person_id, next)) AS l
  JOIN ops.run r ON r.recorded_at = l.at
  LEFT JOIN LATERAL (
    SELECT g.decided_by, g.reason, CASE WHEN l.next = :id THEN NULL ELSE e.ended_by END AS ended_by, CASE WHEN l.next = :id THEN NULL ELSE e.reason END AS why
    FROM review.judgement g LEFT JOIN review.judgement_end e ON e.judgement_id = g.id AND e.ended_at <= r.clock
    WHERE g.kind = 'person' AND g.verdict = 'same' AND l.other IN (g.person_id, g.other_id) AND g.decided_at <= r.clock ORDER BY g.id DESC LIMIT 1) AS g ON true
  WHERE l.at < CAST(:asOf AS timestamptz)`;

/** Oldest first. @param asOf ISO, or `infinity` */
export async function storyOf(db: Database, kind: keyof typeof PARTS, id: number, asOf: string): Promise<StoryRow[]> {
  const own = PARTS[kind].flatMap(([entity, ids]) => [said(entity, ids), withdrawn(entity, ids)]);
  const parts = kind === 'person' ? [...own, JOINS] : own;
  const { rows } = await db.raw(
    `SELECT t.*, a.spell, i.source || ':' || i.source_key AS institution_key, r.asked_by, r.asked_why
     FROM (${parts.map((sql) => `(${sql})`).join(' UNION ALL ')}) AS t JOIN ops.run r ON r.id = t.run_id
     LEFT JOIN warehouse.assignment a ON t.entity = 'assignment' AND a.id = t.entity_id
     LEFT JOIN warehouse.account c ON t.entity = 'account' AND c.id = t.entity_id
     LEFT JOIN warehouse.institution i ON i.id = coalesce(a.institution_id, c.institution_id)
     ORDER BY t.recorded_at, t.entity = 'person' DESC, t.valid_from, a.spell, t.entity_id`,
    { id, asOf },
  );
  return rows;
}

export interface VersionRow extends LineageRow {
  values: Record<string, unknown>;
  stands: boolean;
}

/** Versions of an institution or an account that were recorded before the moment, oldest first, without its holder's pseudonym. */
export async function versionsOf(
  db: Database,
  entity: 'institution' | 'account',
  id: number,
  { asOf, on }: AsOf,
): Promise<VersionRow[]> {
  const { rows } = await db.raw(
    `SELECT to_jsonb(v) - 'id_hmac' AS values, ${LINEAGE}, v.recorded_to >= CAST(:asOf AS timestamptz) AS stands
     FROM warehouse.${entity}_version v LEFT JOIN landing.object o ON o.id = v.object_id
     WHERE v.${entity}_id = :id AND v.recorded_from < CAST(:asOf AS timestamptz)
       AND (CAST(:on AS date) IS NULL OR (v.valid_from <= CAST(:on AS date) AND v.valid_to > CAST(:on AS date))) ORDER BY v.recorded_from, v.valid_from`,
    { id, asOf, on },
  );
  return rows;
}

/** Every code by which a system knows an institution. */
export async function codesOf(db: Database, id: number): Promise<{ system: string; code: string; section: string }[]> {
  const { rows } = await db.raw(
    'SELECT system, code, section FROM warehouse.institution_code WHERE institution_id = ? ORDER BY system, code, section',
    [id],
  );
  return rows;
}

export async function institutionIdOf(db: Database, key: string): Promise<number> {
  const { rows } = await db.raw(`SELECT id FROM warehouse.institution WHERE source || ':' || source_key = ?`, [key]);
  return rows[0].id;
}

export interface AccountFound {
  id: number;
  account_name: string;
  source: string;
  institution_key: string;
}

/** Accounts by our own id, or by a school's code and the name. */
export async function findAccounts(
  db: Database,
  asked: { id: number } | { code: string; name: string },
): Promise<AccountFound[]> {
  const where =
    'id' in asked
      ? 'a.id = :id'
      : `a.account_name = :name AND EXISTS (SELECT 1 FROM warehouse.institution_code c WHERE c.institution_id = a.institution_id AND c.code = :code)`;
  const { rows } = await db.raw(
    `SELECT a.id, a.account_name, a.source, i.source || ':' || i.source_key AS institution_key
     FROM warehouse.account a JOIN warehouse.institution i ON i.id = a.institution_id WHERE ${where} ORDER BY a.id`,
    asked,
  );
  return rows;
}
