import { message } from './messages/catalogue.ts';
import type { ReviewErrorCode } from './messages/review.ts';
import { WrongRequestError } from './wrong-request.ts';

/** What cannot be decided, or taken back: wrong usage, and nothing was recorded. The message speaks both languages. */
export class ReviewError extends WrongRequestError {
  override readonly name = 'ReviewError';
  readonly code: ReviewErrorCode;

  constructor(code: ReviewErrorCode, params: Record<string, string | number>) {
    super(`${message(code, params, 'zh')}\n${message(code, params, 'en')}`);
    this.code = code;
  }
}
