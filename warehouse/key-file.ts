/**
 * The key file: base64 of 32 random bytes, kept outside the database. It is made once, whole or not at all, and durable before anything is
 * sealed with it; a file that is there is never written over.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type InstallationKeyring, makeKeyring } from './keyring.ts';

const MASTER_BYTES = 32;

/** The key file is missing, broken, or not the one of this database. The message names its path and what to do. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

/** @returns null where there is no such file. @throws KeyFileError where it cannot be read or holds something else */
export function readKeyFile(file: string): InstallationKeyring | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new KeyFileError(
      `MINGCE_KEY_FILE: cannot read ${file} (${codeOf(error)}); expected a file that this user can read`,
      { cause: error },
    );
  }
  const master = Buffer.from(text.trim(), 'base64');
  if (master.length !== MASTER_BYTES) {
    throw new KeyFileError(
      `MINGCE_KEY_FILE: ${file} holds ${master.length} bytes after base64; expected base64 of ${MASTER_BYTES} random bytes, e.g. from "openssl rand -base64 32"`,
    );
  }
  return makeKeyring(master);
}

/**
 * Makes the key file, mode 0600, unless somebody else made it meanwhile: then theirs stands. Written beside, then linked into place, so that
 * another process never reads half a key. @throws KeyFileError
 */
export function makeKeyFile(file: string): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, `${randomBytes(MASTER_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
    linkSync(unfinished, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      throw new KeyFileError(`MINGCE_KEY_FILE: cannot write ${file} (${codeOf(error)})`, { cause: error });
    }
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** A name survives a loss of power once its folder is on the disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
