/**
 * An installation that publishes: a PostgreSQL of its own (its sessions are killed), a city of one large school, the commands as processes, and a reader that looks all the
 * while. Under root its stored files and some of the exports lie on small disks, which a test may fill.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { addToken } from '../../../warehouse/api-tokens.ts';
import { openEmbedded } from '../../../warehouse/embedded/open-embedded.ts';
import { serverAccount } from '../../../warehouse/embedded/server-account.ts';
import { migrate } from '../../../warehouse/migrate.ts';
import { CAMPAIGN, CUT_OFF, World } from '../../pipelines/snapshot/world.ts';
import { makeHome, removeHome, THROWAWAY } from '../../support/embedded-home.ts';
import { until } from '../../support/until.ts';
import { addBureau, asks, OPS } from '../../support/users.ts';
import type { ReaderOrder, Turn } from './reader-order.ts';

export const IS_ROOT = process.geteuid?.() === 0;
export const KIND = 'teacher-plan';
const KEY = 7;
const PEOPLE = 2000;
const NEWEST_RUN = '2024-09-01T02:00:00+08:00';
const QUIET = { info: () => undefined, warn: () => undefined };
const run = promisify(execFile);

export interface Ended {
  status: number | null;
  out: string;
  err: string;
  ms: number;
}
export type Command = ChildProcess & { ended: Promise<Ended> };

/** A disk of its own, as large as it is told to be. */
export interface SmallDisk {
  dir: string;
  /** @param more bytes than are used now */
  leave(more: number): Promise<void>;
  widen(): Promise<void>;
  used(): Promise<number>;
}

export interface PublishPlace {
  world: World;
  /** Exports go into one of these; the second is a small disk, under root. */
  folders: readonly [string, string];
  disks: { stored: SmallDisk; exported: SmallDisk } | null;
  mingce(args: readonly string[], limitKiB?: number): Command;
  reader: {
    turns: readonly Turn[];
    /** Resolves when a whole turn has begun and ended since, with a database that answers. */
    looked(): Promise<void>;
  };
  close(): Promise<void>;
}

async function makeDisk(dir: string): Promise<SmallDisk> {
  const LARGE = '1g';
  await mkdir(dir);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${LARGE}`, 'tmpfs', dir]);
  const resize = async (size: string | number): Promise<void> => {
    await run('mount', ['-o', `remount,size=${size}`, dir]);
  };
  const used = async (): Promise<number> => {
    const { stdout } = await run('df', ['--block-size=1', '--output=used', dir]);
    return Number(stdout.split('\n')[1]);
  };
  return { dir, used, widen: () => resize(LARGE), leave: async (more) => resize((await used()) + more) };
}

export async function openPublishPlace(): Promise<PublishPlace> {
  const home = makeHome();
  const server = await openEmbedded({ home, log: QUIET, lingerMs: 200, settings: THROWAWAY });
  await migrate(server.url);
  const world = new World(server.url, { key: KEY });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-publish-'));
  const folders = [path.join(folder, 'out'), path.join(folder, 'small')] as const;
  await mkdir(folders[0]);
  const exported = IS_ROOT ? await makeDisk(folders[1]) : null;
  if (exported === null) await mkdir(folders[1]);
  // Below the home, where the account of the server passes.
  const stored = IS_ROOT ? await makeDisk(path.join(home, 'stored')) : null;
  await world.db.raw('ALTER TABLE ops.snapshot_file SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)');
  if (stored !== null) {
    const account = serverAccount(undefined);
    await chown(stored.dir, account.uid, account.gid);
    await world.db.raw(`CREATE TABLESPACE small LOCATION '${stored.dir}'`);
    await world.db.raw('ALTER TABLE ops.snapshot_file SET TABLESPACE small');
  }
  await world.crowd(await world.institution({ code: '064601', name: '臺中國小' }), PEOPLE);
  await world.run(CUT_OFF, { kind: 'closing' });
  await world.run(NEWEST_RUN);
  await addBureau(world.db, []);
  const { token } = await addToken(world.db, { consumer: 'planning', kinds: [KIND], through: '2025-07-31' }, asks(OPS));
  const key = Buffer.alloc(32, KEY).toString('base64');
  const config = path.join(folder, 'mingce.yaml');
  await writeFile(path.join(folder, '113.yaml'), stringify(CAMPAIGN));
  await writeFile(path.join(folder, 'key'), key, { mode: 0o600 });
  const sources = [
    {
      type: 'institution-list',
      name: 'schools',
      path: path.resolve('samples/institutions/schools.csv'),
      layout: 'schools',
    },
  ];
  await writeFile(config, stringify({ simulation: true, sources, campaigns: ['113.yaml'] }));
  const env = {
    ...process.env,
    DATABASE_URL: server.url,
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_CONFIG: config,
    MINGCE_KEY_FILE: path.join(folder, 'key'),
    LOG_LEVEL: 'warn',
  };
  const reader = startReader({ url: server.url, key, token, now: NEWEST_RUN, kind: KIND, folders });
  return {
    world,
    folders,
    disks: stored && exported && { stored, exported },
    mingce: (args, limitKiB) => start(args, env, limitKiB),
    reader,
    async close() {
      await reader.close();
      await world.close();
      await server.close();
      if (stored && exported) await run('umount', [exported.dir]);
      await untilUnmounted(stored);
      await removeHome(home);
      await rm(folder, { recursive: true });
    },
  };
}

/** The server lets go of its disk when it has stopped. */
async function untilUnmounted(disk: SmallDisk | null): Promise<void> {
  if (disk === null) return;
  const unmounted = () =>
    run('umount', [disk.dir]).then(
      () => true,
      (error: { stderr: string }) => {
        if (!error.stderr.includes('busy')) throw error;
        return false;
      },
    );
  await until('the server has let go of its disk', unmounted);
}

function start(args: readonly string[], env: NodeJS.ProcessEnv, limitKiB?: number): Command {
  const began = performance.now();
  const command = [process.execPath, path.resolve('cli/main.ts'), ...args];
  // No file that the process writes may grow beyond that, as if there were no room.
  const limited =
    limitKiB === undefined ? command : ['bash', '-c', `ulimit -f ${limitKiB}; exec "$@"`, 'bash', ...command];
  const child = spawn(limited[0] as string, limited.slice(1), { env });
  let out = '';
  let err = '';
  child.stdout.on('data', (piece) => (out += piece));
  child.stderr.on('data', (piece) => (err += piece));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (status) => resolve({ status, out, err, ms: performance.now() - began })),
  );
  return Object.assign(child, { ended });
}

function startReader(order: ReaderOrder): PublishPlace['reader'] & { close(): Promise<void> } {
  const child = spawn(process.execPath, [path.resolve('test/kill/support/publish-reader.ts'), JSON.stringify(order)]);
  const turns: Turn[] = [];
  let err = '';
  child.stderr.on('data', (piece) => (err += piece));
  createInterface({ input: child.stdout }).on('line', (line) => turns.push(JSON.parse(line)));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    turns,
    async looked() {
      const begun = turns.length;
      await until(
        'the reader has looked',
        () => {
          if (child.exitCode !== null) throw new Error(`the reader ended: ${err}`);
          // The turn that was under way may have begun before.
          return turns.slice(begun + 1).some(({ down }) => !down);
        },
        60_000,
      );
    },
    async close() {
      child.stdin.end();
      await closed;
      if (child.exitCode !== 0) throw new Error(`the reader ended with ${child.exitCode}: ${err}`);
    },
  };
}
