/**
 * The keeper: a process of its own that owns the PostgreSQL server of one MINGCE_HOME, so that no Mingce process owns a
 * server that another one uses. Started by start-keeper.ts; a process root.
 *
 * - At most one keeper per home: it holds the home's lock as long as it lives, and the kernel gives that back.
 * - It listens before it starts the server, so that every starter hears why a start failed.
 * - It ends when the server has stopped because nobody uses it. Nothing is left running then.
 */
import { listenForClients } from './client-list.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { takeExclusiveLock } from './exclusive-lock.ts';
import { explainFailure } from './explain-failure.ts';
import { homeLayout, keeperSocket } from './home-layout.ts';
import { keepServer } from './keep-server.ts';
import { ANOTHER_KEEPER, type KeeperMessage, type KeeperOrder, parseOrder } from './keeper-protocol.ts';
import { rotateLog } from './log-file.ts';
import { leaveRun, prepareBase } from './prepare-base.ts';
import { startServer } from './start-server.ts';

/** How long a keeper that failed waits for its starter to connect and hear why. */
const HEARING_MS = 5_000;

async function keep(order: KeeperOrder, signal: AbortSignal): Promise<void> {
  const layout = homeLayout(order.home);
  const lock = takeExclusiveLock(layout.lock);
  if (lock === undefined) {
    process.exitCode = ANOTHER_KEEPER;
    return;
  }
  rotateLog(layout.serverLog);
  const place = prepareBase(layout);
  const clients = await listenForClients(keeperSocket(place.run));
  let lastWords: KeeperMessage | undefined;
  try {
    const start = () => startServer(layout, place, order.settings, say);
    await keepServer({ clients, start, lingerMs: order.lingerMs, say, signal });
  } catch (error) {
    lastWords = reportFailure(error);
    await clients.untilVisited(HEARING_MS);
  }
  await clients.close(lastWords);
  leaveRun(place);
  lock.release();
}

/** Leaves the failure in the log, with its stack when it is none we foresaw, and as the message that clients get. */
function reportFailure(error: unknown): KeeperMessage {
  process.exitCode = 1;
  const foreseen = error instanceof EmbeddedPostgresError;
  if (!foreseen) say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const reason = foreseen ? error.message : explainFailure('The embedded PostgreSQL failed', String(error)).message;
  const message: KeeperMessage = { state: 'failed', reason };
  process.stderr.write(`${JSON.stringify(message)}\n`);
  return message;
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString()} keeper ${process.pid}: ${line}\n`);
}

// PostgreSQL's account may be another one and has to read what we copy; secrets are made with their own modes.
process.umask(0o022);
const told = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => told.abort());
try {
  await keep(parseOrder(process.argv[2]), told.signal);
} catch (error) {
  reportFailure(error);
}
