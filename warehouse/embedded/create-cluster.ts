import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { explainFailure } from './explain-failure.ts';
import { unlessAbsent } from './read-if-present.ts';
import { refuseFullDisk } from './refuse-full-disk.ts';
import type { ServerBinaries } from './server-binaries.ts';
import { serverEnvironment } from './server-environment.ts';
import type { UnixAccount } from './unix-account.ts';

export interface ClusterOrder {
  account: UnixAccount;
  binaries: ServerBinaries;
  data: string;
  password: string;
  /** Whether to wait until the disk has it; tests do not. */
  sync: boolean;
}

/** An empty cluster with its first write-ahead log takes 40 MB; below this nothing useful fits beside it. */
const LEAST_FREE_MEGABYTES = 256;

/**
 * Runs initdb beside the final place and renames: a crash on the way leaves no half-made data directory that looks
 * like a whole one. The workshop has a new name each time, because an initdb whose keeper was killed may still be
 * writing to the old one.
 */
export async function createCluster({ account, binaries, data, password, sync }: ClusterOrder): Promise<void> {
  const base = dirname(data);
  clearWorkshops(base);
  refuseFullDisk(base, LEAST_FREE_MEGABYTES);
  const workshop = mkdtempSync(join(base, WORKSHOP));
  chmodSync(workshop, 0o711);
  const unfinished = join(workshop, 'data');
  const passwordFile = join(workshop, 'password');
  mkdirSync(unfinished, { mode: 0o700 });
  chownSync(unfinished, account.uid, account.gid);
  try {
    writePrivate(passwordFile, password, account);
    await runInitdb({ account, binaries, unfinished, passwordFile, sync });
    unlessAbsent(() => rmdirSync(data));
    renameSync(unfinished, data);
    if (sync) syncFolder(base);
  } finally {
    clearWorkshops(base);
  }
}

const WORKSHOP = 'making-';

function clearWorkshops(base: string): void {
  for (const name of readdirSync(base)) {
    if (!name.startsWith(WORKSHOP)) continue;
    rmSync(join(base, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

function writePrivate(path: string, text: string, reader: UnixAccount): void {
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, text);
  fchownSync(file, reader.uid, reader.gid);
  closeSync(file);
}

interface InitdbOrder {
  account: UnixAccount;
  binaries: ServerBinaries;
  unfinished: string;
  passwordFile: string;
  sync: boolean;
}

async function runInitdb({ account, binaries, unfinished, passwordFile, sync }: InitdbOrder): Promise<void> {
  const args = [`--pgdata=${unfinished}`, '--username=mingce', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  args.push('--no-instructions', ...(sync ? [] : ['--no-sync']));
  const drop = account.uid === process.geteuid?.() ? {} : { uid: account.uid, gid: account.gid };
  try {
    await promisify(execFile)(binaries.initdb, args, { ...drop, cwd: '/', env: serverEnvironment() });
  } catch (error) {
    if (!(error instanceof Error) || !('stderr' in error)) throw error;
    const output = `${error.stderr}`.trim() || error.message;
    throw explainFailure(`PostgreSQL could not make its data directory ${unfinished} (initdb)`, output, error);
  }
}

/** Makes a rename in the folder survive a loss of power. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
