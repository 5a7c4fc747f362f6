import { ExpectedError } from './expected-error.ts';
import { message } from './messages/catalogue.ts';

export type HoldErrorCode =
  | 'hold-unknown'
  | 'hold-moved'
  | 'hold-withdrawn'
  | 'hold-superseded'
  | 'hold-approved'
  | 'hold-shares-discarded'
  | 'hold-own-upload'
  | 'hold-own-revert';

/** A decision about a held plan that is refused; nothing was recorded. The message speaks both languages: the bureau decides, ops types. */
export class HoldError extends ExpectedError {
  override readonly name = 'HoldError';
  readonly code: HoldErrorCode;

  constructor(code: HoldErrorCode, params: Record<string, string | number>) {
    super(`${message(code, params, 'zh')}\n${message(code, params, 'en')}`);
    this.code = code;
  }
}
