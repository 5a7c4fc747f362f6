/** Wrong usage or configuration: exit status 64. The message names the key, the value and what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
