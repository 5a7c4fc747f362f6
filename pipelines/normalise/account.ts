import type { RawRow } from '../../schemas/columns.ts';
import type { AccountRecord } from '../../schemas/records.ts';
import { readAccountKind } from './account-kind.ts';
import { readAccountName } from './account-name.ts';
import { cleanCell, saysNothing } from './clean-text.ts';
import { ACCOUNT_STATE, readCoded } from './coded-values.ts';
import type { NormaliseContext } from './context.ts';
import { readPersonName } from './person-name.ts';
import { type DayReader, readDay } from './read-day.ts';
import { readIdentifier, UNUSABLE } from './read-identifier.ts';
import { readMoment, readRegistration } from './read-registration.ts';
import { readUnit } from './read-unit.ts';
import { accountKey } from './record-key.ts';
import type { RowIssues } from './row-issues.ts';

/** A name that an account can do without. */
function nameOrNull(raw: string | undefined, column: string, issues: RowIssues): string | null {
  const name = readPersonName(raw, column, issues);
  return saysNothing(name) ? null : name;
}

/** Nobody signed in after the list was sent: such a day would keep an account from ever being idle. */
function readLastLogin(
  raw: string | undefined,
  { registeredFallback }: NormaliseContext,
  issues: RowIssues,
): string | null {
  const moment = readMoment(raw, 'lastLoginAt', issues);
  if (moment === null || moment <= registeredFallback) return moment;
  issues.warn('signed-in-in-future', 'lastLoginAt', moment);
  return null;
}

/** Reads one business account (業務帳號). A state that is unknown rejects the row (R18, R21). Who applied and who enabled are names that few files have (R20). */
export function makeAccountReader(
  context: NormaliseContext,
  days: DayReader,
): (values: RawRow['values'], issues: RowIssues) => AccountRecord {
  return (values, issues) => {
    const unit = readUnit(values, context, issues);
    const accountName = readAccountName(values.accountName, issues);
    const accountKind = readAccountKind(cleanCell(values.accountKind, 'accountKind', issues));
    if (saysNothing(accountKind)) issues.reject('account-kind-missing', 'accountKind', null);
    const identifier = readIdentifier(values.nationalId, values.idDigest, issues);
    const state = readCoded(values.state, 'state', ACCOUNT_STATE, issues);
    if (state === null || state === undefined) issues.reject('account-state-unknown', 'state', values.state ?? null);
    const registration = readRegistration(values.registeredAt, context, issues);
    return {
      kind: 'account',
      key: unit.code === '' || accountName === null ? '' : accountKey(unit.code, accountName.forKey),
      institutionCode: unit.code,
      institutionSection: unit.section,
      accountName: accountName?.shown ?? '',
      accountKind,
      identifier: identifier === UNUSABLE ? null : identifier,
      holderName: nameOrNull(values.holderName, 'holderName', issues),
      state: state ?? '停用',
      enabledOn: readDay(values.enabledOn, 'enabledOn', days, issues),
      lastLoginAt: readLastLogin(values.lastLoginAt, context, issues),
      appliedBy: nameOrNull(values.appliedBy, 'appliedBy', issues),
      enabledBy: nameOrNull(values.enabledBy, 'enabledBy', issues),
      ...registration,
    };
  };
}
