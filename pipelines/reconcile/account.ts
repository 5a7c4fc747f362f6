/**
 * What one business account's record means for the warehouse: the transition from what is known (`account-transitions.ts`), or, where a guard refuses it, no
 * change and an exception that names what blocks it (R16 to R22). The last good state stands then. Pure.
 */
import { MANUAL_FIELDS } from '../../schemas/manual-values.ts';
import type { AccountRow, Finding, ManualValue, PlanChange } from '../../schemas/plan.ts';
import { LEAD_KIND } from '../../schemas/records.ts';
import type { KnownState, Refusal } from './account-guards.ts';
import { stepOf, withHolder } from './account-guards.ts';
import { transitionOf } from './account-transitions.ts';
import { dayOf, later } from './days.ts';
import { byCause, causeOf, superfluous, superfluousParams, withHand, withoutHand } from './manual.ts';

const FIELDS = [
  'account_kind',
  'id_hmac',
  'holder_name',
  'state',
  'enabled_on',
  'last_login_at',
  'applied_by',
  'enabled_by',
] as const;
const OPEN = 'infinity';

interface Meaning {
  change: PlanChange | null;
  finding: Finding | null;
}
const NOTHING: Meaning = { change: null, finding: null };

function knownState({ current }: AccountRow): KnownState {
  if (current === null) return '無';
  return current.valid_to === OPEN ? (current.state as KnownState) : '刪除';
}

/** Moments are compared as moments: one may be written in several zones. */
const comparable = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('T') ? Date.parse(value) : value;

/** What a source says of an account by itself, though somebody set it by hand. Found afresh every night, so it hangs on no record. */
export function superfluousOfAccount(row: AccountRow, manual: readonly ManualValue[]): Finding | null {
  const found = superfluous(valuesOf(row), manual);
  if (found.length === 0) return null;
  const params = superfluousParams(found, MANUAL_FIELDS.account);
  const subject = `${row.source} ${row.key}`;
  return { code: 'manual-value-superfluous', institutionKey: row.institution_key, subject, personRef: null, params };
}

/**
 * R18: the centre did what the school asked for, and then the school took it back. Found afresh every night. An application that was granted waits for its file, and what is refused is
 * told of itself.
 */
export function centreOtherwise(row: AccountRow): Finding | null {
  const { centre_state: centre, institution_key: institutionKey, state: told } = row;
  const known = knownState(row);
  const lead = [row.account_kind, row.current?.account_kind].includes(LEAD_KIND);
  if (!lead || centre === null || [centre, known].includes('申請中') || [known, told].includes(centre)) return null;
  const subject = `${row.source} ${row.key}`;
  const params = { centre, told, known };
  return { code: 'account-centre-otherwise', institutionKey, subject, personRef: null, params };
}

/** What a school asked for and lists no more it does not ask for. An account that it lists no more because it had it deleted is still to be deleted. */
const withdrawn = (row: AccountRow, { code }: Refusal): boolean =>
  row.missing && row.state !== '刪除' && (code === 'account-lead-requested' || code === 'account-lead-handed-over');

/** @param manual what was ever set by hand of the account, newest first; its state is none of it */
export function reconcileAccount(told: AccountRow, manual: readonly ManualValue[] = []): Meaning {
  // A holder set by hand is none that the source named.
  const known = told.current && withoutHand(told.current, told, manual);
  const row = { ...withHolder({ ...told, current: known }), current: told.current };
  const { institution_key: institutionKey } = row;
  const refused = (refusal: Refusal): Meaning => ({
    change: null,
    finding: { ...refusal, institutionKey, subject: `${row.source} ${row.key}`, personRef: 'account' },
  });
  if (institutionKey === null) return refused({ code: 'institution-unknown', params: {} });
  const from = knownState(row);
  const to = row.state;
  if (to === '刪除' && (from === '無' || from === '刪除')) return NOTHING;
  const before = row.current === null ? null : valuesOf(row.current);
  const after = withHand(valuesOf(row), manual);
  if (
    from === to &&
    !row.moved &&
    before !== null &&
    FIELDS.every((f) => comparable(before[f]) === comparable(after[f]))
  )
    return NOTHING;
  if (row.moved) return refused({ code: 'account-section-changed', params: {} });
  const transition = transitionOf(from, to);
  if (transition === null) return refused({ code: 'account-state-refused', params: { from, to } });
  const current = row.current && withoutHand(row.current, row, manual);
  const step = stepOf({ ...row, current }, from, told.id_hmac);
  for (const guard of transition.guards) {
    const refusal = guard(step);
    if (refusal !== null) return withdrawn(row, refusal) ? NOTHING : refused(refusal);
  }
  const { action, reason, rule } = transition;
  const change: PlanChange = {
    entity: 'account',
    action,
    institutionKey,
    source: row.source,
    sourceKey: row.key,
    personRef: null,
    entityId: row.account_id,
    reason,
    rule: step.lead && row.confirmed ? 'R18' : rule,
    effective:
      from === '刪除' ? later(dayOf(row.registered_at), String(row.current?.valid_to)) : dayOf(row.registered_at),
    registeredAt: row.registered_at,
    objectId: row.object_id,
    rowNo: row.row_no,
    before: action === 'add' ? null : before,
    after: action === 'add' ? { ...after, account_name: row.account_name } : after,
  };
  const cause = action === 'change' && before !== null ? causeOf(before, after, manual) : null;
  return { change: { ...change, ...byCause(cause, row.registered_at) }, finding: null };
}

const valuesOf = (values: Partial<Record<(typeof FIELDS)[number], unknown>>): Record<string, unknown> =>
  Object.fromEntries(FIELDS.map((field) => [field, values[field] ?? null]));
