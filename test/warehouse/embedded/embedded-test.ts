import { readdirSync, readFileSync } from 'node:fs';
import { test as base } from 'vitest';
import type { EmbeddedDatabase, EmbeddedLog } from '../../../warehouse/embedded/embedded-options.ts';
import { clusterBase, dataDirectory, homeLayout } from '../../../warehouse/embedded/home-layout.ts';
import { openEmbedded } from '../../../warehouse/embedded/open-embedded.ts';
import { readIfPresent, unlessAbsent } from '../../../warehouse/embedded/read-if-present.ts';
import { serverProcesses } from '../../../warehouse/embedded/server-processes.ts';
import { makeHome, removeHome, THROWAWAY, untilStopped } from '../../support/embedded-home.ts';
import { withClient } from '../../support/test-server.ts';
import { until } from '../../support/until.ts';
import { type ClientOrder, type ClientProcess, startClient } from './client-process.ts';

interface Fixtures {
  /** A MINGCE_HOME of the test's own. The test fails when something of it still runs at the end. */
  home: string;
  /** Opens the home in this process; closed at the end at the latest. */
  open(home: string, log?: EmbeddedLog): Promise<EmbeddedDatabase>;
  /** Opens the home in a process of its own; killed at the end at the latest. */
  startClient(order: ClientOrder): Promise<ClientProcess>;
}

const SILENT: EmbeddedLog = { info: () => undefined, warn: () => undefined };

/** Tests with real servers, which stop as soon as their last client left. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from this pattern
  home: async ({}, use) => {
    const home = makeHome();
    await use(home);
    await untilStopped(home);
    const servers = serversOf(home);
    if (servers.length > 0) throw new Error(`PostgreSQL still runs at the end of the test: ${servers.join(', ')}`);
    await removeHome(home);
    await until('no process of the home is left', () => keepersOf(home).length === 0);
  },
  open: async ({ home: _ }, use) => {
    const opened: EmbeddedDatabase[] = [];
    await use(async (home, log = SILENT) => {
      const database = await openEmbedded({ home, log, lingerMs: 0, settings: THROWAWAY });
      opened.push(database);
      return database;
    });
    for (const database of opened) await database.close();
  },
  startClient: async ({ home: _ }, use) => {
    const started: ClientProcess[] = [];
    await use(async (order) => {
      const client = await startClient(order);
      started.push(client);
      return client;
    });
    for (const client of started) await client.kill();
  },
});

/** The single value of a query. */
export async function queryValue(url: string, sql: string): Promise<unknown> {
  const { rows } = await withClient(url, (client) => client.query({ text: sql, rowMode: 'array' }));
  return rows[0]?.[0];
}

/** The processes of PostgreSQL for this home. */
export function serversOf(home: string): number[] {
  return serverProcesses(dataDirectory(clusterBase(homeLayout(home))));
}

/** The process that PostgreSQL's others are children of. */
export function postmasterOf(home: string): number {
  return Number(readFileSync(`${dataDirectory(clusterBase(homeLayout(home)))}/postmaster.pid`, 'utf8').split('\n')[0]);
}

/** The keepers of this home. */
export function keepersOf(home: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const command = unlessAbsent(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), 'ESRCH') ?? '';
      return command.includes('keeper.ts') && command.includes(`"home":"${home}"`);
    })
    .map(Number);
}

export function keeperLog(home: string): string {
  return readIfPresent(homeLayout(home).keeperLog) ?? '';
}
