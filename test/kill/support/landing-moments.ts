/** Signs in the database of how far another process is with landing a file, so that a test strikes by them and not by the clock. */
import type { Database } from '../../../warehouse/connect.ts';

/**
 * Counts the rows that a landing stages while it is asked again and again: a COPY under way tells how many it has brought in, and rows with something
 * wrong end one COPY and begin another. What a COPY brought in after it was last looked at is not counted, so at least that many are staged.
 */
export function countStaged(db: Database): () => Promise<number> {
  let ended = 0;
  let last = 0;
  return async () => {
    const { rows } = await db.raw(
      `SELECT coalesce(max(tuples_processed), 0)::integer AS n FROM pg_stat_progress_copy WHERE datname = current_database()`,
    );
    const now: number = rows[0].n;
    if (now < last) ended += last;
    last = now;
    return ended + now;
  };
}

/** Whether an uncommitted transaction has begun to write to a table: the lock stays until it ends. */
export async function writesTo(db: Database, table: string): Promise<boolean> {
  const { rows } = await db.raw(
    `SELECT 1 FROM pg_locks WHERE relation = ?::regclass AND mode = 'RowExclusiveLock' AND granted
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [table],
  );
  return rows.length > 0;
}
