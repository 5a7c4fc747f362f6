import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { readIfPresent, unlessAbsent } from './read-if-present.ts';
import type { UnixAccount } from './unix-account.ts';

/** The major version of the npm packages in server-binaries.ts. */
const MAJOR_VERSION = '18';

/** Answers whether a cluster is there; throws when what is there is not one that our server can start. */
export function clusterExists(data: string, account: UnixAccount): boolean {
  const stats = unlessAbsent(() => statSync(data));
  if (stats === undefined) return false;
  if (stats.uid !== account.uid) {
    throw new EmbeddedPostgresError(
      `The data directory ${data} belongs to user number ${stats.uid}, and PostgreSQL starts for its owner only; ` +
        `Mingce would run it as ${account.name} (${account.uid}). Run Mingce as that user, or set MINGCE_HOME to ` +
        'another folder.',
    );
  }
  const version = readIfPresent(join(data, 'PG_VERSION'))?.trim();
  if (version === undefined) {
    if (readdirSync(data).length === 0) return false;
    throw new EmbeddedPostgresError(
      `${data} is not a PostgreSQL data directory: it has no PG_VERSION file, and it is not empty. Move it away to ` +
        'begin with an empty database, or set MINGCE_HOME to another folder.',
    );
  }
  if (version === MAJOR_VERSION) return true;
  throw new EmbeddedPostgresError(
    `The data directory ${data} was made by PostgreSQL ${version}; the embedded server is ${MAJOR_VERSION} and cannot ` +
      `read it. Dump it with a PostgreSQL ${version} server and load it here (pg_dump, pg_restore), or set DATABASE_URL ` +
      'to a server of that version, or move the folder away to begin with an empty database.',
  );
}
