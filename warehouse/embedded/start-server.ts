import { clusterExists } from './check-cluster.ts';
import { clearLeftovers } from './clear-leftovers.ts';
import { createCluster } from './create-cluster.ts';
import type { ServerSettings } from './embedded-options.ts';
import { ServerKilledError } from './embedded-postgres-error.ts';
import { ensureDatabase } from './ensure-database.ts';
import { type HomeLayout, serverSocketDirectory } from './home-layout.ts';
import { ensurePassword } from './password-file.ts';
import type { PreparedBase } from './prepare-base.ts';
import { type RunningServer, runServer } from './run-server.ts';
import { serverBinaries } from './server-binaries.ts';
import { serverSettings } from './server-settings.ts';

/** Everything between a home and a server that answers: the stages of a start, in order. The lock must be held. */
export async function startServer(
  layout: HomeLayout,
  { account, base, data, run }: PreparedBase,
  extraSettings: ServerSettings,
  say: (line: string) => void,
): Promise<RunningServer> {
  const sockets = serverSocketDirectory(run);
  const binaries = serverBinaries(account, base);
  const exists = clusterExists(data, account);
  const password = ensurePassword(layout.password, data);
  if (!exists) {
    say(`making a new cluster in ${data}, owned by ${account.name}`);
    await createCluster({ account, binaries, data, password, sync: extraSettings.fsync !== 'off' });
  }
  await clearLeftovers(data, sockets, say);
  const settings = serverSettings(sockets, extraSettings);
  const server = await runServer({ account, postgres: binaries.postgres, data, settings, log: layout.serverLog });
  const gone = new AbortController();
  server.ended.then((how) =>
    gone.abort(new ServerKilledError(`PostgreSQL ended with ${how} when it had just started.`)),
  );
  try {
    await ensureDatabase({ run, password, passwordFile: layout.password, signal: gone.signal });
  } catch (error) {
    await server.stop();
    throw gone.signal.aborted ? gone.signal.reason : error;
  }
  return server;
}
