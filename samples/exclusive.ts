/**
 * One at a time, also between processes: a lock that the kernel gives back when its holder dies, so that nothing stale is left to judge. Node has
 * no flock(2); SQLite's lock is the fcntl(2) lock that is needed.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** SQLITE_BUSY: somebody else holds the lock. */
const BUSY = 5;
const LOOK_AGAIN_MS = 20;

function tryLock(file: string): DatabaseSync | null {
  const lock = new DatabaseSync(file);
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return null;
    throw error;
  }
}

/** Does the work while holding the lock `file`, whose folder must be there; waits for whoever holds it. */
export async function exclusively<T>(file: string, work: () => Promise<T>): Promise<T> {
  let lock = tryLock(file);
  while (lock === null) {
    await delay(LOOK_AGAIN_MS);
    lock = tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}
