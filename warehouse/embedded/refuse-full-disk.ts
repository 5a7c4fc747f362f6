import { statfsSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const MEGABYTE = 1024 ** 2;

/** Throws when the disk of a folder has less than this free for ordinary users. */
export function refuseFullDisk(folder: string, leastMegabytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / MEGABYTE);
  if (free >= leastMegabytes) return;
  throw new EmbeddedPostgresError(
    `The disk of ${folder} is too full for the embedded PostgreSQL: ${free} MB are free, at least ${leastMegabytes} MB ` +
      'are needed. Free some space, or set MINGCE_HOME to a folder on another disk.',
  );
}
