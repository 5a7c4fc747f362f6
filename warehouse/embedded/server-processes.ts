import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unlessAbsent } from './read-if-present.ts';

/**
 * The processes of PostgreSQL that work in a data directory, whoever started them: the server and, when it was killed,
 * those of its children that have not noticed yet. PostgreSQL works inside its data directory, so its working folder
 * tells; a number in a pid file could belong to anybody by now.
 */
export function serverProcesses(data: string): number[] {
  const folder = unlessAbsent(() => realpathSync(data));
  if (folder === undefined) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const processFolder = join('/proc', pid);
      return linkOf(processFolder, 'cwd') === folder && basename(linkOf(processFolder, 'exe') ?? '') === 'postgres';
    })
    .map(Number);
}

/** Processes of other accounts, and those that end while we look, show nothing. */
function linkOf(processFolder: string, name: string): string | undefined {
  return unlessAbsent(() => readlinkSync(join(processFolder, name)), 'EACCES', 'EPERM', 'ESRCH');
}
