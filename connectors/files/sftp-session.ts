/**
 * One SSH connection to a server of inboxes, opened when somebody asks and closed when nobody has for a while: a night settles hundreds of files one
 * by one. The server's key is pinned: another one is never spoken to. Every step has a deadline; no error holds a secret.
 */
import { createHash } from 'node:crypto';
import ssh2, { type ConnectConfig, type SFTPWrapper } from 'ssh2';
import type { SftpConfig } from '../../schemas/config.ts';
import { SourceError } from '../../schemas/source-error.ts';
import { readPrivateKey } from './private-key.ts';

const IDLE_MS = 1_000;

export interface SftpAccess extends SftpConfig {
  /** Path of the private key, resolved; or the password, already read from the environment. */
  keyPath: string | null;
  password: string | null;
}

export interface SftpSession {
  /** Does one thing within the deadline. @throws SourceError `sftp-…`; what `work` itself throws otherwise */
  use<T>(work: (sftp: SFTPWrapper) => Promise<T>): Promise<T>;
}

interface Connection {
  client: ssh2.Client;
  sftp: SFTPWrapper;
}

export function openSftpSession(access: SftpAccess): SftpSession {
  let connection: Promise<Connection> | null = null;
  let users = 0;
  let idle: NodeJS.Timeout | undefined;

  const forget = (): void => {
    connection = null;
  };
  const leave = (): void => {
    users -= 1;
    if (users > 0) return;
    idle = setTimeout(() => {
      const last = connection;
      forget();
      // A connection that failed has nothing to end.
      last?.then(
        ({ client }) => client.end(),
        () => undefined,
      );
    }, IDLE_MS).unref();
  };

  return {
    async use(work) {
      clearTimeout(idle);
      users += 1;
      try {
        connection ??= connect(access, forget);
        const { client, sftp } = await connection;
        const late = new SourceError(
          'sftp-timeout',
          { host: access.host, seconds: access.timeoutSeconds },
          { retryable: true },
        );
        return await within(work(sftp), access.timeoutSeconds, () => {
          forget();
          client.destroy(); // Nothing more is expected of it; the next asker gets a new one.
          return late;
        });
      } catch (error) {
        if (isLost(error)) {
          forget();
          throw unreachable(access, error);
        }
        throw error;
      } finally {
        leave();
      }
    },
  };
}

async function connect(access: SftpAccess, onEnd: () => void): Promise<Connection> {
  const { host, port, user, hostKey, timeoutSeconds } = access;
  const client = new ssh2.Client();
  let seen: string | null = null;
  const options: ConnectConfig = {
    host,
    port,
    username: user,
    readyTimeout: timeoutSeconds * 1000,
    hostVerifier: (key: Buffer) => {
      seen = fingerprint(key);
      return seen === hostKey;
    },
    ...(access.keyPath === null
      ? { password: access.password ?? '' }
      : { privateKey: await readPrivateKey(access.keyPath) }),
  };
  try {
    const sftp = await within(
      new Promise<SFTPWrapper>((resolve, reject) => {
        client.on('error', reject);
        client.on('close', () => {
          onEnd();
          reject(new Error('the connection was closed'));
        });
        client.on('ready', () => {
          client.setNoDelay(true); // Requests are small and each waits for its answer.
          client.sftp((error, opened) => (error ? reject(error) : resolve(opened)));
        });
        client.connect(options);
      }),
      timeoutSeconds * 2,
      () => new Error('no answer'),
    );
    return { client, sftp };
  } catch (error) {
    onEnd();
    client.destroy();
    if (seen !== null && seen !== hostKey)
      throw new SourceError('sftp-host-key', { host, found: seen, expected: hostKey }, { cause: error });
    if ((error as { level?: string }).level === 'client-authentication')
      throw new SourceError('sftp-credentials', { host, user }, { cause: error });
    throw unreachable(access, error);
  }
}

/** As `ssh-keygen -lf` prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

const unreachable = ({ host, port }: SftpAccess, cause: unknown): SourceError => {
  const { code, level, message } = cause as NodeJS.ErrnoException & { level?: string };
  const reason = typeof code === 'string' ? code : (level ?? message);
  return new SourceError('sftp-unreachable', { host, port, reason }, { cause, retryable: true });
};

/** What the files themselves explain: end of file, no such file, permission denied. */
const OF_FILES: ReadonlySet<unknown> = new Set([1, 2, 3]);

/** The server failed, or the connection broke under a request: SFTP's own status, or what ssh2 and the socket say. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof SourceError) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'number') return !OF_FILES.has(code);
  return /No response from server|Not connected|ECONNRESET|EPIPE/.test(`${error.message} ${code}`);
}

async function within<T>(work: Promise<T>, seconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // Told already, by the deadline.
  }
}
