import { ExpectedError } from './expected-error.ts';
import { message } from './messages/catalogue.ts';
import { WrongRequestError } from './wrong-request.ts';

type Params = Record<string, string | number>;
const bothOf = (code: string, params: Params): string =>
  `${message(code, params, 'zh')}\n${message(code, params, 'en')}`;

/** Somebody may not do what they asked for. `code` is an entry of the message catalogue. */
export class UserRefusedError extends ExpectedError {
  override readonly name = 'UserRefusedError';
  readonly code: string;

  constructor(code: string, params: Params = {}) {
    super(bothOf(code, params));
    this.code = code;
  }
}

/** What was asked for of a user cannot be: wrong usage. `code` is an entry of the message catalogue. */
export class UserRequestError extends WrongRequestError {
  override readonly name = 'UserRequestError';
  readonly code: string;

  constructor(code: string, params: Params = {}) {
    super(bothOf(code, params));
    this.code = code;
  }
}
