/** Who stops the service stops it: SIGTERM and Ctrl-C reach it through npm and npx, and it ends in order. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeKeyFile } from '../../warehouse/key-file.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

let folder: string;
let database: TestDatabase;
let env: Record<string, string | undefined>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mingce-stopping-'));
  database = await createTestDatabase();
  const list = path.resolve('samples/institutions/schools.csv');
  const source = `{ type: institution-list, name: schools, path: ${list}, layout: schools }`;
  writeFileSync(path.join(folder, 'mingce.yaml'), `sources:\n  - ${source}\nweb: { port: 0 }\n`);
  makeKeyFile(path.join(folder, 'mingce.key'));
  env = {
    PATH: process.env.PATH,
    HOME: folder,
    // npm asks nobody: all that is run is here.
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    MINGCE_HOME: path.join(folder, 'home'),
    MINGCE_CONFIG: path.join(folder, 'mingce.yaml'),
    MINGCE_KEY_FILE: path.join(folder, 'mingce.key'),
    DATABASE_URL: database.url,
  };
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** Starts the service in a process group of its own. @returns its first process and the address of the page, once it is up */
async function started(command: string, args: readonly string[]): Promise<{ child: ChildProcess; page: string }> {
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    said += piece;
  });
  await until(`${command} is up`, () => /page at http/.test(said) || child.exitCode !== null, 60_000);
  return { child, page: /page at (\S+)/.exec(said)?.[1] ?? said };
}

const answers = (page: string): Promise<boolean> =>
  fetch(`${page}/healthz`).then(
    () => true,
    () => false,
  );

/** @returns whether there was any process left in the group to tell */
function tell(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

it.each([
  ['SIGTERM to npm start', 'npm', ['start'], 'SIGTERM', 'one'],
  ['Ctrl-C in the terminal of npm start', 'npm', ['start'], 'SIGINT', 'group'],
  ['SIGTERM to npx mingce start', 'npx', ['mingce', 'start'], 'SIGTERM', 'one'],
  ['SIGTERM to the process itself', process.execPath, ['cli/main.ts', 'start'], 'SIGTERM', 'one'],
] as const)('%s ends the service in order', async (_what, command, args, signal, whom) => {
  const { child, page } = await started(command, args);
  const pid = child.pid as number;
  try {
    expect(await answers(page), page).toBe(true);
    const ended = once(child, 'exit');
    if (whom === 'group') tell(pid, signal);
    else child.kill(signal);
    const [code] = await ended;
    // npm waits for the service and gives its status: 130 would mean that it was cut off. npx ends before it, whose shell died of the signal.
    if (command !== 'npx') expect([code, await answers(page)]).toEqual([0, false]);
    await until('the page no longer answers', async () => !(await answers(page)));
    await until('no process is left', () => !tell(pid, 0));
  } finally {
    tell(pid, 'SIGKILL');
  }
});
