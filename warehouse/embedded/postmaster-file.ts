import { join } from 'node:path';
import { readIfPresent } from './read-if-present.ts';

export interface PostmasterFile {
  pid: number;
  /** The server accepts connections. */
  ready: boolean;
}

/** What PostgreSQL says about itself in its data directory: line 1 is its process, line 8 its state (as pg_ctl reads). */
export function readPostmasterFile(data: string): PostmasterFile | undefined {
  const lines = readIfPresent(join(data, 'postmaster.pid'))?.split('\n');
  const pid = Number(lines?.[0]);
  if (lines === undefined || !Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, ready: lines[7]?.trim() === 'ready' };
}
