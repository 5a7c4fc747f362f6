/** Of every kind of exception how grave it is, who must act, and the rule or invariant that it stands for; null where it stands for none. */
import type { ExceptionCode } from './exceptions.ts';

/** `high`: the roster is or will be wrong, or people are not taken in; `medium`: it may become so; `low`: to be known. */
export const EXCEPTION_SEVERITIES = ['high', 'medium', 'low'] as const;
export type ExceptionSeverity = (typeof EXCEPTION_SEVERITIES)[number];

/** 學校（園）, 教育局, 本市教師研習中心, 系統維運. */
export const ACTORS = ['school', 'bureau', 'center', 'ops'] as const;
export type Actor = (typeof ACTORS)[number];

export interface ExceptionFacts {
  severity: ExceptionSeverity;
  who: Actor;
  rule: string | null;
}

const fact = (severity: ExceptionSeverity, who: Actor, rule: string | null = null): ExceptionFacts => ({
  severity,
  who,
  rule,
});

export const EXCEPTION_FACTS: Readonly<Record<ExceptionCode, ExceptionFacts>> = {
  'missing-from-roster': fact('medium', 'school', 'I12'),
  'plan-held': fact('high', 'bureau', 'I6'),
  'plan-kept-out': fact('high', 'school', 'I6'),
  'missing-not-judged': fact('medium', 'school', 'I12'),
  'oneroster-changes-without-role': fact('medium', 'bureau'),
  'no-account-lead': fact('high', 'school', 'R16'),
  'weak-identity': fact('low', 'school'),
  'pending-without-previous': fact('medium', 'bureau', 'R13'),
  'rows-quarantined': fact('high', 'school', 'I12'),
  'delivery-set-aside': fact('low', 'school', 'I4'),
  'old-file-sent-again': fact('medium', 'school', 'I4'),
  'listed-kindergartens-unmatched': fact('low', 'bureau'),
  'institution-no-longer-listed': fact('medium', 'bureau', 'I12'),
  'map-outside-care-system': fact('low', 'bureau', 'R11'),
  'source-drifted': fact('medium', 'ops'),
  'source-failed': fact('high', 'ops', 'I5'),
  'cut-off-care-stale': fact('high', 'bureau', 'R24'),
  'closing-failed': fact('high', 'ops', 'R24'),
  'snapshot-due': fact('medium', 'bureau'),
  'source-late': fact('medium', 'ops'),
  'school-late': fact('high', 'school', 'R06'),
  'registered-elsewhere': fact('low', 'school', 'R08'),
  'two-registrations': fact('high', 'bureau', 'R08'),
  'kindergarten-not-released': fact('high', 'school', 'R11'),
  'ended-before-start': fact('medium', 'school', 'R09'),
  'return-withdrawn': fact('medium', 'school', 'R09'),
  'changes-set-aside': fact('high', 'school', 'I3'),
  'record-changed-institution': fact('high', 'school'),
  'record-key-reused': fact('high', 'school'),
  'two-primary-units': fact('high', 'school', 'R08'),
  'no-primary-unit': fact('high', 'school', 'R08'),
  'institution-unknown': fact('high', 'school', 'R14'),
  'person-identifier-conflict': fact('high', 'school'),
  'person-possibly-double': fact('medium', 'bureau'),
  'account-handed-over': fact('high', 'school', 'R19'),
  'account-deletion-blocked': fact('medium', 'school', 'R21'),
  'account-name-returned': fact('medium', 'school', 'R19'),
  'account-lead-requested': fact('high', 'bureau', 'R18'),
  'account-centre-otherwise': fact('high', 'bureau', 'R18'),
  'account-lead-applied': fact('medium', 'bureau', 'R18'),
  'account-lead-handed-over': fact('high', 'school', 'R19'),
  'account-missing': fact('medium', 'school', 'I12'),
  'account-state-refused': fact('medium', 'school', 'R20'),
  'account-section-changed': fact('medium', 'school'),
  'account-holder-untold': fact('medium', 'school', 'R19'),
  'account-name-reused': fact('medium', 'school', 'R19'),
  'account-name-shared': fact('high', 'school', 'R19'),
  'account-orphaned': fact('high', 'school', 'R16'),
  'account-idle': fact('low', 'school'),
  'account-duplicate': fact('low', 'school'),
  'account-enabled-by-holder': fact('high', 'school', 'R20'),
  'account-applied-by-other': fact('medium', 'school', 'R20'),
  'account-origin-untold': fact('low', 'school', 'R20'),
  'account-kind-unknown': fact('low', 'school', 'R23'),
  'accounts-late': fact('high', 'school', 'R06'),
  'reverted-kept-out': fact('medium', 'school'),
  'record-keys-changed': fact('low', 'school'),
  'manual-value-superfluous': fact('low', 'bureau'),
};

/** Of a code of another version nobody knows who must act: ops look at it. */
export const exceptionFacts = (code: string): ExceptionFacts =>
  (EXCEPTION_FACTS as Readonly<Record<string, ExceptionFacts>>)[code] ?? fact('medium', 'ops');
