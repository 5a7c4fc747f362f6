import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type JoinOrder, joinKeeper } from './join-keeper.ts';

export interface Membership {
  leave(): Promise<void>;
}

/** Waits before the next try when a keeper could not be started again; then we give up. */
const PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000];

/**
 * Stays a client: when the keeper dies (killed, or for want of memory) it is started again, so that a worker that runs
 * for weeks goes on without a person. The URL stays the same; pools connect again by themselves.
 */
export function stayJoined(first: Socket, join: JoinOrder): Membership {
  const leaving = new AbortController();
  let socket = first;
  const watch = async () => {
    for (;;) {
      // Being a client keeps nobody's process alive.
      socket.unref();
      await closed(socket);
      if (leaving.signal.aborted) return;
      join.log.warn('the keeper of the embedded PostgreSQL ended unexpectedly; starting it again');
      const next = await joinAgain(join, leaving.signal);
      if (next === undefined) return;
      socket = next;
    }
  };
  const watching = watch();
  return {
    async leave() {
      leaving.abort();
      socket.destroy();
      await watching;
    },
  };
}

async function joinAgain(join: JoinOrder, leaving: AbortSignal): Promise<Socket | undefined> {
  for (const pause of PAUSES_MS) {
    try {
      await delay(pause, undefined, { signal: leaving });
      const socket = await joinKeeper(join, leaving);
      join.log.info('the embedded PostgreSQL is back');
      return socket;
    } catch (error) {
      if (leaving.aborted) return undefined;
      // Not thrown: nobody awaits us, and queries fail loudly for as long as the server is away.
      join.log.warn(`the embedded PostgreSQL could not be started again: ${error}`);
    }
  }
  join.log.warn('the embedded PostgreSQL stays away: every query fails until Mingce is started again');
  return undefined;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}
