import { connectionUrl } from './connection-url.ts';
import { DEFAULT_LINGER_MS, type EmbeddedDatabase, type EmbeddedOptions } from './embedded-options.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { clusterBase, type HomeLayout, runDirectory, trustedUids } from './home-layout.ts';
import { joinKeeper } from './join-keeper.ts';
import { readPassword } from './password-file.ts';
import { prepareHome } from './prepare-home.ts';
import { stayJoined } from './stay-joined.ts';
import { whenItAnswers } from './when-it-answers.ts';

/**
 * Opens the PostgreSQL 18 that Mingce owns under its home, for when there is no DATABASE_URL: makes, starts, repairs or
 * shares it, whichever is needed, and resolves when it answers.
 *
 * The server belongs to a keeper (keeper.ts), not to us: other Mingce processes of this home use the same one, and it
 * goes on when we are killed. Throws EmbeddedPostgresError with sentences for the person at the terminal, or the
 * signal's reason.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { home, log, lingerMs = DEFAULT_LINGER_MS, settings = {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  const { layout, keeperAccount } = prepareHome(home);
  const join = { layout, keeperAccount, order: { home: layout.home, lingerMs, settings }, log };
  // From here on a keeper that dies is replaced, also while we still wait for the server's first answer.
  const membership = stayJoined(await joinKeeper(join, signal), join);
  try {
    const url = urlOf(layout);
    await whenItAnswers(url, signal, (client) => client.query('select 1'));
    return { url, close: () => membership.leave() };
  } catch (error) {
    await membership.leave();
    throw error;
  }
}

function urlOf(layout: HomeLayout): string {
  const run = runDirectory(clusterBase(layout), trustedUids(layout));
  const password = readPassword(layout.password);
  if (run !== undefined && password !== undefined) return connectionUrl(run, password);
  throw new EmbeddedPostgresError(
    `The embedded PostgreSQL runs, but its ${run === undefined ? 'socket folder' : `password file ${layout.password}`} ` +
      'was removed meanwhile. Stop all Mingce processes and start again.',
  );
}
