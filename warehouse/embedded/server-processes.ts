import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unlessAbsent } from './read-if-present.ts';

/**
 * The processes of PostgreSQL that work in a data directory, whoever started them: the server and, when it was killed,
 * those of its children that have not noticed yet.
 *
 * PostgreSQL works inside its data directory, so its working folder tells; one that is just starting is not there yet,
 * but was told the directory on its command line. A number in a pid file could belong to anybody by now.
 */
export function serverProcesses(data: string): number[] {
  const folder = unlessAbsent(() => realpathSync(data));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const process = join('/proc', pid);
      const program = basename(unlessGone(() => readlinkSync(join(process, 'exe'))) ?? '');
      if (program !== 'postgres' && program !== 'setpriv') return false;
      if (folder !== undefined && unlessGone(() => readlinkSync(join(process, 'cwd'))) === folder) return true;
      const words = unlessGone(() => readFileSync(join(process, 'cmdline'), 'utf8'))?.split('\0') ?? [];
      return words.some((word, at) => word === '-D' && words[at + 1] === data);
    })
    .map(Number);
}

/** Processes of other accounts, and those that end while we look, show nothing. */
function unlessGone<T>(look: () => T): T | undefined {
  return unlessAbsent(look, 'EACCES', 'EPERM', 'ESRCH');
}
