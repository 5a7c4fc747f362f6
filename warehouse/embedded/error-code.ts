/** The `code` of a system, PostgreSQL or SQLite error, so that callers catch by code and rethrow the rest. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
