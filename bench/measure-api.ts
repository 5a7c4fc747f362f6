/**
 * The snapshot API as consumers meet it: the sample city's snapshots, served by `mingce start` in a process of its own with the embedded PostgreSQL as users have it, to 100 connections that
 * are kept busy by another process. Each file in turn from it and from a server of the same files on disk (`file-server.ts`). Ratios compare; rates of one machine do not.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { openFileServer } from './file-server.ts';
import { untilStopped } from './until-stopped.ts';

const CONNECTIONS = 100;
const SECONDS = 1.5;
/** Of nginx's rate. */
const LEAST = 0.4;
const ROOT = path.join(import.meta.dirname, '..');
const MAIN = path.join(ROOT, 'cli/main.ts');
const LOAD = path.join(import.meta.dirname, 'api-load.ts');
const run = promisify(execFile);

type Environment = Record<string, string | undefined>;

interface File {
  name: string;
  href: string;
  bytes: number;
  /** In the folder of the yardstick. */
  exported: string;
}

/** The sample, its paths from the root on, a night that is not due now, and no limit of requests that would end the measurement. */
async function writeConfig(file: string): Promise<void> {
  const samples = path.join(ROOT, 'samples');
  const sample = parse(await readFile(path.join(samples, 'mingce.yaml'), 'utf8'));
  const due = new Date(Date.now() + 18 * 3_600_000).getUTCHours();
  const sources = sample.sources.map((source: { type: string; path?: string }) =>
    source.type === 'institution-list' ? { ...source, path: path.join(samples, source.path as string) } : source,
  );
  const campaigns = sample.campaigns.map((campaign: string) => path.join(samples, campaign));
  const schedule = { nightly: `${String(due).padStart(2, '0')}:00` };
  const web = { port: 0, api: { requestsPerMinute: 1e9 } };
  await writeFile(file, JSON.stringify({ ...sample, sources, campaigns, schedule, web }));
}

/** A command that answers. @returns stdout */
async function mingce(env: Environment, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [MAIN, ...args], { cwd: ROOT, env, maxBuffer: 1e8 });
  return stdout;
}

/** What a command shows once. */
function shown(pattern: RegExp, said: string): string {
  const found = pattern.exec(said)?.[0];
  if (found === undefined) throw new Error(`nothing like ${pattern} was answered`);
  return found;
}

async function newToken(env: Environment): Promise<string> {
  const credential = shown(/(?:[0-9A-Z]{5}-)+[0-9A-Z]{5}/, await mingce(env, 'users', 'add', 'bench', '--role', 'ops'));
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const asked = ['tokens', 'add', 'bench', '--kind', 'teacher-plan,school-plan', '--expires', day, '--as', 'bench'];
  return shown(/mingce_[\w-]{43}/, await mingce({ ...env, MINGCE_CREDENTIAL: credential }, ...asked));
}

/** `mingce start`, once it answers. */
async function start(env: Environment): Promise<{ port: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [MAIN, 'start'], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  for await (const line of createInterface(child.stderr)) {
    const port = /page at http:\/\/[^:]+:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stderr.resume();
    return { port: Number(port), stop };
  }
  throw new Error('mingce start ended before it answered');
}

/** All that is handed out, smallest first, and a copy on disk for the yardstick. */
async function filesOf(env: Environment, port: number, token: string, folder: string): Promise<File[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/snapshots`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const { snapshots } = (await answer.json()) as {
    snapshots: { id: string; files: { path: string; href: string; bytes: number }[] }[];
  };
  await mkdir(folder, { mode: 0o755 });
  const all: File[] = [];
  for (const { id, files } of snapshots) {
    await mingce(env, 'snapshot', 'export', id, path.join(folder, id));
    await chmod(path.join(folder, id), 0o755);
    for (const { path: name, href, bytes } of files) {
      await chmod(path.join(folder, id, name), 0o644);
      all.push({ name: `${id}/${name}`, href, bytes, exported: `/${id}/${name}` });
    }
  }
  return all.toSorted((a, b) => a.bytes - b.bytes);
}

/** @returns downloads each second */
async function rate(port: number, at: string, bytes: number, token: string): Promise<number> {
  const args = [LOAD, port, at, bytes, CONNECTIONS, SECONDS].map(String);
  const load = run(process.execPath, args);
  load.child.stdin?.end(token);
  const { stdout } = await load;
  const { requests, seconds } = JSON.parse(stdout) as { requests: number; seconds: number };
  return requests / seconds;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

function line({ name, bytes }: File, ours: readonly number[], theirs: readonly number[]): string {
  const ratio = median(ours.map((one, nth) => one / (theirs[nth] as number)));
  const rates = [median(ours), median(theirs)];
  return [
    name.padEnd(48),
    bytes.toLocaleString('en-US').padStart(10),
    ...rates.map((one) => Math.round(one).toLocaleString('en-US').padStart(9)),
    ...rates.map((one) => ((one * bytes) / 2 ** 20).toFixed(1).padStart(9)),
    `${(100 * ratio).toFixed(0)} %`.padStart(7),
    ratio < LEAST ? `below ${100 * LEAST} %` : '',
  ].join(' ');
}

/** @param work an empty folder that other accounts may pass. @param rounds how often each file is measured; medians are shown. @returns the lines to print */
export async function benchApi(work: string, rounds: number): Promise<string> {
  const home = path.join(work, 'home');
  const { DATABASE_URL: _, REDIS_URL: __, ...rest } = process.env;
  const env = { ...rest, MINGCE_HOME: home, MINGCE_CONFIG: path.join(work, 'mingce.yaml') };
  await writeConfig(env.MINGCE_CONFIG);
  try {
    await mingce(env, 'sync');
    process.stderr.write('API: the sample city is loaded\n');
    const token = await newToken(env);
    const site = await start(env);
    try {
      const folder = path.join(work, 'files');
      const files = await filesOf(env, site.port, token, folder);
      const yardstick = await openFileServer(folder, work);
      try {
        const lines = [];
        for (const file of files) {
          const [ours, theirs]: [number[], number[]] = [[], []];
          for (let nth = 0; nth < rounds; nth += 1) {
            ours.push(await rate(site.port, file.href, file.bytes, token));
            theirs.push(await rate(yardstick.port, file.exported, file.bytes, ''));
          }
          lines.push(line(file, ours, theirs));
          process.stderr.write(`API: ${file.name} measured\n`);
        }
        const heads = ['ours/s', 'theirs/s', 'MiB/s', 'MiB/s'].map((head) => head.padStart(9)).join(' ');
        return [
          `\nsnapshot API, ${CONNECTIONS} downloads at the same time, against ${yardstick.name} with the same files on disk`,
          `${'file'.padEnd(48)} ${'bytes'.padStart(10)} ${heads} ${'ratio'.padStart(7)}`,
          ...lines,
        ].join('\n');
      } finally {
        await yardstick.stop();
      }
    } finally {
      await site.stop();
    }
  } finally {
    await untilStopped(home);
  }
}
