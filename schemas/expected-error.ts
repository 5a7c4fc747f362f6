/** The one who asked can act on the message alone: it is shown without a trace. */
export class ExpectedError extends Error {
  override readonly name: string = 'ExpectedError';
}
