import type { RawRow } from '../../schemas/columns.ts';
import type { AccountRecord } from '../../schemas/records.ts';
import { cleanCell, codeText, nfkc, saysNothing } from './clean-text.ts';
import { ACCOUNT_STATE, readCoded } from './coded-values.ts';
import type { NormaliseContext } from './context.ts';
import { readPersonName } from './person-name.ts';
import { type DayReader, readDay } from './read-day.ts';
import { readIdentifier, UNUSABLE } from './read-identifier.ts';
import { readRegisteredAt } from './read-registered-at.ts';
import { readUnit } from './read-unit.ts';
import { accountKey } from './record-key.ts';
import type { RowIssues } from './row-issues.ts';

const LONGEST_ACCOUNT_NAME = 100;
const DECIMAL_TAIL = /^\d+\.0+$/;

/** Reads one business account (業務帳號). Kinds are configuration, so any text is one; a state that is unknown rejects the row (R18, R21). */
export function makeAccountReader(
  context: NormaliseContext,
  days: DayReader,
): (values: RawRow['values'], issues: RowIssues) => AccountRecord {
  return (values, issues) => {
    const unit = readUnit(values, context, issues);
    const accountName = readAccountName(values.accountName, issues);
    const accountKind = cleanCell(values.accountKind, 'accountKind', issues);
    if (saysNothing(accountKind)) issues.reject('account-kind-missing', 'accountKind', null);
    const identifier = readIdentifier(values.nationalId, values.idDigest, issues);
    const holderName = readPersonName(values.holderName, 'holderName', issues);
    const state = readCoded(values.state, 'state', ACCOUNT_STATE, issues);
    if (state === null || state === undefined) issues.reject('account-state-unknown', 'state', values.state ?? null);
    const registeredAt = readRegisteredAt(
      cleanCell(values.registeredAt, 'registeredAt', issues),
      'registeredAt',
      issues,
    );
    return {
      kind: 'account',
      key: unit.code === '' || accountName === '' ? '' : accountKey(unit.code, accountName),
      institutionCode: unit.code,
      institutionSection: unit.section,
      accountName,
      accountKind,
      identifier: identifier === UNUSABLE ? null : identifier,
      holderName: saysNothing(holderName) ? null : holderName,
      state: state ?? '停用',
      enabledOn: readDay(values.enabledOn, 'enabledOn', days, issues),
      lastLoginAt: readRegisteredAt(cleanCell(values.lastLoginAt, 'lastLoginAt', issues), 'lastLoginAt', issues),
      registeredAt: registeredAt ?? context.registeredFallback,
      registeredBy: registeredAt === null ? 'arrival' : 'source',
    };
  };
}

/** As the system spells it, in half width; `5567461.0` is Excel's. Case is kept for people and left out of the key. */
function readAccountName(raw: string | undefined, issues: RowIssues): string {
  const text = nfkc(cleanCell(raw, 'accountName', issues));
  if (saysNothing(text)) {
    issues.reject('account-name-missing', 'accountName', null);
    return '';
  }
  if (text.length > LONGEST_ACCOUNT_NAME) {
    issues.reject('account-name-too-long', 'accountName', text, { longest: LONGEST_ACCOUNT_NAME });
    return '';
  }
  return DECIMAL_TAIL.test(text) ? codeText(text) : text;
}
