import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { readIfPresent } from './read-if-present.ts';

/** The password of the role `mingce`, or undefined before the first start. */
export function readPassword(path: string): string | undefined {
  return readIfPresent(path)?.trim();
}

/**
 * The password, made on the first start and kept in a file only the owner reads. Without it any process of the same
 * account could enter the database through the socket.
 */
export function ensurePassword(path: string, dataDirectory: string): string {
  const known = readPassword(path);
  if (known !== undefined && known !== '') return known;
  if (existsSync(dataDirectory)) {
    throw new EmbeddedPostgresError(
      `The password file ${path} is missing or empty, and the database in ${dataDirectory} was made with it. Put the ` +
        `file back from a backup, or, to begin with an empty database, move ${dataDirectory} away.`,
    );
  }
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  writeSync(file, `${randomBytes(24).toString('base64url')}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
  return readFileSync(path, 'utf8').trim();
}
