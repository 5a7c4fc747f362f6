import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';
import { SERVER_PORT } from './home-layout.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { readIfPresent } from './read-if-present.ts';
import { serverProcesses } from './server-processes.ts';

interface Step {
  signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL';
  patienceMs: number;
}

/** A server without a keeper ends in order; children without a server, or who do not listen, end at once. */
const END_SERVER: readonly Step[] = [
  { signal: 'SIGINT', patienceMs: 60_000 },
  { signal: 'SIGQUIT', patienceMs: 10_000 },
  { signal: 'SIGKILL', patienceMs: 10_000 },
];
const END_ORPHANS = END_SERVER.slice(1);

/**
 * Ends whatever a killed keeper or server left running in the data directory.
 *
 * Lock files are left to PostgreSQL, who knows how to judge them against a server that starts at this very moment,
 * with one exception: after a restart of a container their number often belongs to another process, and PostgreSQL
 * would then wait for that one for ever.
 *
 * The lock of the home must be held: nobody else may be starting a server here on purpose.
 */
export async function clearLeftovers(data: string, socketDirectory: string, say: (line: string) => void) {
  const server = readPostmasterFile(data)?.pid;
  const left = serverProcesses(data);
  if (left.length > 0) say(`ending PostgreSQL processes left without a keeper: ${left.join(', ')}`);
  const steps = server !== undefined && left.includes(server) ? END_SERVER : END_ORPHANS;
  for (const { signal, patienceMs } of steps) {
    const targets = signal === 'SIGINT' && server !== undefined ? [server] : serverProcesses(data);
    for (const pid of targets) send(pid, signal);
    await untilNoneIsLeft(data, patienceMs);
  }
  const stuck = serverProcesses(data);
  if (stuck.length > 0) {
    throw new EmbeddedPostgresError(
      `PostgreSQL processes ${stuck.join(', ')} still work in ${data} and cannot be ended, so that a new server cannot ` +
        'start. A disk that does not answer is the usual reason: end them by hand or restart the machine.',
    );
  }
  for (const file of [join(data, 'postmaster.pid'), join(socketDirectory, `.s.PGSQL.${SERVER_PORT}.lock`)]) {
    const pid = Number.parseInt(readIfPresent(file) ?? '', 10);
    if (existsSync(`/proc/${pid}`) && !serverProcesses(data).includes(pid)) rmSync(file, { force: true });
  }
}

async function untilNoneIsLeft(data: string, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (serverProcesses(data).length > 0 && performance.now() < deadline) await delay(20);
}

function send(pid: number, signal: Step['signal']): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
