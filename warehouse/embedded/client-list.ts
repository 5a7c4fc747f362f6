import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { KeeperMessage } from './keeper-protocol.ts';

export interface ClientList {
  count(): number;
  /** Resolves when nobody has been connected for this long without a break. */
  untilDeserted(lingerMs: number, signal: AbortSignal): Promise<void>;
  /** Tells everybody here, and everybody who comes later, until the next call; undefined is silence. */
  announce(message: KeeperMessage | undefined): void;
  /** Resolves when at least one client is here, or the time is over. */
  untilVisited(patienceMs: number): Promise<void>;
  /** Takes nobody in any more, tells those here the last words, and lets them go. */
  close(lastWords?: KeeperMessage): Promise<void>;
}

/**
 * Listens on the keeper's socket. A client is a connection: the kernel closes it when its process dies, however it
 * dies, so nobody has to be asked whether he is still there.
 *
 * The lock of the home must be held: a socket file that is here already was left by a keeper that is dead.
 */
export async function listenForClients(path: string): Promise<ClientList> {
  const clients = new Set<Socket>();
  const changed = new EventTarget();
  let announcement: KeeperMessage | undefined;
  const tell = (client: Socket) => {
    if (announcement !== undefined) client.write(`${JSON.stringify(announcement)}\n`);
  };
  const server = createServer((client) => {
    clients.add(client);
    client.on('close', () => {
      clients.delete(client);
      changed.dispatchEvent(new Event('change'));
    });
    // A killed client resets its connection; `close` follows and is what counts.
    client.on('error', () => client.destroy());
    client.resume();
    tell(client);
    changed.dispatchEvent(new Event('change'));
  });
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });

  const until = (condition: () => boolean, lastsMs: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const finish = () => {
        clearTimeout(timer);
        changed.removeEventListener('change', look);
        resolve();
      };
      const look = () => {
        clearTimeout(timer);
        if (condition()) timer = setTimeout(finish, lastsMs);
      };
      changed.addEventListener('change', look);
      signal?.addEventListener('abort', finish, { once: true });
      if (signal?.aborted) finish();
      else look();
    });

  return {
    count: () => clients.size,
    untilDeserted: (lingerMs, signal) => until(() => clients.size === 0, lingerMs, signal),
    announce(message) {
      announcement = message;
      for (const client of clients) tell(client);
    },
    untilVisited: (patienceMs) => until(() => clients.size > 0, 0, AbortSignal.timeout(patienceMs)),
    close: (lastWords) =>
      new Promise((resolve) => {
        // First, so that who comes later to try again does not hear why the last try failed.
        server.close(() => resolve());
        announcement = lastWords;
        for (const client of clients) tell(client);
        // Not end(): a client that is too busy to answer would hold us, and with us the home's lock.
        for (const client of clients) client.destroySoon();
      }),
  };
}
