import pg from 'pg';

/** What the global set-up hands to every test file. */
export interface TestServer {
  /** A database to connect to for CREATE DATABASE. */
  adminUrl: string;
  /** The migrated database that test databases are clones of. */
  template: string;
  /** Begins the name of every database of this test run. */
  prefix: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** The same server, another database. */
export function urlOfDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** Runs statements on a connection that is closed afterwards. */
export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
