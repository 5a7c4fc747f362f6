/**
 * A source failed as a whole: down, refusing, unreadable, or not proven complete. The run goes on without it and its previous
 * picture stands. `code` is an entry of the message catalogue; `params` fill its text and never hold a personal value.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: string;
  readonly params: Record<string, string | number>;
  /** Worth another try in the same run (network, 5xx), or final (wrong credentials, broken file). */
  readonly retryable: boolean;

  constructor(
    code: string,
    params: Record<string, string | number> = {},
    options: { cause?: unknown; retryable?: boolean } = {},
  ) {
    super(`${code} ${JSON.stringify(params)}`, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.params = params;
    this.retryable = options.retryable ?? false;
  }
}
