/**
 * Why the embedded PostgreSQL cannot be used, told to the person at the terminal.
 *
 * The message is made of sentences: what is wrong (with the value), what was expected, what to do. It never holds the
 * password or a connection URL.
 */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** PostgreSQL was killed from outside before it was ready, by the system for want of memory or by somebody's hand. */
export class ServerKilledError extends EmbeddedPostgresError {}
