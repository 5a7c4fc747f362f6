/**
 * What a person must look at of business accounts (R16, R18, R19, R20, R23), found from the whole state by every run; `exceptions.ts` opens and closes it. Nothing is guessed
 * of a holder who is told without an identifier: that it could not be checked is told instead.
 */
import { LEAD_KIND } from '../schemas/records.ts';
import type { Transaction } from './connect.ts';
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

/** What two of the findings ask: made once, and each of them joined set-based, for a quiet night must not look at one account after the other. */
export async function prepareAccountFindings(trx: Transaction, runId: number): Promise<void> {
  await trx.raw('DROP TABLE IF EXISTS account_left, account_reused');
  for (const [table, sql] of [
    ['account_left', HOLDER_LEFT],
    ['account_reused', REUSED],
  ] as const)
    await trx.raw(`CREATE TEMP TABLE ${table} ON COMMIT DROP AS ${sql}`, { run: runId });
}

/** Enabled accounts whose holder served at the school and is on its roster no more: the last day. Who was never on it is not judged: a row may be quarantined (I12). */
const HOLDER_LEFT = `
  SELECT a.id AS account_id, max(v.valid_to) AS left_on
  FROM warehouse.account a
  JOIN warehouse.account_version w ON w.account_id = a.id AND ${inForce('w', DAY)} AND w.state = '啟用'
  JOIN warehouse.person_identifier p ON p.hmac = w.id_hmac
  JOIN warehouse.assignment s ON s.person_id = p.person_id
  JOIN warehouse.institution_code here ON here.institution_id = a.institution_id AND here.system = 'school'
  JOIN warehouse.institution_code there ON there.institution_id = s.institution_id AND there.system = 'school' AND there.code = here.code
  JOIN warehouse.assignment_version v ON v.assignment_id = s.id AND v.recorded_to = 'infinity' AND v.valid_from < v.valid_to AND v.valid_from <= ${DAY}
  GROUP BY a.id HAVING bool_and(v.valid_to <= ${DAY})`;

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

/** Accounts of other schools that took the name of a deleted one afterwards, with another holder or one who cannot be told: the newest deletion of each. */
const REUSED = `
  WITH freed AS MATERIALIZED (
    SELECT a.institution_id, ${called('a')} AS called, w.id_hmac, w.holder_name, w.valid_to FROM warehouse.account a
    JOIN LATERAL (SELECT id_hmac, holder_name, valid_to FROM warehouse.account_version w WHERE w.account_id = a.id AND w.recorded_to = 'infinity'
                  ORDER BY valid_to DESC, valid_from DESC LIMIT 1) AS w ON w.valid_to < 'infinity'
    WHERE NOT EXISTS (SELECT 1 FROM warehouse.account_version v WHERE v.account_id = a.id AND v.recorded_to = 'infinity' AND v.valid_to = 'infinity')),
  taken AS MATERIALIZED (
    SELECT a.id, o.institution_id AS former, o.id_hmac AS o_hmac, o.holder_name AS o_name, o.valid_to
    FROM freed o JOIN warehouse.account a ON ${called('a')} = o.called AND a.institution_id <> o.institution_id)
  SELECT DISTINCT ON (a.id) a.id AS account_id, s.since, old.code AS school, t.valid_to AS freed_on, (w.id_hmac IS NULL OR o.id_hmac IS NULL) AS untold
  FROM taken t JOIN ${STANDING.replace('warehouse.account a', 'warehouse.account a ON a.id = t.id')}
  CROSS JOIN LATERAL (SELECT t.o_hmac AS id_hmac, t.o_name AS holder_name) AS o
  CROSS JOIN LATERAL (SELECT min(f.valid_from) AS since FROM warehouse.account_version f WHERE f.account_id = a.id) AS s
  JOIN warehouse.institution_code old ON old.institution_id = t.former AND old.system = 'school'
  WHERE s.since >= t.valid_to AND (${others('o', 'w')} OR ${untold('o', 'w')})
    AND NOT EXISTS (SELECT 1 FROM warehouse.institution_code new WHERE new.institution_id = a.institution_id AND new.system = 'school' AND new.code = old.code)
  ORDER BY a.id, untold, t.valid_to DESC`;

/** Accounts that somebody enabled under our eyes: not those that a school's first file had so. */
const ENABLED_HERE = `
  FROM (SELECT f.account_id, f.state, f.run_id, a.institution_id, min(f.run_id) OVER (PARTITION BY a.source) AS first_run
        FROM (SELECT DISTINCT ON (account_id) account_id, state, run_id FROM warehouse.account_version ORDER BY account_id, recorded_from, valid_from) AS f
        JOIN warehouse.account a ON a.id = f.account_id) AS a
  ${HERE} JOIN warehouse.account_version w ON w.account_id = a.account_id AND ${inForce('w', DAY)} AND w.state = '啟用'
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
                       WHERE a.institution_id = i.id AND w.account_kind = '${LEAD_KIND}' AND w.state = '啟用'
                         AND a.id NOT IN (SELECT account_id FROM account_left))`,
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
    `SELECT DISTINCT ${KEY}, ${SUBJECT}, jsonb_build_object('since', w.valid_from)
     FROM ${STANDING} JOIN warehouse.account_version f ON f.account_id = w.account_id AND f.recorded_from < w.recorded_from AND ${untold('f', 'w')}
     UNION SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('since', r.since) FROM account_reused r JOIN warehouse.account a ON a.id = r.account_id ${HERE} WHERE r.untold`,
  ],
  [
    'account-name-reused',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('school', r.school, 'since', r.freed_on)
     FROM account_reused r JOIN warehouse.account a ON a.id = r.account_id ${HERE} WHERE NOT r.untold`,
  ],
  [
    'account-orphaned',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('since', h.left_on) FROM account_left h JOIN warehouse.account a ON a.id = h.account_id ${HERE}`,
  ],
  [
    'account-idle',
    `SELECT ${KEY}, NULL, jsonb_build_object('accounts', count(*), 'days', CAST(:idleDays AS integer),
                                             'first', array_to_string((array_agg(a.account_name ORDER BY a.account_name COLLATE "C"))[1:5], '、'))
     FROM ${ENABLED} WHERE w.last_login_at IS NOT NULL AND ${DAY} - greatest(w.last_login_at::date, w.enabled_on) > CAST(:idleDays AS integer) GROUP BY 1`,
  ],
  [
    'account-duplicate',
    `SELECT ${KEY}, ${SUBJECT}, jsonb_build_object('account', one.account_name, 'kind', d.account_kind)
     FROM (SELECT w.account_kind, min(a.id) AS first, array_agg(a.id) AS ids
           FROM ${ENABLED} LEFT JOIN warehouse.person_identifier p ON p.hmac = w.id_hmac WHERE w.id_hmac IS NOT NULL
           GROUP BY a.institution_id, w.account_kind, p.person_id, CASE WHEN p.person_id IS NULL THEN w.id_hmac END HAVING count(*) > 1) AS d
     JOIN warehouse.account one ON one.id = d.first
     JOIN warehouse.account a ON a.id = ANY(d.ids) AND a.id <> d.first ${HERE}`,
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
