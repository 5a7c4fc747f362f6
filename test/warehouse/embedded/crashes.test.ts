import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { clearLeftovers } from '../../../warehouse/embedded/clear-leftovers.ts';
import {
  clusterBase,
  dataDirectory,
  homeLayout,
  serverSocketDirectory,
} from '../../../warehouse/embedded/home-layout.ts';
import { serverAccount } from '../../../warehouse/embedded/server-account.ts';
import { serverBinaries } from '../../../warehouse/embedded/server-binaries.ts';
import { untilStopped } from '../../support/embedded-home.ts';
import { until } from '../../support/until.ts';
import { keeperLog, keepersOf, postmasterOf, queryValue, serversOf, test } from './embedded-test.ts';
import { keeperConnections } from './keeper-connections.ts';

test('kill -9 of a client: the others go on, and the server stops after the last of them', async ({
  home,
  startClient,
}) => {
  const killed = await startClient({ home });
  const other = await startClient({ home });
  await killed.kill();
  await until('the keeper has noticed', () => keeperConnections(home) === 1);
  expect(await queryValue(other.url, 'select 1')).toBe(1);
  await other.kill();
  await until('nothing is left', () => keepersOf(home).length + serversOf(home).length === 0);
});

test('kill -9 of the server: the next opener gets a server with all that was committed', async ({ home, open }) => {
  const first = await open(home);
  await queryValue(first.url, 'create table kept as select 1 as n');
  const killed = postmasterOf(home);
  process.kill(killed, 'SIGKILL');
  const second = await open(home);
  expect(await queryValue(second.url, 'select n from kept')).toBe(1);
  expect(postmasterOf(home)).not.toBe(killed);
  expect(second.url).toBe(first.url);
  expect(keepersOf(home)).toHaveLength(1);
});

test('kill -9 of the server while its sessions are busy: they end, and a new server starts', async ({ home, open }) => {
  const database = await open(home);
  const busy = new pg.Client({ connectionString: database.url });
  await busy.connect();
  busy.on('error', () => undefined);
  // A session that computes does not look whether its server still lives.
  const counting = busy.query(`do $$ begin loop perform 1; end loop; end $$`).catch((error: Error) => error);
  const sql = `select count(*)::int from pg_stat_activity where query like 'do %' and state = 'active'`;
  await until('the session is busy', async () => (await queryValue(database.url, sql)) === 1);
  process.kill(postmasterOf(home), 'SIGKILL');
  const again = await open(home);
  expect(await queryValue(again.url, sql)).toBe(0);
  expect(await counting).toBeInstanceOf(Error);
});

test('a server that keeps dying is given up, and everybody is told why', async ({ home, open }) => {
  const warnings: string[] = [];
  const log = { info: () => undefined, warn: (message: string) => warnings.push(message) };
  const database = await open(home, log);
  const keeper = keepersOf(home)[0];
  for (let death = 1; death <= 5; death++) {
    const restarted = () => keeperLog(home).match(/PostgreSQL is ready/g)?.length === death;
    await until(`server ${death} is ready`, restarted);
    process.kill(postmasterOf(home), 'SIGKILL');
  }
  await until('the keeper has given up', () => !keepersOf(home).includes(keeper!));
  expect(keeperLog(home)).toContain('PostgreSQL died 5 times within a minute (at last: signal SIGKILL)');
  await until('the client came back by itself', () => warnings.length > 0 && keeperConnections(home) === 1);
  await until('a new keeper has a server', async () => keeperLog(home).match(/PostgreSQL is ready/g)?.length === 6);
  expect(await queryValue(database.url, 'select 1')).toBe(1);
});

test('kill -9 of the keeper without clients left: the server does not stay', async ({ home, startClient }) => {
  const client = await startClient({ home, lingerMs: 600_000 });
  await client.leave();
  process.kill(keepersOf(home)[0]!, 'SIGKILL');
  await until('nothing is left', () => keepersOf(home).length + serversOf(home).length === 0);
});

test('kill -9 of the keeper: its clients start a new one by themselves, and their URL stays valid', async ({
  home,
  open,
  startClient,
}) => {
  const warnings: string[] = [];
  const client = await open(home, { info: () => undefined, warn: (message) => warnings.push(message) });
  await startClient({ home });
  await queryValue(client.url, 'create table kept as select 1 as n');
  const [killed] = keepersOf(home);
  process.kill(killed!, 'SIGKILL');
  await until(
    'both clients have a new keeper',
    () => !keepersOf(home).includes(killed!) && keeperConnections(home) === 2,
  );
  const opener = await open(home);
  expect(await queryValue(client.url, 'select n from kept')).toBe(1);
  expect(opener.url).toBe(client.url);
  await until('one keeper is left', () => keepersOf(home).length === 1);
  expect(warnings).toEqual(['the keeper of the embedded PostgreSQL ended unexpectedly; starting it again']);
});

test('a keeper that is killed before its server answered is replaced', async ({ home, startClient }) => {
  const opening = startClient({ home });
  await until('there is a keeper that has begun', () => keeperLog(home).includes('making a new cluster'));
  const [killed] = keepersOf(home);
  process.kill(killed!, 'SIGKILL');
  const { url } = await opening;
  expect(await queryValue(url, 'select 1')).toBe(1);
  expect(keepersOf(home)).not.toContain(killed);
});

/** The server is told to end when its keeper dies: a process of it may be gone before its turn comes. */
function killUnlessGone(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

test('kill -9 of keeper and server together: the next opener gets all that was committed', async ({ home, open }) => {
  const first = await open(home);
  await queryValue(first.url, 'create table kept as select 1 as n');
  for (const pid of [...keepersOf(home), ...serversOf(home)]) killUnlessGone(pid);
  const second = await open(home);
  expect(await queryValue(second.url, 'select n from kept')).toBe(1);
});

test('a server that runs without a keeper is stopped in order and replaced', async ({ home, open }) => {
  const first = await open(home);
  await queryValue(first.url, 'create table kept as select 1 as n');
  await first.close();
  await untilStopped(home);
  const orphan = await startWithoutKeeper(home);
  const second = await open(home);
  expect(postmasterOf(home)).not.toBe(orphan);
  expect(keeperLog(home)).toContain('ending PostgreSQL processes left without a keeper');
  expect(await queryValue(second.url, 'select n from kept')).toBe(1);
  expect(serversOf(home)).not.toContain(orphan);
});

test('lock files whose process number belongs to somebody else by now are cleared away', async ({ home, open }) => {
  const first = await open(home);
  await first.close();
  await untilStopped(home);
  const data = dataDirectory(clusterBase(homeLayout(home)));
  const { uid, gid } = serverAccount(data);
  // The same account as PostgreSQL's: PostgreSQL by itself would take it for a running server and refuse to start.
  const bystander = spawn('sleep', ['600'], { ...(process.geteuid?.() === 0 ? { uid, gid } : {}) });
  try {
    const sockets = serverSocketDirectory(`${clusterBase(homeLayout(home))}/run`);
    mkdirSync(sockets, { recursive: true });
    const file = `${bystander.pid}\n${data}\n1700000000\n5432\n${sockets}\n\n  123456    654321\nready   \n`;
    writeFileSync(`${data}/postmaster.pid`, file, { mode: 0o644 });
    writeFileSync(`${sockets}/.s.PGSQL.5432.lock`, file, { mode: 0o644 });
    const second = await open(home);
    expect(await queryValue(second.url, 'select 1')).toBe(1);
    expect(bystander.exitCode ?? bystander.signalCode).toBe(null);
  } finally {
    bystander.kill();
  }
});

test('a first start that was killed half-way is begun anew', async ({ home, open }) => {
  const data = dataDirectory(clusterBase(homeLayout(home)));
  const workshop = join(dirname(data), 'making-abcdef');
  mkdirSync(`${workshop}/data`, { recursive: true });
  writeFileSync(`${workshop}/data/PG_VERSION`, '18\n');
  writeFileSync(`${workshop}/password`, 'old');
  const database = await open(home);
  expect(await queryValue(database.url, 'select 1')).toBe(1);
  expect(readdirSync(dirname(data)).filter((name) => name.startsWith('making-'))).toEqual([]);
});

test('clearing leftovers leaves a shell in the data directory alone', async ({ home, open }) => {
  const database = await open(home);
  await database.close();
  await untilStopped(home);
  const data = dataDirectory(clusterBase(homeLayout(home)));
  const shell = spawn('sleep', ['600'], { cwd: data });
  await once(shell, 'spawn');
  await clearLeftovers(data, '/nowhere', () => undefined);
  expect(shell.exitCode ?? shell.signalCode).toBe(null);
  shell.kill();
});

/** As where there is no setpriv: the server outlives its keeper. */
async function startWithoutKeeper(home: string): Promise<number> {
  const base = clusterBase(homeLayout(home));
  const data = dataDirectory(base);
  const account = serverAccount(data);
  const { postgres } = serverBinaries(account, base);
  const args = ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${data}`, '-c', 'fsync=off'];
  const drop = process.geteuid?.() === 0 ? { uid: account.uid, gid: account.gid } : {};
  const child = spawn(postgres, args, { ...drop, cwd: '/', detached: true, stdio: 'ignore' });
  await until('the orphan runs', () => serversOf(home).length > 3);
  return child.pid!;
}
