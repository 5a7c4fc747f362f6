/** An installation of its own with one school's roster in its inbox, run by real processes that a test may stop and kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { connect, type Database } from '../../../warehouse/connect.ts';
import { PASSWORD, type SftpServer, startSftpServer, USER } from '../../connectors/support/sftp-server.ts';
import { createTestDatabase } from '../../support/database.ts';

export const CODE = '064601';
export const SOURCE = `roster/${CODE}`;
const ARRIVED = new Date('2024-07-29T10:00:00+08:00');

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
  ms: number;
  /** Most memory that the process had at once; 0 where it was killed. */
  peakMiB: number;
}

export interface RosterPlace {
  db: Database;
  inbox: string;
  /** The roster in the inbox. */
  file: string;
  /** What serves the inbox, where it is not a folder here. */
  server: SftpServer | null;
  mingce(...args: string[]): ChildProcess & { ended: Promise<Ended> };
  remove(): Promise<void>;
}

/** Lets a process say its peak with its last breath: that of the whole process, so threads need not. */
const SAY_PEAK = `data:text/javascript,${encodeURIComponent(`
  import { isMainThread } from 'node:worker_threads';
  if (isMainThread) process.on('exit', () => process.stderr.write('peak KiB: ' + process.resourceUsage().maxRSS + '\\n'));`)}`;

/** What lives in the heap must fit into it, or the process dies; and what only lies about is collected before it is much, so that peaks can be compared. */
const HEAP = '--max-old-space-size=128';

/** @param roster copied into the inbox, as if it had arrived the evening before. @param where the inbox is a folder here, or on an SFTP server */
export async function makeRosterPlace(roster: string, where: 'here' | 'sftp' = 'here'): Promise<RosterPlace> {
  const database = await createTestDatabase();
  const home = await mkdtemp(path.join(os.tmpdir(), 'mingce-large-'));
  const inbox = path.join(home, 'inbox');
  const file = path.join(inbox, `${CODE}.csv`);
  await mkdir(inbox);
  await copyFile(roster, file);
  await utimes(file, ARRIVED, ARRIVED);
  const server = where === 'sftp' ? await startSftpServer(inbox) : null;
  const sources = [
    {
      type: 'institution-list',
      name: 'schools',
      path: path.resolve('samples/institutions/schools.csv'),
      layout: 'schools',
    },
    { type: 'roster-files', name: 'roster', ...(server ? { sftp: access(server) } : { inbox: 'inbox' }) },
  ];
  await writeFile(path.join(home, 'mingce.yaml'), stringify({ simulation: true, sources }));
  await writeFile(path.join(home, 'key'), randomBytes(32).toString('base64'), { mode: 0o600 });
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    MINGCE_HOME: home,
    MINGCE_CONFIG: path.join(home, 'mingce.yaml'),
    MINGCE_KEY_FILE: path.join(home, 'key'),
    SFTP_PASSWORD: PASSWORD,
    LOG_LEVEL: 'warn',
  };
  const db = connect(database.url);
  return {
    db,
    inbox,
    file,
    server,
    mingce: (...args) => run(args, env),
    async remove() {
      await db.destroy();
      await database.drop();
      await server?.close();
      await rm(home, { recursive: true });
    },
  };
}

/** Nobody waits for a deadline here: a server that does not answer is killed for. */
const access = ({ port, hostKey }: SftpServer) => ({
  host: '127.0.0.1',
  port,
  user: USER,
  passwordEnv: 'SFTP_PASSWORD',
  hostKey,
  folder: '.',
  timeoutSeconds: 600,
});

function run(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess & { ended: Promise<Ended> } {
  const began = performance.now();
  const child = spawn(process.execPath, [HEAP, '--import', SAY_PEAK, path.resolve('cli/main.ts'), ...args], { env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece) => (stdout += piece));
  child.stderr.on('data', (piece) => (stderr += piece));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (status) => {
      const peakMiB = Math.round(Number(/peak KiB: (\d+)/.exec(stderr)?.[1] ?? 0) / 1024);
      resolve({ status, stdout: stdout.trim(), stderr, ms: performance.now() - began, peakMiB });
    }),
  );
  return Object.assign(child, { ended });
}
