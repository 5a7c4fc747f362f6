/**
 * Matters that a school must have heard of. What was found in the night of a change hangs on the record, and looking at the person again for another reason (a title that
 * another school corrects, a value set by hand, a judgement) finds it no more. So what is open is asked of the state, not of the plan, and stays open with its age until
 * the school itself has spoken. Only what is open is read: a quiet night pays for that, and not for every spell that ever ended.
 */
import type { WholeState } from './account-findings.ts';

/** Open matters `e` of a code with their record `r`: one look into the index for each, whatever the statistics say. */
const openOf = (code: string): string => `
  (SELECT * FROM review.exception WHERE closed_at IS NULL AND code = '${code}' OFFSET 0) AS e
  CROSS JOIN LATERAL (SELECT * FROM landing.staff_record s
                      WHERE s.source = split_part(e.subject, ' ', 1) AND s.key = substr(e.subject, strpos(e.subject, ' ') + 1) LIMIT 1) AS r`;

/** The days of the record `r` that stand, as recorded now. */
const STANDING = `
  SELECT v.valid_from, v.valid_to, v.taken_by FROM warehouse.assignment a
  JOIN warehouse.assignment_version v ON v.assignment_id = a.id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to
  WHERE a.source = r.source AND a.source_key = r.key`;

/**
 * Whether the school sent something since that settles it, and was told by the receipt: its list has the person no more, it tells an end, or its file tells of changes
 * only, in which silence says nothing. An old file that is read again is nothing that it sent.
 */
const HEARD = `EXISTS (
    SELECT 1 FROM landing.delivery d JOIN ops.run h ON h.id = d.run_id AND h.kind <> 'replay'
    WHERE d.source = r.source AND d.run_id > e.opened_run_id AND (r.missing_since IS NOT NULL OR r.end_on IS NOT NULL OR NOT d.complete))`;

/** Each statement gives (institution_key, subject, params) of what is open and stays so. Asked once the plan of the run is applied. */
export const TOLD_FINDINGS: readonly WholeState[] = [
  // R08. Where the last days that stand end otherwise, the school has the person again, or the other one never had.
  [
    'registered-elsewhere',
    `SELECT e.institution_key, e.subject, jsonb_build_object('since', l.valid_to)
     FROM ${openOf('registered-elsewhere')}
     CROSS JOIN LATERAL (${STANDING} ORDER BY v.valid_to DESC LIMIT 1) AS l
     WHERE l.taken_by IS NOT NULL AND NOT ${HEARD}`,
  ],
  // R09. Whoever says something else of the person, or lists them no more, has answered.
  [
    'return-withdrawn',
    `SELECT e.institution_key, e.subject, e.params
     FROM ${openOf('return-withdrawn')}
     WHERE r.run_id <= e.opened_run_id AND r.missing_since IS NULL AND r.end_on = CAST(e.params->>'until' AS date)
       AND NOT EXISTS (SELECT 1 FROM (${STANDING}) AS l WHERE l.valid_to > r.end_on)`,
  ],
];

/** SQL list of their codes. */
export const TOLD = TOLD_FINDINGS.map(([code]) => `'${code}'`).join(', ');
