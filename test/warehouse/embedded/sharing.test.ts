import { statSync } from 'node:fs';
import pg from 'pg';
import { expect } from 'vitest';
import { homeLayout } from '../../../warehouse/embedded/home-layout.ts';
import { untilStopped } from '../../support/embedded-home.ts';
import { until } from '../../support/until.ts';
import { keeperLog, keepersOf, postmasterOf, queryValue, serversOf, test } from './embedded-test.ts';
import { keeperConnections } from './keeper-connections.ts';

test('a first start gives a PostgreSQL 18 with the builtin C.UTF-8 locale, reached through its socket only', async ({
  home,
  open,
}) => {
  const database = await open(home);
  expect(await queryValue(database.url, 'show server_version_num')).toMatch(/^18\d{4}$/);
  expect(await queryValue(database.url, 'select current_database() || current_user')).toBe('mingcemingce');
  const locale = `select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()`;
  expect(await queryValue(database.url, locale)).toBe('b C.UTF-8');
  expect(await queryValue(database.url, 'show listen_addresses')).toBe('');
  expect(await queryValue(database.url, `select '臺北市' || upper('ä')`)).toBe('臺北市Ä');
  await database.close();
});

test('nobody enters without the password, which only the owner can read', async ({ home, open }) => {
  const database = await open(home);
  const url = new URL(database.url);
  url.password = 'guess';
  const client = new pg.Client({ connectionString: url.toString() });
  await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  await client.end();
  expect(await queryValue(database.url, `select string_agg(distinct auth_method, ',') from pg_hba_file_rules`)).toBe(
    'scram-sha-256',
  );
  const { password, keeperLog: log, serverLog } = homeLayout(home);
  for (const file of [password, log, serverLog]) expect(statSync(file).mode & 0o777).toBe(0o600);
  await database.close();
});

test('a second opener shares the server of the first, in the same process and in another one', async ({
  home,
  open,
  startClient,
}) => {
  const first = await open(home);
  const second = await open(home);
  const other = await startClient({ home });
  expect([second.url, other.url]).toEqual([first.url, first.url]);
  const server = postmasterOf(home);
  await first.close();
  await other.leave();
  expect(await queryValue(second.url, 'select 1')).toBe(1);
  expect(postmasterOf(home)).toBe(server);
  await second.close();
});

test('three processes share one server, and nothing is left running after the last one left', async ({
  home,
  startClient,
}) => {
  const clients = await Promise.all([startClient({ home }), startClient({ home }), startClient({ home })]);
  const [keeper, server] = [keepersOf(home), postmasterOf(home)];
  expect(keeper).toHaveLength(1);
  for (const client of clients) {
    expect([keepersOf(home), postmasterOf(home)]).toEqual([keeper, server]);
    await client.leave();
  }
  await untilStopped(home);
  await until('no process is left', () => keepersOf(home).length + serversOf(home).length === 0);
});

test('a first start by four processes at once makes one cluster', async ({ home, startClient }) => {
  const clients = await Promise.all([1, 2, 3, 4].map(() => startClient({ home })));
  expect(new Set(clients.map(({ url }) => url)).size).toBe(1);
  await until('the other keepers have given way', () => keepersOf(home).length === 1);
  expect(keeperLog(home).match(/making a new cluster/g)).toHaveLength(1);
  expect(keeperLog(home).match(/PostgreSQL is ready/g)).toHaveLength(1);
  await Promise.all(clients.map((client) => client.leave()));
});

test('the server lingers after its last client, for the next one to find it warm', async ({ home, startClient }) => {
  const first = await startClient({ home, lingerMs: 600_000 });
  const server = postmasterOf(home);
  await first.leave();
  const second = await startClient({ home });
  expect(postmasterOf(home)).toBe(server);
  await second.leave();
  process.kill(keepersOf(home)[0]!, 'SIGTERM');
});

test('a client that comes while the server is stopping waits for it and gets a new one', async ({
  home,
  startClient,
}) => {
  const first = await startClient({ home });
  await queryValue(first.url, 'create table kept as select 1 as n');
  const stopped = postmasterOf(home);
  // A checkpointer that sleeps makes the shutdown last for as long as the test needs.
  const sql = `select pid from pg_stat_activity where backend_type = 'checkpointer'`;
  const checkpointer = Number(await queryValue(first.url, sql));
  process.kill(checkpointer, 'SIGSTOP');
  await first.leave();
  await until('the server is stopping', () => keeperLog(home).includes('stopping PostgreSQL'));
  const second = startClient({ home });
  await until('the second client waits', () => keeperConnections(home) === 1);
  process.kill(checkpointer, 'SIGCONT');
  const { url, leave } = await second;
  expect(postmasterOf(home)).not.toBe(stopped);
  expect(keeperLog(home)).toContain('a client came while PostgreSQL was stopping');
  expect(await queryValue(url, 'select n from kept')).toBe(1);
  await leave();
});

test('homes are apart: each has a server and data of its own', async ({ home, open }) => {
  const [one, two] = await Promise.all([open(`${home}/one`), open(`${home}/two`)]);
  await queryValue(one.url, 'create table only_here as select 1');
  expect(await queryValue(two.url, `select to_regclass('only_here')`)).toBe(null);
  await Promise.all([one.close(), two.close()]);
  await Promise.all([untilStopped(`${home}/one`), untilStopped(`${home}/two`)]);
});
