/**
 * I1: killed at any moment, run again, the same state. The process is killed (-9) at seeded random moments of a first sync and of a second night;
 * the next command goes on, and the hash is that of the undisturbed run. MINGCE_KILLS says how many moments of each (30 for the whole claim).
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { random } from '../support/random.ts';
import { until } from '../support/until.ts';

const KILLS = Number(process.env.MINGCE_KILLS ?? 4);
const FIRST = '2024-07-30T02:00:00+08:00';
const SECOND = '2024-07-31T02:00:00+08:00';
const CLI = path.resolve('cli/main.ts');

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
  ms: number;
}

function start(home: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], { env: { ...process.env, MINGCE_HOME: home, LOG_LEVEL: 'warn' } });
}

async function ended(child: ChildProcess): Promise<Ended> {
  const began = performance.now();
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (piece) => (stdout += piece));
  child.stderr?.on('data', (piece) => (stderr += piece));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, stdout, stderr, ms: performance.now() - began };
}

async function mingce(home: string, ...args: string[]): Promise<Ended> {
  const end = await ended(start(home, args));
  expect(end.status, end.stderr).toBe(0);
  return end;
}

const homes: string[] = [];
/**
 * A home of its own, with its cluster in it: below a folder that PostgreSQL's account cannot pass, the cluster would lie elsewhere, and a copy of the
 * home would go on with the original's.
 */
async function makeHome(from?: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mingce-kill-'));
  homes.push(folder);
  await chmod(folder, 0o711);
  const home = path.join(folder, 'home');
  if (from) {
    await access(path.join(from, 'postgres', 'data'));
    await promisify(execFile)('cp', ['--archive', from, home]);
  }
  return home;
}
/** The keeper lets the server run on for some seconds; a copy of a data folder is whole only when it has stopped. */
const stopped = (home: string): Promise<void> =>
  until('the embedded server stopped', async () => (await mingceServers(home)) === 0, 60_000);

async function mingceServers(home: string): Promise<number> {
  const { stdout } = await ended(spawn('pgrep', ['-f', home]));
  return stdout.split('\n').filter((line) => line !== '').length;
}

let firstHash: string;
let secondHash: string;
let afterFirst: string;
let firstMs: number;
let secondMs: number;

beforeAll(async () => {
  afterFirst = await makeHome();
  firstMs = (await mingce(afterFirst, 'sync', '--clock', FIRST)).ms;
  firstHash = (await mingce(afterFirst, 'hash')).stdout.trim();
  await stopped(afterFirst);
  const undisturbed = await makeHome(afterFirst);
  expect((await mingce(undisturbed, 'hash')).stdout.trim()).toBe(firstHash);
  secondMs = (await mingce(undisturbed, 'sync', '--clock', SECOND)).ms;
  secondHash = (await mingce(undisturbed, 'hash')).stdout.trim();
  expect(secondHash).not.toBe(firstHash);
}, 900_000);

afterAll(async () => {
  for (const home of homes) await until('every server stopped', async () => (await mingceServers(home)) === 0, 60_000);
  for (const home of homes) await rm(home, { recursive: true, force: true });
}, 300_000);

async function killedAt(home: string, clock: string, afterMs: number): Promise<Ended> {
  const child = start(home, ['sync', '--clock', clock]);
  const end = ended(child);
  await Promise.race([delay(afterMs), end]);
  child.kill('SIGKILL');
  return end;
}

describe('killed at random moments and run again', () => {
  const draw = random(113);
  const moments = Array.from({ length: KILLS }, (_, i) => ({ nth: i + 1, share: draw(), again: draw() }));

  it.each(moments)('first sync, moment $nth', async ({ share, again }) => {
    const home = await makeHome();
    await killedAt(home, FIRST, share * firstMs);
    await killedAt(home, FIRST, again * firstMs * 0.5);
    await mingce(home, 'sync', '--clock', FIRST);
    expect((await mingce(home, 'hash')).stdout.trim()).toBe(firstHash);
  });

  it.each(moments)('second night, moment $nth', async ({ share }) => {
    const home = await makeHome(afterFirst);
    expect((await mingce(home, 'hash')).stdout.trim()).toBe(firstHash);
    await killedAt(home, SECOND, share * secondMs);
    await mingce(home, 'sync', '--clock', SECOND);
    expect((await mingce(home, 'hash')).stdout.trim()).toBe(secondHash);
  });
});
