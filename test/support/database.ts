import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { urlOfDatabase, withClient } from './test-server.ts';

export interface TestDatabase {
  url: string;
  /** Fails when the test left connections open, and says which. */
  drop(): Promise<void>;
}

const OBJECT_IN_USE = '55006';

/** A database of the test file's own, with the schema in place; drop it in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template, prefix } = inject('testServer');
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  await withClient(adminUrl, (client) => client.query(`create database ${name} template ${template}`));
  return { url: urlOfDatabase(adminUrl, name), drop: () => withClient(adminUrl, (client) => drop(client, name)) };
}

async function drop(client: pg.Client, name: string): Promise<void> {
  try {
    // PostgreSQL itself waits 5 s for connections that are just being closed.
    await client.query(`drop database ${name}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== OBJECT_IN_USE) throw error;
    const leaks = await openConnections(client, name);
    await client.query(`drop database ${name} with (force)`);
    if (leaks.length === 0) return;
    const message = `${leaks.length} connections to the test database were left open; end every pool and client. They are:`;
    throw new Error([message, ...leaks].join('\n'), { cause: error });
  }
}

/** The clients; the server's own workers (autovacuum) come and go, and no test can end them. */
async function openConnections(client: pg.Client, name: string): Promise<string[]> {
  const { rows } = await client.query<{ pid: number; application_name: string; state: string; query: string }>(
    `select pid, application_name, coalesce(state, 'unknown') as state, left(query, 200) as query
       from pg_stat_activity where datname = $1 and backend_type = 'client backend' order by pid`,
    [name],
  );
  return rows.map(
    ({ pid, application_name, state, query }) => `  ${pid} ${application_name || '(no name)'}, ${state}: ${query}`,
  );
}
