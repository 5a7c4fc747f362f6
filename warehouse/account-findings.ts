/**
 * What a person must look at of business accounts (R16, R18, R19, R20, R23), found from the whole state by every run; `exceptions.ts` opens and closes it. Nothing is guessed
 * of a holder who is told without an identifier: that it could not be checked is told instead. Over 200 lines because each matter is one statement.
 */
import { LEAD_KIND } from '../schemas/records.ts';
import { inForce } from './views/in-force.ts';

/** One statement giving (institution_key, subject, params) of the run's business day. */
export type WholeState = readonly [code: string, sql: string];

export const DAY = `(SELECT clock::date FROM ops.run WHERE id = :run)`;

/** What an installation asks of accounts. */
export interface AccountQuestions {
  /** Days without a sign-in after which an enabled account is told. */
  idleDays: number;
  /** Whether a school is asked for its 總負責人 of which no account was ever told, once one of another school was (R16). */
  everySchool: boolean;
  /** The kinds of accounts by 教育階段 (R23); of a section that is not in it nothing is asked. */
  kinds: readonly { section: string; kind: string }[];
}

const KEY = `i.source || ':' || i.source_key`;
const SUBJECT = `a.source || ' ' || a.source_key`;
const HERE = 'JOIN warehouse.institution i ON i.id = a.institution_id';
/** Accounts `a` in force on the day, with their version `w`. */
const STANDING = `warehouse.account a ${HERE} JOIN warehouse.account_version w ON w.account_id = a.id AND ${inForce('w', DAY)}`;
const ENABLED = `${STANDING} AND w.state = '啟用'`;

/** Rows where the holder of `w` served at the school and is on its roster no more: the last day. Who was never on it is not judged: a row may be quarantined (I12). */
const HOLDER_LEFT = `(
  SELECT max(v.valid_to) AS left_on FROM warehouse.person_identifier p
  JOIN warehouse.assignment s ON s.person_id = p.person_id
  JOIN warehouse.institution_code there ON there.institution_id = s.institution_id AND there.system = 'school'
  JOIN warehouse.institution_code here ON here.code = there.code AND here.system = 'school' AND here.institution_id = a.institution_id
  JOIN warehouse.assignment_version v ON v.assignment_id = s.id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to AND v.valid_from <= ${DAY}
  WHERE p.hmac = w.id_hmac HAVING bool_and(v.valid_to <= ${DAY}))`;

const onePerson = (x: string, y: string): string => `(${x}.id_hmac = ${y}.id_hmac OR EXISTS (
  SELECT 1 FROM warehouse.person_identifier p JOIN warehouse.person_identifier q ON q.person_id = p.person_id WHERE p.hmac = ${x}.id_hmac AND q.hmac = ${y}.id_hmac))`;
/** Both are known by an identifier, and are two. */
const others = (x: string, y: string): string =>
  `(${x}.id_hmac IS NOT NULL AND ${y}.id_hmac IS NOT NULL AND NOT ${onePerson(x, y)})`;
/** Another name, and no identifier by which it could be told whose it is. */
const untold = (x: string, y: string): string =>
  `((${x}.id_hmac IS NULL OR ${y}.id_hmac IS NULL) AND ${x}.holder_name <> ${y}.holder_name)`;

/** What an account is called beside its school: its name, or the pseudonym of one that is an identifier. */
const called = (alias: string): string => `substr(${alias}.source_key, strpos(${alias}.source_key, ':') + 1)`;
const SCHOOL = `(SELECT min(c.code) FROM warehouse.institution_code c WHERE c.institution_id = a.institution_id AND c.system = 'school')`;

/** Accounts that were deleted, with what they were last, and those of other schools that took their name afterwards. */
const REUSED = `
  WITH last AS (
    SELECT a.id, ${called('a')} AS called, ${SCHOOL} AS school, w.* FROM warehouse.account a
    JOIN LATERAL (SELECT id_hmac, holder_name, valid_to FROM warehouse.account_version w WHERE w.account_id = a.id AND w.recorded_to = 'infinity'
                  ORDER BY valid_to DESC, valid_from DESC LIMIT 1) AS w ON true),
  taken AS (
    SELECT a.id, ${KEY} AS key, ${SUBJECT} AS subject, ${called('a')} AS called, ${SCHOOL} AS school, w.id_hmac, w.holder_name,
           (SELECT min(f.valid_from) FROM warehouse.account_version f WHERE f.account_id = a.id) AS since
    FROM ${STANDING})
  SELECT DISTINCT ON (n.id) n.key, n.subject, n.since, jsonb_build_object('school', o.school, 'since', o.valid_to) AS params,
         (n.id_hmac IS NULL OR o.id_hmac IS NULL) AS untold
  FROM last o JOIN taken n ON n.called = o.called AND n.school <> o.school AND n.since >= o.valid_to
  WHERE o.valid_to < 'infinity' AND (${others('o', 'n')} OR ${untold('o', 'n')})
  ORDER BY n.id, untold, o.valid_to DESC`;

/** Accounts that somebody enabled under our eyes: not those that a school's first file had so. */
const ENABLED_HERE = `
  FROM (SELECT a.id, a.institution_id, f.state, f.run_id, min(f.run_id) OVER (PARTITION BY a.source) AS first_run
        FROM warehouse.account a JOIN LATERAL (SELECT state, run_id FROM warehouse.account_version f WHERE f.account_id = a.id
                                               ORDER BY recorded_from, valid_from LIMIT 1) AS f ON true) AS a
  ${HERE} JOIN warehouse.account_version w ON w.account_id = a.id AND ${inForce('w', DAY)} AND w.state = '啟用'
  WHERE (a.run_id > a.first_run OR a.state = '申請中')`;

export const ACCOUNT_FINDINGS: readonly WholeState[] = [
  // R16, of each section. That no account of a school is known is not that there is none, unless configuration says so. Who left can do nothing for the school.
  [
    'no-account-lead',
    `SELECT ${KEY}, NULL, '{}'::jsonb
     FROM warehouse.institution i JOIN warehouse.institution_version v ON v.institution_id = i.id AND ${inForce('v', DAY)}
     WHERE v.path = 'school' AND v.status = '營業中'
       AND (:everySchool AND EXISTS (SELECT 1 FROM warehouse.account)
            OR EXISTS (SELECT 1 FROM warehouse.account a JOIN warehouse.institution_code k ON k.institution_id = a.institution_id AND k.system = 'school'
                       JOIN warehouse.institution_code c ON c.code = k.code AND c.system = 'school' WHERE c.institution_id = i.id))
       AND NOT EXISTS (SELECT 1 FROM warehouse.account a JOIN warehouse.account_version w ON w.account_id = a.id AND ${inForce('w', DAY)}
                       WHERE a.institution_id = i.id AND w.account_kind = '${LEAD_KIND}' AND w.state = '啟用' AND NOT EXISTS ${HOLDER_LEFT})`,
  ],
  // R18, R20: applied for; 本市教師研習中心 enables it.
  [
    'account-lead-applied',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('since', w.valid_from)
     FROM ${STANDING} WHERE w.state = '申請中' AND w.account_kind = '${LEAD_KIND}'`,
  ],
  // R19. The first holder known is the account's; another name and another identifier is another person, unless both are known to be one.
  [
    'account-handed-over',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('since', v.valid_from)
     FROM (SELECT DISTINCT ON (account_id) account_id, id_hmac, holder_name FROM warehouse.account_version WHERE id_hmac IS NOT NULL
           ORDER BY account_id, recorded_from, valid_from) AS first
     JOIN warehouse.account_version v ON v.account_id = first.account_id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity'
       AND ${others('first', 'v')} AND (v.holder_name = first.holder_name) IS NOT TRUE
     JOIN warehouse.account a ON a.id = v.account_id ${HERE}`,
  ],
  [
    'account-holder-untold',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('since', w.valid_from)
     FROM ${STANDING} WHERE EXISTS (SELECT 1 FROM warehouse.account_version f WHERE f.account_id = a.id AND f.recorded_from < w.recorded_from AND ${untold('f', 'w')})
     UNION SELECT key, subject, jsonb_build_object('since', since) FROM (${REUSED}) AS r WHERE untold`,
  ],
  ['account-name-reused', `SELECT key, subject, params FROM (${REUSED}) AS r WHERE NOT untold`],
  [
    'account-orphaned',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('since', h.left_on) FROM ${ENABLED} CROSS JOIN LATERAL ${HOLDER_LEFT} AS h`,
  ],
  [
    'account-idle',
    `SELECT ${KEY}, NULL, jsonb_build_object('accounts', count(*), 'days', CAST(:idleDays AS integer),
                                             'first', array_to_string((array_agg(a.account_name ORDER BY a.account_name COLLATE "C"))[1:5], '、'))
     FROM ${ENABLED} WHERE w.last_login_at IS NOT NULL AND ${DAY} - greatest(w.last_login_at::date, w.enabled_on) > CAST(:idleDays AS integer) GROUP BY 1`,
  ],
  [
    'account-duplicate',
    `SELECT key, subject, jsonb_build_object('account', first, 'kind', account_kind)
     FROM (SELECT ${KEY} AS key, ${SUBJECT} AS subject, w.account_kind, first_value(a.account_name) OVER same AS first, row_number() OVER same AS nth
           FROM ${ENABLED} LEFT JOIN warehouse.person_identifier p ON p.hmac = w.id_hmac
           WHERE w.id_hmac IS NOT NULL
           WINDOW same AS (PARTITION BY a.institution_id, w.account_kind, coalesce(p.person_id::text, encode(w.id_hmac, 'hex')) ORDER BY a.id)) AS d
     WHERE nth > 1`,
  ],
  // R20, where the files say who.
  [
    'account-enabled-by-holder',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('kind', w.account_kind) FROM ${ENABLED} WHERE w.enabled_by = w.holder_name`,
  ],
  [
    'account-applied-by-other',
    `SELECT ${KEY}, ${SUBJECT}, '{}'::jsonb FROM ${STANDING} WHERE w.state IN ('申請中', '啟用') AND w.applied_by <> w.holder_name`,
  ],
  [
    'account-origin-untold',
    `SELECT ${KEY}, NULL, jsonb_build_object('accounts', count(*)) ${ENABLED_HERE} AND (w.applied_by IS NULL OR w.enabled_by IS NULL) GROUP BY 1`,
  ],
  [
    'account-kind-unknown',
    `WITH known AS (SELECT * FROM jsonb_to_recordset(CAST(:kinds AS jsonb)) AS k (section text, kind text))
     SELECT ${KEY}, w.account_kind, jsonb_build_object('kind', w.account_kind, 'section', v.section, 'accounts', count(*))
     FROM ${STANDING} JOIN warehouse.institution_version v ON v.institution_id = i.id AND ${inForce('v', DAY)}
     WHERE v.section IN (SELECT section FROM known) AND (v.section, w.account_kind) NOT IN (SELECT section, kind FROM known) GROUP BY 1, 2, v.section`,
  ],
];
