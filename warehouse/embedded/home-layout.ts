import { lstatSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readLinkIfPresent, unlessAbsent } from './read-if-present.ts';

/**
 * What lies where, for one MINGCE_HOME:
 *
 *     <home>/postgres/keeper.lock, keeper.log, server.log, password
 *     <home>/postgres/elsewhere    a link to the base, when PostgreSQL's account cannot reach the home
 *     <base>/data                  the cluster; the base is <home>/postgres, or what `elsewhere` names
 *     <base>/run                   a folder, or a link to one where a socket's path would be too long
 *     <run>/keeper.sock            who is connected here is a client
 *     <run>/server/                PostgreSQL's own socket
 */
export interface HomeLayout {
  home: string;
  root: string;
  lock: string;
  keeperLog: string;
  serverLog: string;
  password: string;
  elsewhere: string;
}

export function homeLayout(home: string): HomeLayout {
  const root = join(resolve(home), 'postgres');
  return {
    home: resolve(home),
    root,
    lock: join(root, 'keeper.lock'),
    keeperLog: join(root, 'keeper.log'),
    serverLog: join(root, 'server.log'),
    password: join(root, 'password'),
    elsewhere: join(root, 'elsewhere'),
  };
}

/** The folder that holds the cluster. */
export function clusterBase(layout: HomeLayout): string {
  return readLinkIfPresent(layout.elsewhere) ?? layout.root;
}

export function dataDirectory(base: string): string {
  return join(base, 'data');
}

/**
 * The folder with the sockets, or undefined when there is none to trust: a link may name a folder under /tmp that was
 * cleaned away and made again by a stranger.
 */
export function runDirectory(base: string, trustedUids: readonly number[]): string | undefined {
  const path = join(base, 'run');
  const folder = readLinkIfPresent(path) ?? path;
  const stats = unlessAbsent(() => lstatSync(folder));
  return stats?.isDirectory() && trustedUids.includes(stats.uid) ? folder : undefined;
}

/** Whose run folders to trust: our own, root's, and those of whoever owns the home. */
export function trustedUids(layout: HomeLayout): number[] {
  return [process.geteuid?.() ?? 0, 0, statSync(layout.home).uid];
}

export const SERVER_PORT = 5432;

/** Linux keeps 108 bytes for a socket's path, its closing NUL included. */
const LONGEST_SOCKET_PATH = 107;

export function serverSocketDirectory(run: string): string {
  return join(run, 'server');
}

export function keeperSocket(run: string): string {
  return join(run, 'keeper.sock');
}

export function socketsFit(run: string): boolean {
  const longest = join(serverSocketDirectory(run), `.s.PGSQL.${SERVER_PORT}`);
  return Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH;
}
