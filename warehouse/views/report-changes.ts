/** The applied (or, for a dry run, proposed) changes of a run, with the names that people know them by. First loads are counted, not listed. */

import type { ChangeCount } from '../../schemas/outputs/report.ts';
import { JOINED, PARTED } from '../../schemas/plan.ts';
import type { Database, Transaction } from '../connect.ts';

type Handle = Database | Transaction;

/** What a reader calls a change, where the plan's reason covers two things. */
const GROUP = `CASE
    WHEN c.reason = '留職停薪異動' THEN CASE WHEN (c.after->>'onLeave')::boolean THEN '留職停薪' ELSE '復職' END
    WHEN c.reason = '停辦或復辦' THEN CASE WHEN c.after->>'status' = '停辦' THEN '停辦' ELSE '復辦' END
    WHEN c.reason = '準公共異動' THEN CASE WHEN (c.after->>'quasi_public')::boolean THEN '改為準公共' ELSE '退出準公共' END
    ELSE c.reason END`;

/** A record of a source's first picture that had ended before it came. */
const ENDED_ON_ARRIVAL = `c.entity = 'assignment' AND c.action = 'add' AND c.after->>'endReason' IS NOT NULL`;

export async function countChanges(
  db: Handle,
  runId: number,
  institutionKeys: string[] | null,
  firstSources: FirstSources,
): Promise<ChangeCount[]> {
  const { rows } = await db.raw(
    `SELECT c.entity, c.action,
            CASE WHEN ${ENDED_ON_ARRIVAL} AND c.source = ANY(?::text[]) THEN '首次登錄（已離開）'
                 WHEN c.entity = 'account' AND c.action = 'add' AND c.source = ANY(?::text[]) THEN '首次登錄（帳號）'
                 WHEN c.entity = 'institution' AND c.action = 'add' AND c.source = ANY(?::text[]) THEN '首次登錄（機構）'
                 ELSE ${GROUP} END AS reason,
            c.rule, count(*) AS count
     FROM ops.plan_change c WHERE c.run_id = ? AND (?::text[] IS NULL OR c.institution_key = ANY(?::text[]))
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 5 DESC, 3, 4`,
    [
      firstSources.staff,
      firstSources.accounts,
      firstSources.institutions,
      runId,
      institutionKeys,
      institutionKeys,
    ] as never,
  );
  return rows;
}

/** Sources whose very first picture this run took in, by what they speak for. */
export interface FirstSources {
  staff: string[];
  accounts: string[];
  institutions: string[];
}

export async function firstSources(db: Handle, runId: number): Promise<FirstSources> {
  const before = (entity: string): string =>
    `EXISTS (SELECT 1 FROM ops.run r JOIN ops.plan_change e ON e.run_id = r.id
             WHERE r.id < ? AND r.recorded_at IS NOT NULL AND e.entity = '${entity}' AND e.source = s.source)`;
  const adding = (entity: string): string =>
    `(SELECT DISTINCT source FROM ops.plan_change WHERE run_id = ? AND entity = '${entity}' AND action = 'add') AS s`;
  const { rows } = await db.raw(
    `SELECT ARRAY(SELECT DISTINCT source FROM ops.plan_change WHERE run_id = ? AND entity = 'assignment' AND action = 'add' AND reason = '首次登錄') AS staff,
            ARRAY(SELECT source FROM ${adding('account')} WHERE NOT ${before('account')}) AS accounts,
            ARRAY(SELECT source FROM ${adding('institution')} WHERE NOT ${before('institution')}) AS institutions`,
    [runId, runId, runId, runId, runId],
  );
  return rows[0];
}

export interface FirstLoadRow {
  institution_key: string;
  people: number;
  already_ended: number;
  accounts: number;
}

export async function firstLoadCounts(db: Handle, runId: number, first: FirstSources): Promise<FirstLoadRow[]> {
  const { rows } = await db.raw(
    `SELECT institution_key, count(*) FILTER (WHERE c.entity = 'assignment' AND c.reason = '首次登錄') AS people,
            count(*) FILTER (WHERE ${ENDED_ON_ARRIVAL}) AS already_ended, count(*) FILTER (WHERE c.entity = 'account') AS accounts
     FROM ops.plan_change c
     WHERE c.run_id = ? AND c.action = 'add'
       AND (c.entity = 'assignment' AND (c.reason = '首次登錄' OR (${ENDED_ON_ARRIVAL} AND c.source = ANY(?::text[])))
            OR c.entity = 'account' AND c.source = ANY(?::text[]))
     GROUP BY institution_key ORDER BY institution_key COLLATE "C"`,
    [runId, first.staff, first.accounts],
  );
  return rows;
}

export interface PersonChangeRow {
  entity: 'person' | 'assignment';
  action: 'add' | 'change' | 'end';
  group: string;
  institution_key: string;
  person_ref: string;
  person: number | null;
  name: string;
  effective: string;
  registered_at: string;
  rule: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** Of an arrival: the institution of the person's newest spell elsewhere that had ended by the run. */
  came_from: string | null;
  /** Of an end for a registration elsewhere: the institution of the record that took the person over. */
  went_to: string | null;
}

/** @param at recorded moment of the run; `infinity` where it was not applied */
export async function personChanges(
  db: Handle,
  runId: number,
  at: string,
  first: FirstSources,
): Promise<PersonChangeRow[]> {
  const { rows } = await db.raw(
    `SELECT c.entity, c.action, ${GROUP} AS "group", c.institution_key, c.person_ref, who.id AS person, coalesce(n.name, r.name, c.after->>'name') AS name,
            c.effective, c.registered_at, c.rule, c.before, c.after, f.institution_key AS came_from, g.institution_key AS went_to
     FROM ops.plan_change c
     LEFT JOIN warehouse.assignment a ON c.entity = 'assignment' AND a.id = c.entity_id
     CROSS JOIN LATERAL (SELECT CASE WHEN c.entity = 'person' THEN c.entity_id ELSE a.person_id END AS id) AS who
     LEFT JOIN LATERAL (SELECT v.name FROM warehouse.person_version v WHERE v.person_id = who.id AND v.recorded_from <= ?::timestamptz
                        ORDER BY v.recorded_from DESC, v.valid_to DESC LIMIT 1) AS n ON true
     LEFT JOIN landing.staff_record r ON r.source = c.source AND r.key = c.source_key
     LEFT JOIN LATERAL (
       SELECT i.source || ':' || i.source_key AS institution_key FROM warehouse.assignment o
       JOIN warehouse.assignment_version v ON v.assignment_id = o.id AND v.valid_from < v.valid_to AND v.valid_to < 'infinity' AND v.end_reason IS NOT NULL AND v.recorded_from <= ?::timestamptz AND (v.recorded_to > ?::timestamptz OR v.recorded_to = 'infinity')
       JOIN warehouse.institution i ON i.id = o.institution_id
       WHERE c.reason = '轉入' AND o.person_id = who.id AND o.institution_id <> a.institution_id
       ORDER BY v.valid_to DESC, v.recorded_from DESC LIMIT 1) AS f ON true
     LEFT JOIN LATERAL (
       SELECT i.source || ':' || i.source_key AS institution_key FROM warehouse.assignment t JOIN warehouse.institution i ON i.id = t.institution_id
       WHERE t.source = split_part(c.after->>'takenBy', ' ', 1) AND t.source_key = substr(c.after->>'takenBy', strpos(c.after->>'takenBy', ' ') + 1)
       ORDER BY t.spell DESC LIMIT 1) AS g ON true
     WHERE c.run_id = ?
       AND (c.entity = 'person' AND (c.action = 'change' OR c.reason IN ('${JOINED}', '${PARTED}'))
            OR c.entity = 'assignment' AND c.reason <> '首次登錄'
               AND NOT (${ENDED_ON_ARRIVAL} AND c.source = ANY(?::text[]) AND c.reason <> '轉校'))
     ORDER BY c.institution_key COLLATE "C", c.effective, coalesce(n.name, r.name) COLLATE "C", c.seq`,
    [at, at, at, runId, first.staff],
  );
  return rows;
}

export interface AccountChangeRow {
  group: string;
  institution_key: string;
  account_name: string;
  effective: string;
  rule: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** The identifier of the holder is another one; its pseudonym stays in the warehouse. */
  holder_changed: boolean;
}

export async function accountChanges(db: Handle, runId: number, first: FirstSources): Promise<AccountChangeRow[]> {
  const { rows } = await db.raw(
    `SELECT c.reason AS "group", c.institution_key, coalesce(a.account_name, c.after->>'account_name') AS account_name, c.effective, c.rule,
            c.before - 'id_hmac' AS before, c.after - 'id_hmac' AS after,
            c.action = 'change' AND c.before->>'id_hmac' IS DISTINCT FROM c.after->>'id_hmac' AS holder_changed
     FROM ops.plan_change c LEFT JOIN warehouse.account a ON a.source = c.source AND a.source_key = c.source_key
     WHERE c.run_id = ? AND c.entity = 'account' AND NOT (c.action = 'add' AND c.source = ANY(?::text[]))
     ORDER BY c.institution_key COLLATE "C", c.seq`,
    [runId, first.accounts],
  );
  return rows;
}

export interface InstitutionChangeRow {
  action: 'add' | 'change' | 'end';
  group: string;
  institution_key: string;
  effective: string;
  rule: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export async function institutionChanges(
  db: Handle,
  runId: number,
  first: FirstSources,
): Promise<InstitutionChangeRow[]> {
  const { rows } = await db.raw(
    `SELECT c.action, ${GROUP} AS "group", c.institution_key, c.effective, c.rule, c.before, c.after
     FROM ops.plan_change c
     WHERE c.run_id = ? AND c.entity = 'institution' AND NOT (c.action = 'add' AND c.source = ANY(?::text[])) ORDER BY c.seq`,
    [runId, first.institutions],
  );
  return rows;
}
