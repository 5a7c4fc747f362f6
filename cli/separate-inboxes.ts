import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { SourceConfig } from '../schemas/config.ts';
import { UsageError } from './usage-error.ts';

interface Place {
  name: string;
  /** Of this machine, or a server with its user. */
  host: string;
  folder: string;
}

const real = (folder: string): string => (existsSync(folder) ? realpathSync(folder) : folder);

function placeOf(source: SourceConfig, home: string): Place[] {
  if (!('maxBytes' in source)) return [];
  const { name, inbox, sftp } = source;
  if (inbox !== undefined) return [{ name, host: '', folder: real(path.resolve(home, inbox)) }];
  if (sftp === undefined) return [];
  // A relative folder begins where the login does, which nobody here knows: it is compared with relative ones only.
  const from = path.posix.isAbsolute(sftp.folder) ? '' : '~';
  return [
    { name, host: `${sftp.user}@${sftp.host}:${sftp.port}${from}`, folder: path.posix.resolve('/', sftp.folder) },
  ];
}

const holds = (outer: string, inner: string): boolean =>
  inner === outer || inner.startsWith(path.join(outer, path.sep));

/**
 * Two sources that look into one folder, or into a folder of each other's, would each take and remove the other's files.
 * @param home folder that a relative inbox starts at
 * @throws UsageError that names both
 */
export function separateInboxes(sources: readonly SourceConfig[], home: string): void {
  const places = sources.flatMap((source) => placeOf(source, home));
  for (const [i, outer] of places.entries()) {
    for (const [j, inner] of places.entries()) {
      if (i === j || outer.host !== inner.host || !holds(outer.folder, inner.folder)) continue;
      const what = outer.folder === inner.folder ? 'have one inbox' : `look into one another's inbox`;
      throw new UsageError(
        `sources "${outer.name}" and "${inner.name}" ${what} (${inner.host}${inner.folder}): each would take the other's files; ` +
          'give each a folder of its own (sources[].inbox, sources[].sftp.folder)',
      );
    }
  }
}
