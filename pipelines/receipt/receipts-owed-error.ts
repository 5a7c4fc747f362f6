import { ExpectedError } from '../../schemas/expected-error.ts';
import { message } from '../../schemas/messages/catalogue.ts';

/** Some receipts could not be made, all others were given: the run owes them. The log says why. */
export class ReceiptsOwedError extends ExpectedError {
  readonly code = 'receipts-owed';

  constructor(sources: readonly string[]) {
    const params = { count: sources.length, first: sources[0] ?? '' };
    super(message('receipts-owed', params, 'en'));
  }
}
