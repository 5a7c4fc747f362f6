import { message } from './messages/catalogue.ts';
import { WrongRequestError } from './wrong-request.ts';

export type ExceptionErrorCode =
  | 'exception-unknown'
  | 'exception-closed'
  | 'exception-not-suppressed'
  | 'suppress-until-past';

/** What cannot be put aside, or taken back: nothing was recorded. The message speaks both languages. */
export class ExceptionError extends WrongRequestError {
  override readonly name = 'ExceptionError';
  readonly code: ExceptionErrorCode;

  constructor(code: ExceptionErrorCode, params: Record<string, string | number>) {
    super(`${message(code, params, 'zh')}\n${message(code, params, 'en')}`);
    this.code = code;
  }
}
