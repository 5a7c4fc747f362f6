import { ExpectedError } from './expected-error.ts';
import { message } from './messages/catalogue.ts';

export type AccountRequestErrorCode =
  | 'account-request-unknown'
  | 'account-request-other'
  | 'account-request-changed'
  | 'account-request-own-upload'
  | 'account-request-blocked';

/** What somebody wanted to record of a request to 本市教師研習中心 is refused; nothing was recorded. */
export class AccountRequestError extends ExpectedError {
  override readonly name = 'AccountRequestError';
  readonly code: AccountRequestErrorCode;

  /** @param more parameters that the English text has otherwise */
  constructor(code: AccountRequestErrorCode, params: Record<string, string | number>, more = params) {
    super(`${message(code, params, 'zh')}\n${message(code, { ...params, ...more }, 'en')}`);
    this.code = code;
  }
}
