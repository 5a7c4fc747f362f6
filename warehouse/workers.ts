/**
 * Which workers live. A worker holds one advisory lock on a session of its own for as long as it lives: the lock goes with the process, so a
 * killed worker's work is taken over at once. Liveness only avoids two workers wasting effort on one job: the fence is what keeps writes apart.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Database } from './connect.ts';

export interface WorkerSession {
  id: string;
  close(): Promise<void>;
}

/** Registers this process. @param onLost the session broke: others may take over from now on */
export async function registerWorker(databaseUrl: string, onLost: (error: Error) => void): Promise<WorkerSession> {
  const lockKey = randomBytes(6).readUIntBE(0, 6);
  const id = `${process.pid}-${lockKey.toString(36)}`;
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'mingce worker', keepAlive: true });
  let lost = false;
  const lose = (error: Error): void => {
    lost = true;
    onLost(error);
  };
  client.on('error', lose);
  await client.connect();
  await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
  await client.query('INSERT INTO ops.worker (id, lock_key) VALUES ($1, $2)', [id, lockKey]);
  await client.query(`DELETE FROM ops.worker w WHERE w.id <> $1 AND NOT ${ALIVE}`, [id]);
  return {
    id,
    close: async () => {
      client.removeListener('error', lose);
      client.on('error', () => undefined);
      // A session that broke has nothing left to give back: its lock went with it, and the next worker removes its row.
      if (lost) return;
      await client.query('DELETE FROM ops.worker WHERE id = $1', [id]).finally(() => client.end());
    },
  };
}

/** Condition on `ops.worker w`: its process still holds its lock. */
const ALIVE = `EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.classid::bigint = (w.lock_key >> 32) AND l.objid::bigint = (w.lock_key & 4294967295)
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))`;

/** Another living worker that holds the run, or what a job of it still has to hear, if any. */
export async function livingHolder(
  db: Database,
  runId: number,
  job: string | null,
  me: string,
): Promise<string | null> {
  const { rows } = await db.raw(
    `SELECT w.id FROM ops.worker w WHERE w.id <> ? AND ${ALIVE} AND w.id IN (
       ${job === null ? 'SELECT worker FROM ops.run WHERE id = ?' : `SELECT worker FROM ops.run_source WHERE run_id = ? AND job = ? AND status = 'waiting'`})`,
    job === null ? [me, runId] : [me, runId, job],
  );
  return rows[0]?.id ?? null;
}
