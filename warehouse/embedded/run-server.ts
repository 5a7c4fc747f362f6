import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerSettings } from './embedded-options.ts';
import { ServerKilledError } from './embedded-postgres-error.ts';
import { explainFailure } from './explain-failure.ts';
import { readTail } from './log-file.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { serverEnvironment } from './server-environment.ts';
import { setprivPath } from './setpriv-path.ts';
import type { UnixAccount } from './unix-account.ts';

export interface ServerOrder {
  account: UnixAccount;
  postgres: string;
  data: string;
  settings: ServerSettings;
  /** Where the server writes its log. */
  log: string;
}

export interface RunningServer {
  pid: number;
  /** How it ended, for the log. Also resolves when the server was stopped. */
  ended: Promise<string>;
  /** Fast shutdown: open transactions are rolled back, all that was committed is on disk. */
  stop(): Promise<void>;
}

/** Patience before a shutdown that does not end is made harder. A last checkpoint of a bulk load takes its time. */
const FAST_SHUTDOWN_MS = 120_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;

/** Starts PostgreSQL as a child that ends with us, and resolves when it accepts connections. */
export async function runServer(order: ServerOrder): Promise<RunningServer> {
  const log = openSync(order.log, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const child = spawnPostgres(order, log);
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (status, signal) => resolve(signal === null ? `status ${status}` : `signal ${signal}`));
  });
  await untilReady(order, child, ended, logStart);
  return { pid: child.pid!, ended, stop: () => stop(child, ended) };
}

/** Through setpriv where there is one: the kernel then stops the server when we die, even by SIGKILL. */
function spawnPostgres({ account, postgres, data, settings }: ServerOrder, log: number): ChildProcess {
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const common = { cwd: '/', env: serverEnvironment(), stdio: ['ignore', log, log] as ['ignore', number, number] };
  const isSelf = account.uid === process.geteuid?.();
  const setpriv = setprivPath();
  if (setpriv === undefined) {
    return spawn(postgres, args, { ...common, ...(isSelf ? {} : { uid: account.uid, gid: account.gid }) });
  }
  const drop = isSelf ? [] : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  return spawn(setpriv, [...drop, '--pdeathsig=INT', '--', postgres, ...args], common);
}

async function untilReady(order: ServerOrder, child: ChildProcess, ended: Promise<string>, logStart: number) {
  for (;;) {
    const end = await Promise.race([ended, delay(10)]);
    if (end !== undefined) {
      if (child.signalCode !== null) throw new ServerKilledError(`PostgreSQL was ended by ${end} while it started.`);
      const output = `${readTail(order.log, logStart)}\n(ended with ${end}; data in ${order.data})`;
      throw explainFailure('PostgreSQL did not start', output);
    }
    const file = readPostmasterFile(order.data);
    if (file?.ready && file.pid === child.pid) return;
  }
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGINT');
  const harder = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
  const hardest = setTimeout(() => child.kill('SIGKILL'), FAST_SHUTDOWN_MS + IMMEDIATE_SHUTDOWN_MS);
  await ended;
  clearTimeout(harder);
  clearTimeout(hardest);
}
