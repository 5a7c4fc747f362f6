import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../../warehouse/embedded/open-embedded.ts';
import { makeHome, removeHome, sweepHomes, THROWAWAY } from './embedded-home.ts';
import { urlOfDatabase, withClient } from './test-server.ts';

interface Server {
  url: string;
  stop(): Promise<void>;
}

/**
 * One PostgreSQL for the whole test run (MINGCE_TEST_DATABASE_URL, or an embedded one that forgets), with one migrated
 * database that every test file clones.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  const prefix = `mingce_test_${randomBytes(4).toString('hex')}`;
  const template = `${prefix}_template`;
  try {
    await withClient(server.url, (client) => client.query(`create database ${template}`));
    await migrateTemplate(urlOfDatabase(server.url, template));
    // A connection to the template would make every clone fail.
    await withClient(server.url, (client) => client.query(`alter database ${template} allow_connections false`));
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('testServer', { adminUrl: server.url, template, prefix });
  return async () => {
    await dropDatabases(server.url, prefix);
    await server.stop();
  };
}

async function startServer(): Promise<Server> {
  const url = process.env.MINGCE_TEST_DATABASE_URL;
  if (url !== undefined && url !== '') return { url, stop: async () => undefined };
  sweepHomes();
  const home = makeHome();
  const database = await openEmbedded({ home, log: console, lingerMs: 200, settings: THROWAWAY });
  return {
    url: database.url,
    async stop() {
      await database.close();
      await removeHome(home);
    },
  };
}

async function migrateTemplate(url: string): Promise<void> {
  const module = new URL('../../warehouse/migrate.ts', import.meta.url);
  if (!existsSync(module)) return;
  const { migrate } = (await import(module.href)) as { migrate(databaseUrl: string): Promise<void> };
  await migrate(url);
}

/** Also those of test files that ended before they dropped theirs. */
async function dropDatabases(url: string, prefix: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  });
}
