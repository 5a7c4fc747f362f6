/**
 * What one business account's record means for the warehouse. A deletion ends it (R22), but not while a course of it is not through (R21); a deleted one that
 * comes back is told, not reopened (R19). Pure.
 */
import { MANUAL_FIELDS } from '../../schemas/manual-values.ts';
import type { AccountRow, Finding, ManualValue, PlanChange } from '../../schemas/plan.ts';
import { byCause, causeOf, superfluous, superfluousParams, withHand } from './manual.ts';

const FIELDS = ['account_kind', 'id_hmac', 'holder_name', 'state', 'enabled_on', 'last_login_at'] as const;
const OPEN = 'infinity';
/** Course codes that a message names. */
const SHOWN = 5;

/** What a source says of an account by itself, though somebody set it by hand. Found afresh every night, so it hangs on no record. */
export function superfluousOfAccount(row: AccountRow, manual: readonly ManualValue[]): Finding | null {
  const found = superfluous(Object.fromEntries(FIELDS.map((f) => [f, row[f]])), manual);
  if (found.length === 0) return null;
  const params = superfluousParams(found, MANUAL_FIELDS.account);
  const subject = `${row.source} ${row.key}`;
  return { code: 'manual-value-superfluous', institutionKey: row.institution_key, subject, personRef: null, params };
}

/** @param manual what was ever set by hand of the account, newest first */
export function reconcileAccount(
  row: AccountRow,
  manual: readonly ManualValue[] = [],
): { change: PlanChange | null; finding: Finding | null } {
  const subject = `${row.source} ${row.key}`;
  if (row.institution_key === null) {
    return {
      change: null,
      finding: { code: 'institution-unknown', institutionKey: null, subject, personRef: 'account', params: {} },
    };
  }
  const day = row.registered_at.slice(0, 10);
  const deleted = row.state === '刪除';
  const after = withHand(Object.fromEntries(FIELDS.map((f) => [f, row[f]])), manual);
  const base = {
    entity: 'account' as const,
    institutionKey: row.institution_key,
    source: row.source,
    sourceKey: row.key,
    personRef: null,
    entityId: row.account_id,
    rule: 'R16',
    effective: day,
    registeredAt: row.registered_at,
    objectId: row.object_id,
    rowNo: row.row_no,
  };
  if (row.current === null) {
    const change: PlanChange = {
      ...base,
      action: 'add',
      reason: '新增帳號',
      before: null,
      after: { ...after, account_name: row.account_name },
    };
    return { change: deleted ? null : change, finding: null };
  }
  const current = row.current;
  const before = Object.fromEntries(FIELDS.map((f) => [f, current[f] ?? null]));
  const open = current.valid_to === OPEN;
  if (deleted && open && row.blocking !== null) {
    const params = { courses: row.blocking.length, first: row.blocking.slice(0, SHOWN).join('、') };
    const { institution_key: institutionKey } = row;
    return {
      change: null,
      finding: { code: 'account-deletion-blocked', institutionKey, subject, personRef: 'account', params },
    };
  }
  if (deleted) {
    return {
      change: open ? { ...base, action: 'end', reason: '帳號刪除', rule: 'R22', before, after } : null,
      finding: null,
    };
  }
  const moment = (v: unknown): unknown => (typeof v === 'string' && v.includes('T') ? Date.parse(v) : v);
  if (open && FIELDS.every((f) => moment(before[f]) === moment(after[f]))) return { change: null, finding: null };
  const finding: Finding | null = open
    ? null
    : { code: 'account-name-returned', institutionKey: row.institution_key, subject, personRef: 'account', params: {} };
  if (!open) return { change: null, finding };
  const bySource = { ...base, action: 'change' as const, reason: '帳號異動', before, after };
  return { change: { ...bySource, ...byCause(causeOf(before, after, manual), row.registered_at) }, finding };
}
