import { clusterExists } from './check-cluster.ts';
import { clearLeftovers } from './clear-leftovers.ts';
import { createCluster } from './create-cluster.ts';
import type { ServerSettings } from './embedded-options.ts';
import { ServerKilledError } from './embedded-postgres-error.ts';
import { ensureDatabase } from './ensure-database.ts';
import { type HomeLayout, serverSocketDirectory } from './home-layout.ts';
import { ensurePassword } from './password-file.ts';
import type { PreparedBase } from './prepare-base.ts';
import { type RunningServer, runServer, type ServerOrder } from './run-server.ts';
import { serverBinaries } from './server-binaries.ts';
import { serverProcesses } from './server-processes.ts';
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
  const settings = serverSettings(sockets, extraSettings);
  const order = { account, postgres: binaries.postgres, data, settings, log: layout.serverLog };
  const server = await runAlone(order, sockets, say);
  const gone = new AbortController();
  server.ended.then((how) =>
    gone.abort(new ServerKilledError(`PostgreSQL ended with ${how} when it had just started.`)),
  );
  try {
    await ensureDatabase({ run, password, passwordFile: layout.password, signal: gone.signal });
  } catch (error) {
    const failure = gone.signal.aborted ? gone.signal.reason : error;
    await server.stop();
    throw failure;
  }
  return server;
}

const MOST_TRIES = 3;

/**
 * A server whose keeper was killed in the instant of starting it shows up only later. It and ours exclude each other
 * by PostgreSQL's own lock file; when ours was the one to give way, we end the other one and start again.
 */
async function runAlone(order: ServerOrder, sockets: string, say: (line: string) => void): Promise<RunningServer> {
  for (let tries = 1; ; tries++) {
    await clearLeftovers(order.data, sockets, say);
    try {
      return await runServer(order);
    } catch (error) {
      if (tries === MOST_TRIES || serverProcesses(order.data).length === 0) throw error;
    }
  }
}
