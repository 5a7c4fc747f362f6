/** What `doctor` asks the database. */
import type { Database } from './connect.ts';

export interface DatabaseHealth {
  version: string;
  /** Milliseconds that the database's clock is ahead of ours (half the round trip taken off). */
  clockOffsetMs: number;
  sizeBytes: number;
}

export async function databaseHealth(db: Database): Promise<DatabaseHealth> {
  await db.raw('SELECT 1');
  const before = Date.now();
  const { rows } = await db.raw(
    `SELECT current_setting('server_version') AS version, extract(epoch FROM clock_timestamp()) * 1000 AS now, pg_database_size(current_database()) AS size`,
  );
  const after = Date.now();
  return {
    version: rows[0].version,
    clockOffsetMs: Math.round(Number(rows[0].now) - (before + after) / 2),
    sizeBytes: rows[0].size,
  };
}
