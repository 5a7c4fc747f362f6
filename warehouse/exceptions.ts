/**
 * Exceptions: what a person must look at. A run finds; here findings open what is new, keep what is known (never reopened nightly) and close
 * what is no longer found. Those that hang on a person are judged only when that person was looked at and could be decided; the others are found afresh from the whole state, and so is
 * whether what a school must hear of was heard.
 */
import { ACCOUNT_FINDINGS, type AccountQuestions, type WholeState } from './account-findings.ts';
import { DAY, prepareAccountFindings } from './account-standing.ts';
import { UNDECIDED } from './apply/set-aside.ts';
import type { Transaction } from './connect.ts';
import { waitingRecords } from './matching/waiting.ts';
import { lastAppliedRun } from './plans.ts';
import { notSuppressed } from './suppressions.ts';
import { TOLD, TOLD_FINDINGS } from './told-findings.ts';
import { inForce } from './views/in-force.ts';

/** Codes found from the whole state by every run; each is one statement giving (institution_key, subject, params) of the run's business day. */
const WHOLE_STATE: readonly WholeState[] = [
  [
    'missing-from-roster',
    `SELECT i.source || ':' || i.source_key, r.source, jsonb_build_object('people', count(*))
     FROM landing.staff_record r JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${inForce('v', DAY)}
     JOIN warehouse.institution i ON i.id = a.institution_id
     WHERE r.missing_since IS NOT NULL AND r.end_on IS NULL
       AND NOT EXISTS (SELECT 1 FROM ops.held_record m JOIN ops.held_plan p USING (run_id, hold_key)
                       WHERE m.run_id = :run AND m.what = 'missing' AND p.state = 'held' AND m.source = r.source AND m.key = r.key)
       AND NOT EXISTS (SELECT 1 FROM ops.held_change h
                       WHERE h.run_id = :run AND h.entity = 'assignment' AND h.action = 'end' AND h.entity_id = a.id)
     GROUP BY 1, 2`,
  ],
  // I6: of the city one matter; a school is told of its own.
  [
    'plan-held',
    `SELECT CASE WHEN p.hold_key NOT LIKE '*city:%' THEN p.hold_key END, CASE WHEN p.hold_key LIKE '*city:%' THEN 'city' END, jsonb_build_object('changes', p.changes, 'missing', p.missing)
     FROM ops.held_plan p WHERE p.run_id = :run AND p.state = 'held'`,
  ],
  // Discarded or expired: nobody is asked again, and yet the source and the roster do not agree.
  [
    'plan-kept-out',
    `SELECT CASE WHEN p.hold_key NOT LIKE '*city:%' THEN p.hold_key END, CASE WHEN p.hold_key LIKE '*city:%' THEN 'city' END, jsonb_build_object('changes', p.changes, 'missing', p.missing)
     FROM ops.held_plan p WHERE p.run_id = :run AND p.state = 'kept-out'`,
  ],
  // What was undone stays out although the source still says it.
  [
    'reverted-kept-out',
    `SELECT i.source || ':' || i.source_key, w.source, jsonb_build_object('records', count(DISTINCT (w.kind, w.key)))
     FROM landing.reverted_word w
     LEFT JOIN LATERAL (
       SELECT a.institution_id FROM warehouse.assignment a WHERE w.kind = 'staff' AND a.source = w.source AND a.source_key = w.key
       UNION SELECT a.institution_id FROM warehouse.account a WHERE w.kind = 'account' AND a.source = w.source AND a.source_key = w.key
       UNION SELECT o.id FROM warehouse.institution o WHERE w.kind = 'institution' AND o.source = w.source AND o.source_key = w.key) AS o ON true
     LEFT JOIN warehouse.institution i ON i.id = o.institution_id
     WHERE w.lifted_run_id IS NULL GROUP BY 1, 2`,
  ],
  // I12: closes with the next complete list of the source in which every row can be told whose it is.
  [
    'missing-not-judged',
    `SELECT NULL, d.source, jsonb_build_object('known', d.notes->'notJudged', 'rows', d.notes->'nameless')
     FROM landing.delivery d WHERE d.complete AND d.notes->'notJudged' IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM landing.delivery n WHERE n.source = d.source AND n.complete AND n.id > d.id)`,
  ],
  // Closes with the next complete list of the source.
  [
    'record-keys-changed',
    `SELECT (SELECT CASE count(DISTINCT i.id) WHEN 1 THEN min(i.source || ':' || i.source_key) END FROM warehouse.institution_code c
             JOIN warehouse.institution i ON i.id = c.institution_id WHERE c.code = u->>'institution' AND c.system IN ('school', 'care')),
            d.source, u - 'source' - 'institution'
     FROM landing.delivery d CROSS JOIN LATERAL (SELECT CAST(t AS jsonb) AS u FROM jsonb_array_elements_text(d.notes->'keysChanged') AS t) AS units
     WHERE d.complete AND d.notes->'keysChanged' IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM landing.delivery n WHERE n.source = d.source AND n.complete AND n.id > d.id)`,
  ],
  // Of whom a complete list has no more is asked already (I12). Closes once the earlier holder of the number is spoken of again.
  [
    'record-key-reused',
    `SELECT i.source || ':' || i.source_key, k.source, jsonb_build_object('people', count(*))
     FROM landing.key_alias k JOIN landing.staff_record r ON r.source = k.source AND r.key = k.key
     JOIN landing.staff_record n ON n.source = k.source AND n.key = k.record_key
     JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${inForce('v', DAY)}
     JOIN warehouse.institution i ON i.id = a.institution_id
     WHERE starts_with(k.record_key, k.key || '~') AND r.missing_since IS NULL AND r.end_on IS NULL AND n.missing_since IS NULL
       AND r.run_id < n.run_id AND NOT EXISTS (SELECT 1 FROM landing.key_alias o WHERE o.source = k.source AND o.record_key = r.key) GROUP BY 1, 2`,
  ],
  // What deltas could not say; the next complete list of the source says it.
  [
    'oneroster-changes-without-role',
    `SELECT NULL, d.source, jsonb_build_object('people', sum((d.notes->>'usersWithoutRole')::int))
     FROM landing.delivery d WHERE d.notes->'usersWithoutRole' IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM landing.delivery n WHERE n.source = d.source AND n.complete AND n.id > d.id) GROUP BY d.source`,
  ],
  [
    'weak-identity',
    `SELECT i.source || ':' || i.source_key, r.source, jsonb_build_object('people', count(*))
     FROM landing.staff_record r JOIN warehouse.assignment a ON a.source = r.source AND a.source_key = r.key
     JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND ${inForce('v', DAY)}
     JOIN warehouse.institution i ON i.id = a.institution_id
     WHERE r.id_hmac IS NULL OR NOT r.id_strong GROUP BY 1, 2`,
  ],
  [
    'pending-without-previous',
    `SELECT p.source || ':' || p.institution_code, p.kind, jsonb_build_object('records', count(*))
     FROM landing.pending p WHERE NOT p.has_previous GROUP BY p.source, p.institution_code, p.kind`,
  ],
  [
    'rows-quarantined',
    `SELECT NULL, q.source, jsonb_build_object('rows', count(*)) FROM landing.quarantine q WHERE q.resolved_run_id IS NULL AND q.severity = 'row' GROUP BY q.source`,
  ],
  [
    'old-file-sent-again',
    `SELECT NULL, d.source, jsonb_build_object('first', to_char(d.as_of, 'YYYY-MM-DD HH24:MI'), 'sent', to_char(d.resent_at, 'YYYY-MM-DD HH24:MI'))
     FROM landing.delivery d WHERE d.resent_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM landing.delivery n WHERE n.source = d.source AND n.as_of > d.resent_at)`,
  ],
  [
    'institution-no-longer-listed',
    `SELECT coalesce(i.source || ':' || i.source_key, r.source || ':' || r.key), r.source, '{}'::jsonb
     FROM landing.institution_record r
     LEFT JOIN warehouse.institution_code c ON c.code = r.code AND c.section = r.section
     LEFT JOIN warehouse.institution i ON i.id = c.institution_id
     LEFT JOIN warehouse.institution_version v ON v.institution_id = i.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
     WHERE r.missing_since IS NOT NULL AND coalesce(v.status, r.status) <> '停辦'
       AND NOT EXISTS (SELECT 1 FROM landing.institution_record o WHERE o.code = r.code AND o.section = r.section AND o.missing_since IS NULL
                         AND split_part(o.source, '/', 1) = split_part(r.source, '/', 1))`,
  ],
  [
    'map-outside-care-system',
    `SELECT r.source || ':' || r.key, r.source, '{}'::jsonb
     FROM landing.institution_record r
     WHERE r.missing_since IS NULL AND r.section = '幼兒園' AND r.code ~ '^[0-9]{10}'
       AND NOT EXISTS (SELECT 1 FROM warehouse.institution_code c WHERE c.system = 'care' AND c.code = r.code)
       AND NOT EXISTS (SELECT 1 FROM ops.held_change h WHERE h.run_id = :run AND h.entity = 'institution' AND h.source = r.source AND h.source_key = r.key)`,
  ],
  [
    'source-drifted',
    `SELECT NULL, s.source, jsonb_build_object('changes', sum(jsonb_array_length(s.drift))) FROM landing.source_shape s
     WHERE s.drift <> '[]' GROUP BY s.source`,
  ],
  [
    'delivery-set-aside',
    `SELECT NULL, source, jsonb_build_object('files', string_agg(DISTINCT f, '、' ORDER BY f))
     FROM (SELECT source, notes FROM landing.delivery d
           WHERE notes->'setAside' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM landing.delivery n WHERE n.source = d.source AND n.id > d.id)
           UNION SELECT source, notes FROM ops.run_source WHERE run_id = :run AND notes->'setAside' IS NOT NULL) AS told
     CROSS JOIN LATERAL (SELECT regexp_replace(f, ': [a-z-]+$', '') AS f FROM jsonb_array_elements_text(notes->'setAside') AS f) AS files
     GROUP BY source`,
  ],
  [
    'listed-kindergartens-unmatched',
    `SELECT NULL, c.source, jsonb_build_object('institutions', count(*)) FROM review.institution_candidate c GROUP BY c.source`,
  ],
];

const FINGERPRINT = `sha256(convert_to(concat_ws('|', code, coalesce(institution_key, ''), coalesce(subject, '')), 'UTF8'))`;

/** What failed when it was last heard still has, where this run did not listen. */
const STILL_FAILED = `
  SELECT :run, e.code, NULL, e.subject, e.params FROM review.exception e
  WHERE e.code = 'source-failed' AND e.closed_at IS NULL AND split_part(e.subject, '/', 1) = ANY(:unheard)`;

/**
 * Adds the findings of the whole state to those that reconcile made. A source that failed is one of them.
 * @param unheard configured sources that the run did not listen to
 * @param questions what is asked of accounts, as configured
 */
export async function findInWholeState(
  trx: Transaction,
  runId: number,
  unheard: readonly string[],
  questions: AccountQuestions,
): Promise<void> {
  const bindings = { run: runId, ...questions, kinds: JSON.stringify(questions.kinds) };
  await prepareAccountFindings(trx, bindings);
  for (const [code, sql] of [...WHOLE_STATE, ...TOLD_FINDINGS, ...ACCOUNT_FINDINGS]) {
    await trx.raw(
      `INSERT INTO ops.finding (run_id, code, institution_key, subject, params) SELECT :run, '${code}', f.* FROM (${sql}) AS f`,
      bindings,
    );
  }
  await trx.raw(
    `INSERT INTO ops.finding (run_id, code, institution_key, subject, params)
     SELECT run_id, 'source-failed', NULL, source, jsonb_build_object('why', error_code) FROM ops.run_source WHERE run_id = :run AND status = 'failed'
     UNION ALL ${STILL_FAILED}`,
    { run: runId, unheard },
  );
}

/**
 * Closes what is open and not in `found`; what hangs on a record only where that was looked at. Each list is made once and asked by its hash: looked up per open
 * exception, a quiet night would pay for their number squared.
 */
export const CLOSE_GONE = `
  UPDATE review.exception e SET closed_run_id = :run, closed_at = CAST(:at AS timestamptz)
  WHERE e.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM found f WHERE f.fingerprint = e.fingerprint)
    AND (e.person_ref IS NULL OR e.code IN (${TOLD})
         OR e.subject IN (SELECT m.source || ' ' || m.key FROM ops.run_match m WHERE m.run_id = :run
                          AND NOT EXISTS (SELECT 1 FROM found f WHERE f.code IN (${UNDECIDED}) AND f.person_ref = m.person_ref)
                          AND NOT EXISTS (SELECT 1 FROM ops.held_change h WHERE h.run_id = m.run_id AND h.person_ref = m.person_ref))
         OR (e.person_ref = 'account'
             AND e.subject IN (SELECT source || ' ' || key FROM landing.account_record WHERE run_id > :last
                               UNION SELECT source || ' ' || key FROM (${waitingRecords('account')}) AS waiting)))`;

/** @returns how many exceptions were opened and closed, and how many are open now; what somebody put aside is counted as neither opened nor open */
export async function settleExceptions(
  trx: Transaction,
  runId: number,
  recordedAt: string,
): Promise<{ opened: number; closed: number; open: number }> {
  await trx.raw('DROP TABLE IF EXISTS found');
  await trx.raw(
    `CREATE TEMP TABLE found ON COMMIT DROP AS
     SELECT DISTINCT ON (fingerprint) * FROM (SELECT f.*, ${FINGERPRINT} AS fingerprint FROM ops.finding f WHERE run_id = ?) AS f
     ORDER BY fingerprint, params::text`,
    [runId],
  );
  await trx.raw('ANALYZE found');
  const last = await lastAppliedRun(trx);
  const closed = await trx.raw(CLOSE_GONE, { run: runId, at: recordedAt, last });
  await trx.raw(
    `UPDATE review.exception e SET params = f.params FROM found f
     WHERE e.closed_at IS NULL AND e.fingerprint = f.fingerprint AND e.params <> f.params`,
  );
  await trx.raw(
    `INSERT INTO review.exception (code, fingerprint, institution_key, subject, person_ref, params, opened_run_id, opened_at)
     SELECT code, fingerprint, institution_key, subject, person_ref, params, ?, ?::timestamptz FROM found f
     WHERE NOT EXISTS (SELECT 1 FROM review.exception e WHERE e.closed_at IS NULL AND e.fingerprint = f.fingerprint)
     ORDER BY code, institution_key, subject`,
    [runId, recordedAt],
  );
  const { rows } = await trx.raw(
    `SELECT count(*) AS open, count(*) FILTER (WHERE e.opened_run_id = :run) AS opened
     FROM review.exception e WHERE e.closed_at IS NULL AND ${notSuppressed('e', '(SELECT clock FROM ops.run WHERE id = :run)')}`,
    { run: runId },
  );
  return { opened: rows[0].opened, closed: closed.rowCount ?? 0, open: rows[0].open };
}
