import { lstatSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { otherOwner, ownerFile } from './owner-mark.ts';
import { readLinkIfPresent, unlessAbsent } from './read-if-present.ts';

/**
 * What lies where, for one MINGCE_HOME:
 *
 *     <home>/postgres/keeper.lock, keeper.log, server.log, password
 *     <home>/postgres/elsewhere    a link to the base, when PostgreSQL's account cannot reach the home
 *     <base>/owner                 there, whose home it is: a copy of the home has the same link (owner-mark.ts)
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

/** The folder that holds the cluster. @throws EmbeddedPostgresError where it is that of another home */
export function clusterBase(layout: HomeLayout): string {
  const elsewhere = readLinkIfPresent(layout.elsewhere);
  if (elsewhere === undefined) return layout.root;
  const other = otherOwner(elsewhere, layout.root);
  if (other === undefined) return elsewhere;
  throw new EmbeddedPostgresError(
    `The database that ${layout.elsewhere} names, in ${elsewhere}, belongs to ${other}: this home is a copy of that one, and both would ` +
      `write into one database. To begin with an empty database here, remove ${layout.elsewhere}; to use a copy of that database, stop ` +
      `Mingce there, copy ${elsewhere} too and let the link name the copy, without its file "owner". If the home was moved, not copied, ` +
      `remove ${ownerFile(elsewhere)}.`,
  );
}

export function dataDirectory(base: string): string {
  return join(base, 'data');
}

/**
 * The folder with the sockets, or undefined when there is none to trust: a link may name a folder under /tmp that was
 * cleaned away and made again by a stranger, or that of the home that this one is a copy of.
 */
export function runDirectory(base: string, trustedUids: readonly number[]): string | undefined {
  const path = join(base, 'run');
  const folder = readLinkIfPresent(path) ?? path;
  if (folder !== path && otherOwner(folder, base) !== undefined) return undefined;
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
