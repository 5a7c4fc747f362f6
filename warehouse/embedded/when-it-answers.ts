import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';

/** Going down (57P01), crashed (57P02), starting up (57P03), or all connections taken just now (53300): not for long. */
const PASSING = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '53300']);
const PATIENCE_MS = 60_000;
const NO_ANSWER =
  `The embedded PostgreSQL runs, but has not taken a connection for ${PATIENCE_MS / 1000} s. Stop all Mingce processes ` +
  'and start again; server.log in the postgres folder of MINGCE_HOME says more.';

/**
 * Uses a connection to the server, and tries again from the start while the server is coming, going or being restarted
 * after a crash: what is done with the connection has to bear that.
 *
 * A server that says `ready` may have been killed this very moment; trying is the only way to know.
 */
export async function whenItAnswers(
  url: string,
  signal: AbortSignal,
  use: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    signal.throwIfAborted();
    const client = new pg.Client({ connectionString: url });
    // Without a listener a connection that breaks would end the process; what is under way fails with the same error.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await use(client);
      return;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (performance.now() > deadline) throw new EmbeddedPostgresError(NO_ANSWER, { cause: error });
      await delay(20, undefined, { signal });
    } finally {
      await client.end();
    }
  }
}

function isPassing(error: unknown): boolean {
  // The errors of pg itself have no code.
  return PASSING.has(errorCode(error) ?? '') || (error instanceof Error && /Connection terminated/.test(error.message));
}
