import { message, statement } from './messages/catalogue.ts';
import type { ValueErrorCode } from './messages/values.ts';
import type { Issue } from './records.ts';
import { WrongRequestError } from './wrong-request.ts';

/** A value that cannot be set by hand, or ended: wrong usage, and the value itself is not repeated. The message speaks both languages. */
export class ManualValueError extends WrongRequestError {
  override readonly name = 'ManualValueError';
  readonly code: ValueErrorCode;

  /** @param issue of the reading, for `value-unreadable` */
  constructor(code: ValueErrorCode, params: Record<string, string | number> = {}, issue?: Issue) {
    const why = (language: 'zh' | 'en') =>
      issue === undefined ? {} : { why: statement(issue.code, issue.params ?? {}, language) };
    super(`${message(code, { ...params, ...why('zh') }, 'zh')}\n${message(code, { ...params, ...why('en') }, 'en')}`);
    this.code = code;
  }
}
