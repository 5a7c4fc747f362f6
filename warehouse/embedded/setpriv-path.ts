import { spawnSync } from 'node:child_process';

/** The setpriv of util-linux, or undefined; that of busybox cannot tie a process to its parent's death. */
export function setprivPath(): string | undefined {
  for (const path of ['/usr/bin/setpriv', '/bin/setpriv']) {
    const help = spawnSync(path, ['--help'], { encoding: 'utf8' });
    if (help.error === undefined && help.stdout.includes('--pdeathsig')) return path;
  }
  return undefined;
}
