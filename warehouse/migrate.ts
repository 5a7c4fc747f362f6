/** Brings a database to the schema of this version: BullMQ's own tables, then ours. Concurrent starts queue behind one lock. */
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { connect } from './connect.ts';
import { MIGRATIONS } from './migrations/index.ts';

/** Schema that BullMQ's tables live in when the queue runs on PostgreSQL. */
export const QUEUE_SCHEMA = 'bullmq';

const LOCK_KEY = 7_306_113;

const source = {
  getMigrations: async () => [...MIGRATIONS],
  getMigrationName: (migration: (typeof MIGRATIONS)[number]) => migration.name,
  getMigration: async (migration: (typeof MIGRATIONS)[number]) => ({
    up: migration.up,
    down: async () => {
      throw new Error('migrations go forward only');
    },
  }),
};

/** @returns the names of the steps that were applied now; empty when the schema was up to date. */
export async function migrate(url: string): Promise<string[]> {
  const lock = new pg.Client({ connectionString: url, application_name: 'mingce migrate' });
  await lock.connect();
  const db = connect(url, { max: 2, name: 'mingce migrate' });
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    await runMigrations(lock as unknown as Parameters<typeof runMigrations>[0], QUEUE_SCHEMA);
    const [, applied] = (await db.migrate.latest({
      migrationSource: source,
      tableName: 'mingce_migration',
    })) as [number, string[]];
    return applied;
  } finally {
    await db.destroy();
    await lock.end();
  }
}
