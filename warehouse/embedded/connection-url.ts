import { SERVER_PORT, serverSocketDirectory } from './home-layout.ts';

/** The superuser of the cluster and the one database Mingce uses. */
export const ROLE = 'mingce';
export const DATABASE = 'mingce';

/**
 * A URL over the Unix socket. The folder as an escaped host is the one form that pg, knex (whose parser takes a URL
 * without host for an SQLite file) and BullMQ all accept.
 */
export function connectionUrl(run: string, password: string, database: string = DATABASE): string {
  const host = encodeURIComponent(serverSocketDirectory(run));
  return `postgres://${ROLE}:${encodeURIComponent(password)}@${host}:${SERVER_PORT}/${database}`;
}
