/**
 * The keys of an installation, checked against its database before anything is read or written: a wrong or lost key file would otherwise land
 * every record anew under another pseudonym.
 */
import type { Database } from '../warehouse/connect.ts';
import { bindKey, opensCheck, readKeyCheck } from '../warehouse/key-check.ts';
import { KeyFileError, makeKeyFile, readKeyFile } from '../warehouse/key-file.ts';
import type { InstallationKeyring } from '../warehouse/keyring.ts';

export interface KeyRequest {
  file: string;
  /** Mingce owns the database too: only then may it make the key, else a lost one would pass unnoticed. */
  embedded: boolean;
  /** The command may be the first to seal something. One that only reads makes no key. */
  firstUse: boolean;
}

const DO = 'Put the right file back from your copy, or let MINGCE_KEY_FILE name it. Nothing was read or written.';

const wrongKey = (file: string): KeyFileError =>
  new KeyFileError(
    `MINGCE_KEY_FILE: ${file} is not the key of this database, which was filled with another one; expected that one. ${DO} ` +
      'A new key needs a new, empty database (another MINGCE_HOME or DATABASE_URL)',
  );

/** @throws KeyFileError naming the file and what to do */
export async function openKeys(db: Database, { file, embedded, firstUse }: KeyRequest): Promise<InstallationKeyring> {
  const check = await readKeyCheck(db);
  let keyring = readKeyFile(file);
  if (keyring === null && check === null && embedded && firstUse) {
    makeKeyFile(file);
    keyring = readKeyFile(file);
  }
  if (keyring === null && check !== null) {
    throw new KeyFileError(
      `MINGCE_KEY_FILE: ${file} is not there, and this database was filled with a key: without it no identifier, raw file or snapshot can be opened. ${DO}`,
    );
  }
  if (keyring === null && !embedded) {
    throw new KeyFileError(
      `MINGCE_KEY_FILE: ${file} is not there; expected a file with base64 of 32 random bytes, e.g. from "openssl rand -base64 32"`,
    );
  }
  if (keyring !== null && check !== null && !opensCheck(keyring, check)) throw wrongKey(file);
  return keyring ?? noKeysYet(file);
}

/** Before anything is sealed. @throws KeyFileError where another process bound the database to another key meanwhile */
export async function bindKeys(db: Database, keyring: InstallationKeyring, file: string): Promise<void> {
  if (!(await bindKey(db, keyring))) throw wrongKey(file);
}

/** For commands that look at an embedded database that nothing was sealed in yet: there is nothing to open. */
function noKeysYet(file: string): InstallationKeyring {
  const refuse = (): never => {
    throw new KeyFileError(`MINGCE_KEY_FILE: there is no key ${file} yet; the first "mingce sync" makes it`);
  };
  return {
    get keys() {
      return refuse();
    },
    pseudonym: refuse,
    seal: refuse,
    open: refuse,
    signingKey: refuse,
  };
}
