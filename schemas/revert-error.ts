import { ExpectedError } from './expected-error.ts';
import { message } from './messages/catalogue.ts';

export type RevertErrorCode =
  | 'revert-not-applied'
  | 'revert-running'
  | 'revert-already'
  | 'revert-already-undone'
  | 'revert-nothing'
  | 'revert-forgotten';

/** A run that cannot be undone; nothing was recorded. The message speaks both languages: the bureau decides, ops types. */
export class RevertError extends ExpectedError {
  override readonly name = 'RevertError';
  readonly code: RevertErrorCode;

  constructor(code: RevertErrorCode, params: Record<string, string | number>) {
    super(`${message(code, params, 'zh')}\n${message(code, params, 'en')}`);
    this.code = code;
  }
}
