import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedLog } from './embedded-options.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { quoteEnd } from './explain-failure.ts';
import type { HomeLayout } from './home-layout.ts';
import { connectToKeeper, firstMessage } from './keeper-connection.ts';
import { ANOTHER_KEEPER, type KeeperOrder, parseMessage } from './keeper-protocol.ts';
import { readTail } from './log-file.ts';
import { type StartedKeeper, startKeeper } from './start-keeper.ts';
import type { UnixAccount } from './unix-account.ts';

export interface JoinOrder {
  layout: HomeLayout;
  keeperAccount: UnixAccount;
  order: KeeperOrder;
  log: EmbeddedLog;
}

/** How long nobody may listen before we say so; a keeper listens some 100 ms after it was started. */
const SILENCE_MS = 30_000;
/** Chance kills one keeper; want of memory kills all. */
const MOST_KILLS = 5;
const LOOK_AGAIN_MS = 20;
const TELL_EVERY_MS = 5_000;

/**
 * Becomes a client of the home's keeper, starting one when there is none, and resolves with the connection when the
 * server is ready. Several may do this at once: keepers but one find the lock taken and end, and their starters
 * connect to that one.
 */
export async function joinKeeper(join: JoinOrder, signal: AbortSignal): Promise<Socket> {
  let started: StartedKeeper | undefined;
  let kills = 0;
  let silentSince = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const socket = await connectToKeeper(join.layout);
    if (socket !== undefined) {
      const message = await untilMessage(socket, join.log, signal);
      if (message?.state === 'ready') return socket;
      if (message?.state === 'failed') {
        socket.destroy();
        throw new EmbeddedPostgresError(message.reason);
      }
      // The keeper went away: killed, or the very moment it ended.
      silentSince = performance.now();
    }
    const end = started?.end();
    if (started === undefined) {
      started = startKeeper(join.order, join.layout, join.keeperAccount);
    } else if (end !== undefined) {
      if (end === 'killed') kills += 1;
      else refuseFailure(join.layout, started, end.status);
      refuseKills(kills);
      started = undefined;
    }
    refuseSilence(join.layout, silentSince);
    await delay(LOOK_AGAIN_MS, undefined, { signal });
  }
}

async function untilMessage(socket: Socket, log: EmbeddedLog, signal: AbortSignal) {
  const since = performance.now();
  const telling = setInterval(() => {
    const seconds = Math.round((performance.now() - since) / 1000);
    log.info(`waiting for the embedded PostgreSQL to start: ${seconds} s (recovering after a crash takes longer)`);
  }, TELL_EVERY_MS);
  try {
    return await firstMessage(socket, signal);
  } finally {
    clearInterval(telling);
  }
}

function refuseFailure(layout: HomeLayout, { logStart }: StartedKeeper, status: number): void {
  if (status === 0 || status === ANOTHER_KEEPER) return;
  const output = readTail(layout.keeperLog, logStart);
  // A keeper that fails before it listens, or whose failure nobody heard, leaves its last message in its log.
  const last = output.split('\n').findLast((line) => line.startsWith('{"state":"failed"'));
  const message = last === undefined ? undefined : parseMessage(last);
  if (message?.state === 'failed') throw new EmbeddedPostgresError(message.reason);
  throw new EmbeddedPostgresError(
    `The keeper of the embedded PostgreSQL ended with status ${status}; its log is ${layout.keeperLog}. ` +
      `Set DATABASE_URL to use another server. ${quoteEnd(output)}`,
  );
}

function refuseKills(kills: number): void {
  if (kills < MOST_KILLS) return;
  throw new EmbeddedPostgresError(
    `The keeper of the embedded PostgreSQL was killed ${kills} times before it could start its server. Memory that runs ` +
      'out is the usual reason: about 400 MB should be free. Give the machine or container more, or set DATABASE_URL.',
  );
}

function refuseSilence(layout: HomeLayout, silentSince: number): void {
  if (performance.now() - silentSince < SILENCE_MS) return;
  throw new EmbeddedPostgresError(
    `Another process holds the lock ${layout.lock}, but nothing has answered for ${SILENCE_MS / 1000} s: the keeper of ` +
      'the embedded PostgreSQL hangs, or the folder is shared with another machine or container, which is not possible. ' +
      `The processes that hold it: fuser ${layout.lock}`,
  );
}
