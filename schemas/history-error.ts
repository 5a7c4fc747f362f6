import { message } from './messages/catalogue.ts';
import type { HISTORY_MESSAGES } from './messages/history.ts';
import { WrongRequestError } from './wrong-request.ts';

/** What is asked of is past its retention and was deleted. Refused, for a part of it would be taken for the whole. The message speaks both languages. */
export class HistoryForgottenError extends WrongRequestError {
  override readonly name = 'HistoryForgottenError';
  readonly code: keyof typeof HISTORY_MESSAGES;

  constructor(code: keyof typeof HISTORY_MESSAGES, params: Record<string, string | number>) {
    super(`${message(code, params, 'zh')}\n${message(code, params, 'en')}`);
    this.code = code;
  }
}
