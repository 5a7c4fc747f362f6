/**
 * What may stop an account on its way from one state to another, each with the rule that it stands for. A guard that refuses says which exception names
 * what blocks it. Pure.
 */
import type { ExceptionCode } from '../../schemas/messages/exceptions.ts';
import type { AccountRow } from '../../schemas/plan.ts';
import { type AccountState, LEAD_KIND } from '../../schemas/records.ts';

/** As the warehouse knows an account; 無 is one that it never knew. */
export type KnownState = AccountState | '無';

export interface AccountStep {
  row: AccountRow;
  from: KnownState;
  to: AccountState;
  /** An account of a 總負責人, before the step or after it. */
  lead: boolean;
  holder: 'same' | 'other' | 'untold';
  /** The file itself names the holder by an identifier, and it is that of whoever had the account. */
  identified: boolean;
}

export interface Refusal {
  code: ExceptionCode;
  params: Record<string, string | number>;
}

/** @returns null where the step may be taken */
export type AccountGuard = (step: AccountStep) => Refusal | null;

/** Course codes that a message names. */
const SHOWN = 5;

/** R21: every course that the account registered is 名單確認通過. */
export const coursesThrough: AccountGuard = ({ row }) =>
  row.blocking === null
    ? null
    : {
        code: 'account-deletion-blocked',
        params: { courses: row.blocking.length, first: row.blocking.slice(0, SHOWN).join('、') },
      };

/** R19: a freed name is never another person's. Whoever had it may have it again, where an identifier says that it is they; a name alone says nothing. */
export const nameNotFreed: AccountGuard = ({ identified }) =>
  identified ? null : { code: 'account-name-returned', params: {} };

/** R19, of a 總負責人: nobody gets the account of another one. Of other accounts what the school says is recorded and told (`warehouse/account-findings.ts`). */
export const notHandedOver: AccountGuard = ({ lead, holder }) =>
  lead && holder === 'other' ? { code: 'account-lead-handed-over', params: {} } : null;

const asked = ({ from, to }: AccountStep): '開通' | '異動' | '刪除' =>
  to === '刪除' ? '刪除' : to === '啟用' && from !== '啟用' ? '開通' : '異動';

/**
 * R18, R22: of an account of a 總負責人 a school's file can only ask; it stands until 本市教師研習中心 did what was asked and the bureau recorded that. What
 * the first file of a school says is how its accounts are. Who signed in last, on which day it was enabled and by whom are no change of the account.
 */
export const throughCentre: AccountGuard = (step) => {
  const { row, from, to, lead, holder } = step;
  const changes =
    from !== to || holder === 'untold' || (row.current !== null && row.current.account_kind !== row.account_kind);
  if (!lead || !changes || row.first_picture || row.confirmed) return null;
  return { code: 'account-lead-requested', params: { asked: asked(step), digest: row.digest } };
};

/** R18, R22: an application that the centre granted is nobody's to take back, though the school's file does not have it as 啟用 yet. */
export const throughCentreOnceGranted: AccountGuard = (step) =>
  step.row.centre_state === '啟用' ? throughCentre(step) : null;

/**
 * The row with what is known of its holder where it does not say: one that leaves the holder out, or one of the two by which he is known while the other stands, gives up nothing.
 */
export function withHolder(row: AccountRow): AccountRow {
  if (row.current === null) return row;
  const { id_hmac: id = null, holder_name: name = null } = row.current as Pick<AccountRow, 'id_hmac' | 'holder_name'>;
  const sameName = row.holder_name === null || row.holder_name === name;
  const sameId = row.id_hmac === null || row.id_hmac === id;
  return {
    ...row,
    id_hmac: row.id_hmac ?? (sameName ? id : null),
    holder_name: row.holder_name ?? (sameId ? name : null),
  };
}

/**
 * Whether the row names the holder that is known. Nothing is guessed: another name without an identifier on both sides is `untold`. So is, of a 總負責人, whoever is named where nobody
 * was, another identifier under the same name, and another name whatever the roster says, for two files must not do what one may not.
 */
export function holderOf(row: AccountRow, lead: boolean): AccountStep['holder'] {
  const { current } = row;
  if (current === null) return 'same';
  const [id, name] = [current.id_hmac ?? null, current.holder_name ?? null];
  if (row.id_hmac === null && row.holder_name === null) return 'same';
  if (id === null && name === null) return lead ? 'untold' : 'same';
  const otherId = id !== null && row.id_hmac !== null && id !== row.id_hmac;
  if (name !== null && name === row.holder_name) return lead && otherId && !row.one_person ? 'untold' : 'same';
  if (id === null || row.id_hmac === null) return 'untold';
  if (otherId && !row.one_person) return 'other';
  return lead && name !== null && row.holder_name !== null ? 'untold' : 'same';
}

/**
 * @param from as known so far
 * @param told the identifier that the file itself gives
 */
export function stepOf(row: AccountRow, from: KnownState, told: string | null): AccountStep {
  const lead = row.account_kind === LEAD_KIND || row.current?.account_kind === LEAD_KIND;
  const id = row.current?.id_hmac ?? null;
  const identified = told !== null && id !== null && (told === id || row.one_person);
  return { row, from, to: row.state, lead, holder: holderOf(row, lead), identified };
}
