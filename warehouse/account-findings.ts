/**
 * What a person must look at of business accounts (R16, R18, R19, R20, R23), found from the whole state by every run; `exceptions.ts` opens and closes it. Nothing is guessed
 * of a holder who is told without an identifier: that it could not be checked is told instead.
 */
import { LEAD_KIND } from '../schemas/records.ts';
import { DAY, others, unbrokenSince, untold } from './account-standing.ts';
import { inForce } from './views/in-force.ts';

/** One statement giving (institution_key, subject, params) of the run's business day. Those of accounts need what `prepareAccountFindings` makes. */
export type WholeState = readonly [code: string, sql: string];

/** What an installation asks of accounts. */
export interface AccountQuestions {
  /** Days without a sign-in after which an enabled account is told. */
  idleDays: number;
  /** Whether a school is asked for its 總負責人 of which no account was ever told, once one of another school was (R16). */
  everySchool: boolean;
  /** The kinds of accounts by 教育階段 (R23); of a section that is not in it nothing is asked. */
  kinds: readonly { section: string; kind: string }[];
}

/** A kind as an exception may name it. */
const named = (kind: string): string =>
  `CASE WHEN ${kind} IN (SELECT kind FROM account_kind_named) THEN ${kind} ELSE '—' END`;
const WHOSE = 'w.institution_key, w.subject';

/** Accounts that somebody enabled under our eyes: not those that a school's first file had so. */
const ENABLED_HERE = `
  FROM (SELECT account_id, state, run_id, min(run_id) OVER (PARTITION BY source) AS first_run FROM account_first) AS f
  JOIN account_standing w ON w.account_id = f.account_id AND w.state = '啟用'
  WHERE (f.run_id > f.first_run OR f.state <> '啟用')`;

export const ACCOUNT_FINDINGS: readonly WholeState[] = [
  // R16, of each section. That no account of a school is known is not that there is none, unless configuration says so. Who left can do nothing for the school, and
  // of an account that its list has no more nobody knows that there still is one.
  [
    'no-account-lead',
    `SELECT i.source || ':' || i.source_key, NULL, '{}'::jsonb
     FROM warehouse.institution i JOIN warehouse.institution_version v ON v.institution_id = i.id AND ${inForce('v', DAY)}
     WHERE v.path = 'school' AND v.status = '營業中'
       AND (:everySchool AND EXISTS (SELECT 1 FROM warehouse.account)
            OR i.id IN (SELECT c.institution_id FROM (SELECT DISTINCT institution_id FROM warehouse.account) AS a
                        JOIN warehouse.institution_code k ON k.institution_id = a.institution_id AND k.system = 'school'
                        JOIN warehouse.institution_code c ON c.code = k.code AND c.system = 'school'))
       AND i.id NOT IN (SELECT w.institution_id FROM account_standing w WHERE w.account_kind = '${LEAD_KIND}' AND w.state = '啟用' AND NOT w.missing
                          AND w.account_id NOT IN (SELECT account_id FROM account_left))`,
  ],
  // I12: what a list has no more stands until it says what became of it.
  [
    'account-missing',
    `SELECT w.institution_key, w.source, jsonb_build_object('accounts', count(*), 'first', array_to_string((array_agg(w.account_name ORDER BY w.account_name COLLATE "C"))[1:5], '、'))
     FROM account_standing w WHERE w.missing GROUP BY 1, 2`,
  ],
  // R18, R20: applied for; 本市教師研習中心 enables it.
  [
    'account-lead-applied',
    `SELECT ${WHOSE}, jsonb_build_object('since', ${unbrokenSince('v.state = w.state')})
     FROM account_standing w WHERE w.state = '申請中' AND w.account_kind = '${LEAD_KIND}'`,
  ],
  // R19. The first holder known is the account's; another name and another identifier is another person, unless both are known to be one.
  [
    'account-handed-over',
    `SELECT ${WHOSE}, jsonb_build_object('since', ${unbrokenSince('v.id_hmac = w.id_hmac OR v.holder_name = w.holder_name')})
     FROM account_standing w
     CROSS JOIN LATERAL (SELECT id_hmac, holder_name FROM warehouse.account_version v WHERE v.account_id = w.account_id AND v.id_hmac IS NOT NULL
                         ORDER BY recorded_from, valid_from LIMIT 1) AS first
     WHERE ${others('first', 'w')} AND (w.holder_name = first.holder_name) IS NOT TRUE`,
  ],
  // Answered once the identifier of the very name comes that came without one.
  [
    'account-holder-untold',
    `SELECT ${WHOSE}, jsonb_build_object('since', s.since)
     FROM (SELECT * FROM account_standing w
           WHERE EXISTS (SELECT 1 FROM warehouse.account_version f WHERE f.account_id = w.account_id AND f.recorded_from < w.recorded_from AND ${untold('f', 'w')}) OFFSET 0) AS w
     CROSS JOIN LATERAL (SELECT ${unbrokenSince('v.holder_name = w.holder_name')} AS since OFFSET 0) AS s
     WHERE w.id_hmac IS NULL
        OR NOT EXISTS (SELECT 1 FROM warehouse.account_version r WHERE r.account_id = w.account_id AND r.holder_name = w.holder_name AND r.id_hmac IS NULL AND r.valid_from >= s.since)
     UNION SELECT ${WHOSE}, jsonb_build_object('since', r.since) FROM account_reused r JOIN account_standing w ON w.account_id = r.account_id WHERE r.untold`,
  ],
  [
    'account-name-reused',
    `SELECT ${WHOSE}, jsonb_build_object('school', r.school, 'since', r.freed_on)
     FROM account_reused r JOIN account_standing w ON w.account_id = r.account_id WHERE NOT r.untold`,
  ],
  // R19. One name at one school in two lists at once; of two accounts the later one is told.
  [
    'account-name-shared',
    `SELECT ${WHOSE}, jsonb_build_object('other', min(o.source))
     FROM account_standing w JOIN account_standing o ON o.source_key = w.source_key AND o.account_id < w.account_id
     WHERE ${others('o', 'w')} OR ${untold('o', 'w')} GROUP BY 1, 2`,
  ],
  [
    'account-orphaned',
    `SELECT ${WHOSE}, jsonb_build_object('since', h.left_on) FROM account_left h JOIN account_standing w ON w.account_id = h.account_id`,
  ],
  [
    'account-idle',
    `SELECT w.institution_key, NULL, jsonb_build_object('accounts', count(*), 'days', CAST(:idleDays AS integer),
                                             'first', array_to_string((array_agg(w.account_name ORDER BY w.account_name COLLATE "C"))[1:5], '、'))
     FROM account_standing w WHERE w.state = '啟用' AND w.last_login_at IS NOT NULL AND ${DAY} - greatest(w.last_login_at::date, w.enabled_on) > CAST(:idleDays AS integer) GROUP BY 1`,
  ],
  [
    'account-duplicate',
    `SELECT ${WHOSE}, jsonb_build_object('account', one.account_name, 'kind', ${named('d.account_kind')})
     FROM (SELECT w.account_kind, min(w.account_id) AS first, array_agg(w.account_id) AS ids
           FROM account_standing w LEFT JOIN warehouse.person_identifier p ON p.hmac = w.id_hmac WHERE w.state = '啟用' AND w.id_hmac IS NOT NULL
           GROUP BY w.institution_id, w.account_kind, p.person_id, CASE WHEN p.person_id IS NULL THEN w.id_hmac END HAVING count(*) > 1) AS d
     JOIN account_standing one ON one.account_id = d.first
     CROSS JOIN LATERAL unnest(d.ids) AS other JOIN account_standing w ON w.account_id = other AND w.account_id <> d.first`,
  ],
  // R20, where the files say who.
  [
    'account-enabled-by-holder',
    `SELECT ${WHOSE}, jsonb_build_object('kind', ${named('w.account_kind')}) FROM account_standing w WHERE w.state = '啟用' AND w.enabled_by = w.holder_name`,
  ],
  [
    'account-applied-by-other',
    `SELECT ${WHOSE}, '{}'::jsonb FROM account_standing w WHERE w.state IN ('申請中', '啟用') AND w.applied_by <> w.holder_name`,
  ],
  [
    'account-origin-untold',
    `SELECT w.institution_key, NULL, jsonb_build_object('accounts', count(*)) ${ENABLED_HERE} AND (w.applied_by IS NULL OR w.enabled_by IS NULL) GROUP BY 1`,
  ],
  [
    'account-kind-unknown',
    `WITH known AS (SELECT * FROM jsonb_to_recordset(CAST(:kinds AS jsonb)) AS k (section text, kind text))
     SELECT w.institution_key, ${named('w.account_kind')} AS kind, jsonb_build_object('kind', ${named('w.account_kind')}, 'section', v.section, 'accounts', count(*))
     FROM account_standing w JOIN warehouse.institution_version v ON v.institution_id = w.institution_id AND ${inForce('v', DAY)}
     WHERE v.section IN (SELECT section FROM known) AND (v.section, w.account_kind) NOT IN (SELECT section, kind FROM known) GROUP BY 1, 2, v.section`,
  ],
];
