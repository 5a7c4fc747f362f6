import { ExpectedError } from './expected-error.ts';

/** What was asked for cannot be: no such run, a moment that has not come. Wrong usage: the message names the value and what was expected. */
export class WrongRequestError extends ExpectedError {
  override readonly name: string = 'WrongRequestError';
}
