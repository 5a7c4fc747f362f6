import type { ClientList } from './client-list.ts';
import { EmbeddedPostgresError, ServerKilledError } from './embedded-postgres-error.ts';
import type { RunningServer } from './run-server.ts';

export interface KeepOrder {
  clients: ClientList;
  start(): Promise<RunningServer>;
  lingerMs: number;
  say(line: string): void;
  /** Aborted when the keeper itself is told to end. */
  signal: AbortSignal;
}

/** A server that dies this often in a minute will not be helped by another start. */
const MOST_DEATHS_A_MINUTE = 5;

/**
 * The whole life of a server: started, restarted when it dies, stopped when deserted; and started again when somebody
 * came while it was stopping, so that nobody is ever turned away. Resolves when the server is stopped for good.
 */
export async function keepServer({ clients, start, lingerMs, say, signal }: KeepOrder): Promise<void> {
  const deaths: number[] = [];
  for (;;) {
    const server = await startDespiteKills(start, deaths, say);
    say(`PostgreSQL is ready as process ${server.pid}`);
    clients.announce({ state: 'ready' });
    const how = await untilOver(server, clients, lingerMs, signal);
    clients.announce(undefined);
    if (how === undefined) {
      say(signal.aborted ? 'told to end: stopping PostgreSQL' : 'the last client left: stopping PostgreSQL');
      await server.stop();
      if (signal.aborted || clients.count() === 0) return;
      say('a client came while PostgreSQL was stopping: starting it again');
    } else {
      say(`PostgreSQL ended by itself with ${how}: starting it again`);
      refuseCrashLoop(deaths, how);
    }
  }
}

async function startDespiteKills(start: KeepOrder['start'], deaths: number[], say: KeepOrder['say']) {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof ServerKilledError)) throw error;
      say(`${error.message} Starting it again`);
      refuseCrashLoop(deaths, error.message);
    }
  }
}

/** Resolves with how the server died, or with undefined when it is time to stop it. */
async function untilOver(server: RunningServer, clients: ClientList, lingerMs: number, signal: AbortSignal) {
  const over = new AbortController();
  try {
    const deserted = clients.untilDeserted(lingerMs, AbortSignal.any([signal, over.signal])).then(() => undefined);
    return await Promise.race([server.ended, deserted]);
  } finally {
    over.abort();
  }
}

function refuseCrashLoop(deaths: number[], how: string): void {
  const now = performance.now();
  deaths.push(now);
  if (deaths.filter((at) => now - at < 60_000).length < MOST_DEATHS_A_MINUTE) return;
  throw new EmbeddedPostgresError(
    `PostgreSQL died ${MOST_DEATHS_A_MINUTE} times within a minute (at last: ${how}). Memory that runs out is the usual ` +
      'reason (SIGKILL); server.log in the postgres folder of MINGCE_HOME says more.',
  );
}
