import { readFileSync } from 'node:fs';
import {
  clusterBase,
  homeLayout,
  keeperSocket,
  runDirectory,
  trustedUids,
} from '../../../warehouse/embedded/home-layout.ts';

/** How many clients a home's keeper has, as the kernel counts the accepted connections on its socket. */
export function keeperConnections(home: string): number {
  const layout = homeLayout(home);
  const run = runDirectory(clusterBase(layout), trustedUids(layout));
  if (run === undefined) return 0;
  const connected = '03';
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[7] === keeperSocket(run) && columns[5] === connected).length;
}
