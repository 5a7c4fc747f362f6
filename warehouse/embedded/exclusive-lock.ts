import { DatabaseSync } from 'node:sqlite';

/** SQLITE_BUSY: somebody else holds the lock. */
const BUSY = 5;

export interface ExclusiveLock {
  release(): void;
}

/**
 * Takes a lock that the kernel gives back when its holder dies, or answers undefined when another process holds it.
 *
 * Node has no flock(2); SQLite's lock is the fcntl(2) lock we need. Against a pid file it has no stale state to
 * judge: two starters can never both believe that the other one is dead.
 */
export function takeExclusiveLock(path: string): ExclusiveLock | undefined {
  const file = new DatabaseSync(path);
  try {
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return undefined;
    throw error;
  }
  return { release: () => file.close() };
}
