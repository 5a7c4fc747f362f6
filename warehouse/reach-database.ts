/** Whether a database answers, said for the person who set DATABASE_URL; and what a database that went away looks like from inside. */
import pg from 'pg';
import { ExpectedError } from '../schemas/expected-error.ts';

const TIMEOUT_MS = 10_000;

/** What the server or the network said, and what to do. Codes are SQLSTATEs and those of Node. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: start PostgreSQL, or correct host and port',
  ENOTFOUND: 'there is no such host: correct its name',
  EAI_AGAIN: 'the host name cannot be looked up now: check the name and the network',
  ETIMEDOUT: 'it does not answer: check host, port and firewall',
  EHOSTUNREACH: 'there is no way to that host: check the network',
  '28P01': 'it refused user or password: correct them',
  '28000': 'it refused the user: correct the name, or pg_hba.conf',
  '3D000': 'it has no such database: make it (createdb), or correct the name',
  '42501': 'the user may not do that: give it the rights on the database',
  '53300': 'it has no connection left: raise max_connections, or end other clients',
  '57P03': 'it is starting or stopping: try again soon',
};

/** Host, port, database and user of a URL: never its password. */
function shown(url: string): string {
  const { hostname, port, pathname, username, searchParams } = new URL(url);
  const host = hostname || searchParams.get('host') || 'localhost';
  return `${host}:${port || '5432'}, database "${decodeURIComponent(pathname.slice(1))}", user "${decodeURIComponent(username)}"`;
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error && /timeout expired/.test(error.message)) return 'ETIMEDOUT';
  return (error as { code?: string } | null)?.code;
}

/** @throws ExpectedError naming DATABASE_URL, what was tried and what to do */
export async function reachDatabase(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'mingce probe',
    connectionTimeoutMillis: TIMEOUT_MS,
  });
  // A connection that breaks while it is closed has been tried all the same.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (error) {
    const code = codeOf(error);
    const advice = ADVICE[code ?? ''] ?? 'check that it is a PostgreSQL that this machine may reach';
    throw new ExpectedError(
      `DATABASE_URL: cannot use the database at ${shown(url)} (${code ?? 'no answer'}): ${advice}. Nothing was changed`,
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

const GONE_CODES: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03']);
const GONE_WORDS =
  /Connection terminated|Client has encountered a connection error|server closed the connection|Unable to acquire a connection/;

/** The error came of a database that ended or became unreachable while a command was at work. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error) ?? '';
  return GONE_WORDS.test(error.message) || GONE_CODES.has(code) || /^08[0-9A-Z]{3}$/.test(code);
}
