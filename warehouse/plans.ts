/** What the plan of a run is made of: what differs, read group by group. */
import type { AccountRow, InstitutionRow, StaffRow } from '../schemas/plan.ts';
import { blockingCourses } from './account-courses.ts';
import { digestOf } from './account-words.ts';
import type { Transaction } from './connect.ts';
import { inTurn } from './in-turn.ts';
import { underJudgement } from './judgements.ts';
import { underManualValue } from './manual-values.ts';
import { LOOKUP_JOIN } from './matching/institutions.ts';
import { heldRecords, waitingRecords } from './matching/waiting.ts';
import { isSetAside } from './reverts/reverted-words.ts';

/** The newest run whose plan was applied; 0 when there is none. What was landed after it is what reconcile must look at. */
export async function lastAppliedRun(trx: Transaction): Promise<number> {
  const { rows } = await trx.raw('SELECT coalesce(max(id), 0) AS id FROM ops.run WHERE recorded_at IS NOT NULL');
  return rows[0].id;
}

/** Fresh statistics where a run landed much: a plan made on old ones joins a million rows one by one. */
export async function analyzePictures(trx: Transaction, runId: number): Promise<void> {
  const { rows } = await trx.raw(
    'SELECT coalesce(sum(accepted), 0)::bigint AS n FROM ops.run_source WHERE run_id = ?',
    [runId],
  );
  if (rows[0].n >= 1000) {
    await trx.raw('ANALYZE landing.institution_record; ANALYZE landing.staff_record; ANALYZE landing.account_record');
  }
}

/** Reads a query in blocks through a cursor, so that a million rows never sit in memory. The next block is on its way while one is looked at. */
export async function* inBlocks<Row>(
  trx: Transaction,
  name: string,
  sql: string,
  bindings: Record<string, unknown>,
  blockRows = 250,
): AsyncGenerator<Row[]> {
  const fetch = async (): Promise<Row[]> => (await inTurn(trx, () => trx.raw(`FETCH ${blockRows} FROM ${name}`))).rows;
  await trx.raw(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, bindings as never);
  let next = fetch();
  try {
    for (let rows = await next; rows.length > 0; rows = await next) {
      next = fetch();
      // It is awaited when its turn comes; who stops before is told by what stopped him.
      next.catch(() => undefined);
      yield rows;
    }
  } finally {
    await next.catch(() => undefined);
    await trx.raw(`CLOSE ${name}`);
  }
}

/** A version that says of some day that the person served; what stands for a withdrawn spell says so of none. */
const SERVED = 'w.valid_from < w.valid_to';
const KNOWN = `w.recorded_to = 'infinity' AND ${SERVED}`;
const newest = (column: string): string =>
  `(array_agg(w.${column} ORDER BY w.valid_to DESC) FILTER (WHERE ${KNOWN}))[1]`;

/** Whether the newest spell of a record `r` is at another institution than the record by now. An institution that another source took over is the same. */
const MOVED = `s.institution_id IS NOT NULL AND i.institution_key IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM warehouse.institution_code c
    WHERE c.institution_id = s.institution_id AND c.system IN ('school', 'care') AND c.code = r.institution_code
      AND (i.path = 'kindergarten' OR r.institution_section IS NULL OR c.section = r.institution_section))`;

/**
 * A spell that was taken back by an undone run is given anew under its number and id where it is of the same institution; else its number is never used again.
 * Null where the next number is the one after the newest spell.
 */
const VACANT = `CASE WHEN s.withdrawn IS NOT NULL THEN coalesce((
    SELECT f - 'institution' FROM jsonb_array_elements(s.withdrawn) AS f JOIN warehouse.institution o ON o.id = (f->>'institution')::bigint
    WHERE (f->>'spell')::integer > coalesce(s.known, 0) AND o.source || ':' || o.source_key = i.institution_key ORDER BY (f->>'spell')::integer LIMIT 1),
    jsonb_build_object('id', NULL, 'spell', s.last + 1)) END`;

/** Whether the record for which the newest spell of a record was closed is by now another person's. */
const TAKER_PARTED = `CASE WHEN s.standing->-1->>'taken_by' IS NULL THEN false ELSE EXISTS (
    SELECT 1 FROM warehouse.assignment t LEFT JOIN joined_person tj ON tj.person_id = coalesce(t.home_id, t.person_id)
    WHERE t.source = split_part(s.standing->-1->>'taken_by', ' ', 1)
      AND t.source_key = substr(s.standing->-1->>'taken_by', strpos(s.standing->-1->>'taken_by', ' ') + 1)
      AND t.spell = 1 AND coalesce(tj.survivor_id, t.home_id, t.person_id) <> m.person_id) END`;

const STAFF_SQL = `
  SELECT m.person_ref, m.person_id, CASE WHEN s.person_id <> m.person_id THEN s.person_id END AS was_person, j.judgement_id AS joined_by, j.decided_at AS joined_at, ${TAKER_PARTED} AS taker_parted, CASE WHEN r.source = ANY(:care) THEN 'kindergarten' ELSE 'school' END AS path,
         r.source, r.key, i.institution_key, k.source IS NOT NULL AS known_source, r.name, r.name_key, r.sex, r.birth_date, r.title, r.title_code, r.subjects, r.is_primary,
         r.primary_since, r.start_on, r.end_on, r.end_reason, r.on_leave, r.leave_changed_on, r.email, r.phone, r.certificate_no, r.registered_at, r.object_id, r.row_no,
         ${MOVED} AS moved, r.missing_since IS NOT NULL AS missing, ${isSetAside('staff', 'r')} AS set_aside, (r.run_id > :last OR (r.source, r.key) IN (${waitingRecords('staff')} UNION ${underManualValue('person')} UNION ${underJudgement})) AS fresh, ${VACANT} AS vacant, s.standing->-1 || jsonb_build_object('earlier', s.standing - -1, 'last', s.last) AS spell, CASE WHEN p.name IS NOT NULL THEN to_jsonb(p) END AS person
  FROM ops.run_match m
  JOIN landing.staff_record r ON r.source = m.source AND r.key = m.key
  LEFT JOIN institution_lookup i ON ${LOOKUP_JOIN}
  LEFT JOIN known_staff_source k ON k.source = r.source
  LEFT JOIN LATERAL (
    SELECT max(a.spell) AS last, max(a.person_id) AS person_id, (array_agg(a.institution_id ORDER BY a.spell DESC))[1] AS institution_id, max(a.spell) FILTER (WHERE h.known) AS known,
           jsonb_agg(jsonb_build_object('id', a.id, 'spell', a.spell, 'institution', a.institution_id) ORDER BY a.spell) FILTER (WHERE NOT h.known) AS withdrawn,
           jsonb_agg(to_jsonb(h) - 'known' ORDER BY a.spell) FILTER (WHERE h.stretches IS NOT NULL) AS standing
    FROM warehouse.assignment a
    CROSS JOIN LATERAL (
      SELECT a.id, a.spell, coalesce(bool_or(w.recorded_to = 'infinity'), false) AS known, nullif(coalesce(${newest('began')}, min(w.valid_from) FILTER (WHERE ${KNOWN})), '-infinity') AS began,
             ${newest('valid_to')} AS valid_to, ${newest('end_reason')} AS end_reason, ${newest('rule')} AS rule, ${newest('taken_by')} AS taken_by, ${newest('is_primary')} AS is_primary,
             jsonb_agg(jsonb_build_object('from', w.valid_from, 'to', w.valid_to, 'title', w.title, 'titleCode', w.title_code, 'subjects', w.subjects,
                                          'isPrimary', w.is_primary, 'onLeave', w.on_leave, 'endReason', w.end_reason, 'began', w.began) ORDER BY w.valid_from)
               FILTER (WHERE ${KNOWN}) AS stretches
      FROM warehouse.assignment_version w WHERE w.assignment_id = a.id) AS h
    WHERE a.source = r.source AND a.source_key = r.key) AS s ON true
  LEFT JOIN joined_person j ON j.person_id = s.person_id AND s.person_id <> m.person_id
  LEFT JOIN LATERAL (
    SELECT v.name, v.name_key, v.sex, v.birth_date, v.email, v.phone, v.certificate_no
    FROM warehouse.person_version v
    WHERE v.person_id = m.person_id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity') AS p ON true
  WHERE m.run_id = :run AND NOT (r.missing_since IS NOT NULL AND s.last IS NULL)
  ORDER BY m.person_ref COLLATE "C", r.source COLLATE "C", r.key COLLATE "C"`;

/** Staff rows ordered by person; needs `institution_lookup` and `joined_person`. A record that gave rise to nothing (it was held) and that a newer list no longer holds says nothing. */
export async function* touchedStaff(
  trx: Transaction,
  runId: number,
  lastApplied: number,
  careSources: readonly string[],
): AsyncGenerator<StaffRow[]> {
  await trx.raw('DROP TABLE IF EXISTS known_staff_source');
  await trx.raw(
    'CREATE TEMP TABLE known_staff_source ON COMMIT DROP AS SELECT DISTINCT source FROM warehouse.assignment',
  );
  yield* inBlocks<StaffRow>(trx, 'touched_staff', STAFF_SQL, { run: runId, last: lastApplied, care: careSources });
}

/**
 * Institution records landed since the last applied run, held, or under a value set by hand, that count for their institution, with it as known now; needs `standing_institution`. One
 * known so far from another source is found by its code: that source had the word before.
 */
export const touchedInstitutions = (
  trx: Transaction,
  runId: number,
  lastApplied: number,
): AsyncGenerator<InstitutionRow[]> =>
  inBlocks<InstitutionRow>(
    trx,
    'touched_institutions',
    `SELECT r.source, r.key, s.path, s.system, r.code, r.section, r.name, r.ownership, r.legal_class, r.quasi_public, r.district, r.address, r.phone,
            r.principal, r.parent_school_code, r.status, r.registered_at, r.object_id, r.row_no, i.id AS institution_id, ${isSetAside('institution', 'r')} AS set_aside,
            i.source || ':' || i.source_key AS known_as, CASE WHEN v.institution_id IS NOT NULL THEN to_jsonb(v) END AS current
     FROM landing.institution_record r
     JOIN standing_institution s ON s.source = r.source AND s.key = r.key
     LEFT JOIN warehouse.institution o ON o.source = r.source AND o.source_key = r.key
     LEFT JOIN warehouse.institution_code c ON c.system = s.system AND c.code = r.code AND c.section = r.section
     LEFT JOIN warehouse.institution i ON i.id = coalesce(o.id, c.institution_id)
     LEFT JOIN warehouse.institution_version v ON v.institution_id = i.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     WHERE (r.run_id > :last OR (r.source, r.key) IN (${heldRecords(`'institution'`)} UNION ${underManualValue('institution')}))
       AND (NOT ${isSetAside('institution', 'r')} OR (r.source, r.key) IN (${underManualValue('institution')}))
     ORDER BY r.source COLLATE "C", r.key COLLATE "C"`,
    { run: runId, last: lastApplied },
  );

const ONE_PERSON = `EXISTS (
  SELECT 1 FROM warehouse.person_identifier p JOIN warehouse.person_identifier q ON q.person_id = p.person_id
  WHERE p.hmac = r.id_hmac AND q.hmac = v.id_hmac)`;

/**
 * R18: an older word counts for nothing once there is a newer one, nor does any where the school says something else by now, nor once the matter that it answers is closed: who asks
 * again asks anew. What is held closed its matter, and is still that.
 */
const CONFIRMED = `coalesce((w.account_kind, w.state) = (r.account_kind, r.state), false)
  AND (w.id_hmac, w.holder_name) IS NOT DISTINCT FROM (r.id_hmac, r.holder_name)
  AND (EXISTS (SELECT 1 FROM review.exception e WHERE e.id = w.exception_id AND e.closed_at IS NULL) OR (r.source, r.key) IN (${heldRecords(`'account'`)}))`;

/** The account is known at another institution than the row names. One that another source took over is the same. */
const SECTION_MOVED = `a.id IS NOT NULL AND i.institution_key IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM warehouse.institution_code c
    WHERE c.institution_id = a.institution_id AND c.system IN ('school', 'care') AND c.code = r.institution_code
      AND (i.path = 'kindergarten' OR r.institution_section IS NULL OR c.section = r.institution_section))`;

/** Selects (source, key) of accounts that the centre's word is known of: whether it agrees with the school's is found afresh every night. */
const WORDED = 'SELECT source, source_key FROM review.account_word';

/** Account records landed since the last applied run, waiting, with a word of the centre, or under a value set by hand, with the account as known now; needs `institution_lookup`. */
export const touchedAccounts = (
  trx: Transaction,
  runId: number,
  lastApplied: number,
  careSources: readonly string[],
): AsyncGenerator<AccountRow[]> =>
  inBlocks<AccountRow>(
    trx,
    'touched_accounts',
    `SELECT r.source, r.key, i.institution_key, r.account_name, r.account_kind, encode(r.id_hmac, 'hex') AS id_hmac, r.holder_name, r.state,
            r.enabled_on, r.last_login_at, r.applied_by, r.enabled_by, k.code IS NULL AS first_picture, r.missing_since IS NOT NULL AS missing, ${SECTION_MOVED} AS moved, ${ONE_PERSON} AS one_person,
            ${CONFIRMED} AS confirmed, w.state AS centre_state, ${isSetAside('account', 'r')} AS set_aside, ${digestOf('r')} AS digest, r.registered_at, r.object_id, r.row_no, a.id AS account_id, CASE WHEN r.state = '刪除' THEN ${blockingCourses('r')} END AS blocking,
            CASE WHEN v.account_id IS NOT NULL THEN to_jsonb(v) || jsonb_build_object('id_hmac', encode(v.id_hmac, 'hex')) END AS current
     FROM landing.account_record r
     LEFT JOIN institution_lookup i ON ${LOOKUP_JOIN}
     LEFT JOIN (SELECT DISTINCT c.code FROM warehouse.account a JOIN warehouse.institution_code c ON c.institution_id = a.institution_id AND c.system IN ('school', 'care')) AS k
       ON k.code = r.institution_code
     LEFT JOIN warehouse.account a ON a.source = r.source AND a.source_key = r.key
     LEFT JOIN LATERAL (SELECT * FROM warehouse.account_version v WHERE v.account_id = a.id AND v.recorded_to = 'infinity'
                        ORDER BY v.valid_to DESC, v.valid_from DESC LIMIT 1) AS v ON true
     LEFT JOIN LATERAL (SELECT * FROM review.account_word w WHERE w.source = r.source AND w.source_key = r.key ORDER BY w.id DESC LIMIT 1) AS w ON true
     WHERE (r.source, r.key) IN (SELECT source, key FROM landing.account_record WHERE run_id > :last UNION ${waitingRecords('account')} UNION ${underManualValue('account')} UNION ${WORDED})
       AND (NOT ${isSetAside('account', 'r')} OR (r.source, r.key) IN (${underManualValue('account')})) AND NOT (r.missing_since IS NOT NULL AND a.id IS NULL)
     ORDER BY r.source COLLATE "C", r.key COLLATE "C"`,
    { run: runId, last: lastApplied, care: careSources },
  );
